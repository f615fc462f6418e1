/** The schema as CQL text, byte for byte as Cassandra's DESCRIBE prints it. Needs no parser. */
export { signatureType } from './describe-function.ts';
export { describeSchema, durableSchemaText } from './describe-schema.ts';
export { type DescribeResult, describeStatement } from './describe-statement.ts';
export { keyspaceElements } from './elements.ts';
export type { DescribeOptions } from './options.ts';
