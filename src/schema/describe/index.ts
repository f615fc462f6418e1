/** The schema as CQL text, byte for byte as Cassandra's DESCRIBE prints it. Needs no parser. */
export { describeAggregate, describeFunction, signature, signatureType } from './describe-function.ts';
export { describeIndex } from './describe-index.ts';
export { describeKeyspace } from './describe-keyspace.ts';
export { describeRoles } from './describe-roles.ts';
export { describeSchema, durableSchemaText } from './describe-schema.ts';
export { type DescribeContext, type DescribeResult, describeStatement } from './describe-statement.ts';
export { describeTable, describeView, maskText } from './describe-table.ts';
export { describeType } from './describe-type.ts';
export { keyspaceElements, type SchemaElement, tableElements } from './elements.ts';
export type { DescribeOptions } from './options.ts';
