import type { Name, Node, QualifiedName } from './node.ts';

/** DESCRIBE, which the server runs since 4.0. */
export interface DescribeStatement extends Node<'describe'> {
  readonly target: DescribeTarget;
  readonly withInternals: boolean;
}

export type DescribeTarget = DescribeList | DescribeSchema | DescribeKeyspace | DescribeElement | DescribeAny;

/** `DESCRIBE TABLES` and its like */
export interface DescribeList extends Node<'describeList'> {
  readonly of: 'cluster' | 'keyspaces' | 'tables' | 'types' | 'functions' | 'aggregates';
}

/** `DESCRIBE [FULL] SCHEMA` */
export interface DescribeSchema extends Node<'describeSchema'> {
  readonly full: boolean;
}

/** `DESCRIBE [ONLY] KEYSPACE [name]`: without a name the keyspace in use */
export interface DescribeKeyspace extends Node<'describeKeyspace'> {
  readonly only: boolean;
  readonly keyspace: Name | undefined;
}

export interface DescribeElement extends Node<'describeElement'> {
  readonly of: 'table' | 'index' | 'view' | 'type' | 'function' | 'aggregate';
  readonly name: QualifiedName;
}

/** `DESCRIBE name`: a keyspace, table, index or view of this name, sought in this order */
export interface DescribeAny extends Node<'describeAny'> {
  readonly name: QualifiedName;
}
