/** Where a schema comes from when there is no parser at hand; CQL text is in `cql-source.ts`, which has one. */
export { inferTable, mergeHeaders, type SSTableHeader } from '../model/index.ts';
export { schemaFromJson, schemaSourceHash, schemaToJson } from './schema-json.ts';
export { type SchemaFromRows, type SystemRowSource, schemaFromSystemTables } from './system-schema-source.ts';
