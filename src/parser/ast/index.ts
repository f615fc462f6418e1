/**
 * The abstract syntax tree of CQL: plain readonly objects, told apart by a literal `kind`, one file a family of
 * statements. Nothing here is checked against a schema.
 */
export type * from './describe.ts';
export * from './expression.ts';
export type * from './keyspace.ts';
export type * from './modification.ts';
export type * from './node.ts';
export type * from './property.ts';
export type * from './role.ts';
export type * from './select.ts';
export type * from './statement.ts';
export type * from './table.ts';
export type * from './type.ts';
