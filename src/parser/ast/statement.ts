import type { DescribeStatement } from './describe.ts';
import type { KeyspaceStatement } from './keyspace.ts';
import type { BatchStatement, ModificationStatement } from './modification.ts';
import type { Name, Node } from './node.ts';
import type { RoleStatement } from './role.ts';
import type { SelectStatement } from './select.ts';
import type { TableStatement } from './table.ts';

/** Every statement of CQL 3.4.7 and explore's EXPLAIN and SHOW TABLES. */
export type Statement =
  | SelectStatement
  | ModificationStatement
  | BatchStatement
  | KeyspaceStatement
  | TableStatement
  | RoleStatement
  | DescribeStatement
  | ExplainStatement
  | ShowTablesStatement;

/** explore: `EXPLAIN [ANALYZE] statement` */
export interface ExplainStatement extends Node<'explain'> {
  readonly analyze: boolean;
  readonly statement: SelectStatement | ModificationStatement | BatchStatement;
}

/** explore: `SHOW TABLES [FROM keyspace]` */
export interface ShowTablesStatement extends Node<'showTables'> {
  readonly keyspace: Name | undefined;
}
