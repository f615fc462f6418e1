/** Where a schema comes from when there is no parser at hand; CQL text is in `cql-source.ts`, which has one. */
export { inferTable, mergeHeaders } from '../model/index.ts';
export { schemaFromJson, schemaSourceHash, schemaToJson } from './schema-json.ts';
export { schemaFromSystemTables } from './system-schema-source.ts';
