import type { Expression } from './expression.ts';
import type { Name, Node, QualifiedName } from './node.ts';
import type { Property } from './property.ts';
import type { Direction, Selection } from './select.ts';
import type { TypeNode } from './type.ts';

export type TableStatement =
  | CreateTableStatement
  | AlterTableStatement
  | DropTableStatement
  | TruncateStatement
  | CreateViewStatement
  | AlterViewStatement
  | DropViewStatement
  | CreateIndexStatement
  | DropIndexStatement
  | CreateTriggerStatement
  | DropTriggerStatement;

export interface CreateTableStatement extends Node<'createTable'>, TableOptions {
  readonly name: QualifiedName;
  readonly ifNotExists: boolean;
  readonly columns: readonly ColumnDefinition[];
  /** The `PRIMARY KEY (…)` clauses; a valid statement has one, or one column that says PRIMARY KEY of itself. */
  readonly primaryKeys: readonly PrimaryKey[];
}

/** What WITH may say of a table or view. */
export interface TableOptions {
  readonly compactStorage: boolean;
  readonly clusteringOrder: readonly ClusteringOrder[];
  /** In the order written, `id` among them. */
  readonly properties: readonly Property[];
}

export interface ColumnDefinition extends Node<'columnDefinition'> {
  readonly name: Name;
  readonly type: TypeNode;
  readonly static: boolean;
  readonly primaryKey: boolean;
  readonly mask: ColumnMask | undefined;
}

/** `MASKED WITH f(args)`, or `MASKED WITH DEFAULT`, for which `function` is absent */
export interface ColumnMask extends Node<'mask'> {
  readonly function: QualifiedName | undefined;
  /** Further arguments after the column itself. */
  readonly arguments: readonly Expression[];
}

export interface PrimaryKey extends Node<'primaryKey'> {
  readonly partitionKey: readonly Name[];
  readonly clustering: readonly Name[];
}

export interface ClusteringOrder extends Node<'clusteringOrder'> {
  readonly column: Name;
  readonly direction: Direction;
}

export interface AlterTableStatement extends Node<'alterTable'> {
  readonly name: QualifiedName;
  readonly ifExists: boolean;
  readonly action: AlterTableAction;
}

export type AlterTableAction =
  | AlterColumnType
  | MaskColumn
  | AddColumns
  | DropColumns
  | RenameColumns
  | DropCompactStorage
  | AlterOptions;

/** `ALTER c TYPE t`: parsed, and refused by Cassandra */
export interface AlterColumnType extends Node<'alterColumnType'> {
  readonly column: Name;
  readonly type: TypeNode;
}

/** `ALTER [IF EXISTS] c MASKED WITH …`; `mask` is absent for `ALTER c DROP MASKED` */
export interface MaskColumn extends Node<'maskColumn'> {
  readonly ifExists: boolean;
  readonly column: Name;
  readonly mask: ColumnMask | undefined;
}

export interface AddColumns extends Node<'addColumns'> {
  readonly ifNotExists: boolean;
  readonly columns: readonly ColumnDefinition[];
}

export interface DropColumns extends Node<'dropColumns'> {
  readonly ifExists: boolean;
  readonly columns: readonly Name[];
  /** `USING TIMESTAMP`, in microseconds as written. */
  readonly timestamp: string | undefined;
}

export interface RenameColumns extends Node<'renameColumns'> {
  readonly ifExists: boolean;
  readonly renames: readonly Rename[];
}

export interface Rename {
  readonly from: Name;
  readonly to: Name;
}

export interface DropCompactStorage extends Node<'dropCompactStorage'> {}

export interface AlterOptions extends Node<'alterOptions'> {
  readonly properties: readonly Property[];
}

export interface DropTableStatement extends Node<'dropTable'> {
  readonly name: QualifiedName;
  readonly ifExists: boolean;
}

export interface TruncateStatement extends Node<'truncate'> {
  readonly name: QualifiedName;
}

export interface CreateViewStatement extends Node<'createView'>, TableOptions {
  readonly name: QualifiedName;
  readonly ifNotExists: boolean;
  readonly selection: Selection;
  readonly base: QualifiedName;
  readonly where: Expression | undefined;
  readonly primaryKey: PrimaryKey;
}

export interface AlterViewStatement extends Node<'alterView'> {
  readonly name: QualifiedName;
  readonly ifExists: boolean;
  readonly properties: readonly Property[];
}

export interface DropViewStatement extends Node<'dropView'> {
  readonly name: QualifiedName;
  readonly ifExists: boolean;
}

export interface CreateIndexStatement extends Node<'createIndex'> {
  readonly custom: boolean;
  readonly ifNotExists: boolean;
  readonly name: Name | undefined;
  readonly table: QualifiedName;
  readonly targets: readonly IndexTarget[];
  /** The implementation: `'sai'`, `'StorageAttachedIndex'`, a class. */
  readonly using: string | undefined;
  readonly properties: readonly Property[];
}

export interface IndexTarget extends Node<'indexTarget'> {
  readonly column: Name;
  /** What is indexed; `simple` is the bare column, which for a collection means its values. */
  readonly of: 'simple' | 'values' | 'keys' | 'entries' | 'full';
}

export interface DropIndexStatement extends Node<'dropIndex'> {
  readonly name: QualifiedName;
  readonly ifExists: boolean;
}

export interface CreateTriggerStatement extends Node<'createTrigger'> {
  readonly name: Name;
  readonly ifNotExists: boolean;
  readonly table: QualifiedName;
  readonly using: string;
}

export interface DropTriggerStatement extends Node<'dropTrigger'> {
  readonly name: Name;
  readonly ifExists: boolean;
  readonly table: QualifiedName;
}
