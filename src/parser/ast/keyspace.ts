import type { Expression } from './expression.ts';
import type { Name, Node, QualifiedName } from './node.ts';
import type { Property } from './property.ts';
import type { Rename } from './table.ts';
import type { TypeNode } from './type.ts';

export type KeyspaceStatement =
  | UseStatement
  | CreateKeyspaceStatement
  | AlterKeyspaceStatement
  | DropKeyspaceStatement
  | CreateTypeStatement
  | AlterTypeStatement
  | DropTypeStatement
  | CreateFunctionStatement
  | DropFunctionStatement
  | CreateAggregateStatement
  | DropAggregateStatement;

export interface UseStatement extends Node<'use'> {
  readonly keyspace: Name;
}

export interface CreateKeyspaceStatement extends Node<'createKeyspace'> {
  readonly name: Name;
  readonly ifNotExists: boolean;
  readonly properties: readonly Property[];
}

export interface AlterKeyspaceStatement extends Node<'alterKeyspace'> {
  readonly name: Name;
  readonly ifExists: boolean;
  readonly properties: readonly Property[];
}

export interface DropKeyspaceStatement extends Node<'dropKeyspace'> {
  readonly name: Name;
  readonly ifExists: boolean;
}

export interface FieldDefinition {
  readonly name: Name;
  readonly type: TypeNode;
}

export interface CreateTypeStatement extends Node<'createType'> {
  readonly name: QualifiedName;
  readonly ifNotExists: boolean;
  readonly fields: readonly FieldDefinition[];
}

export interface AlterTypeStatement extends Node<'alterType'> {
  readonly name: QualifiedName;
  readonly ifExists: boolean;
  readonly action: AlterTypeAction;
}

export type AlterTypeAction = AlterFieldType | AddField | RenameFields;

/** `ALTER f TYPE t`: parsed, and refused by Cassandra */
export interface AlterFieldType extends Node<'alterFieldType'> {
  readonly field: Name;
  readonly type: TypeNode;
}

export interface AddField extends Node<'addField'> {
  readonly ifNotExists: boolean;
  readonly field: Name;
  readonly type: TypeNode;
}

export interface RenameFields extends Node<'renameFields'> {
  readonly ifExists: boolean;
  readonly renames: readonly Rename[];
}

export interface DropTypeStatement extends Node<'dropType'> {
  readonly name: QualifiedName;
  readonly ifExists: boolean;
}

export interface CreateFunctionStatement extends Node<'createFunction'> {
  readonly name: QualifiedName;
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  readonly arguments: readonly FieldDefinition[];
  /** CALLED ON NULL INPUT, else RETURNS NULL ON NULL INPUT. */
  readonly calledOnNullInput: boolean;
  readonly returns: TypeNode;
  /** In lower case, as Cassandra keeps it. */
  readonly language: string;
  readonly body: string;
}

export interface DropFunctionStatement extends Node<'dropFunction'> {
  readonly name: QualifiedName;
  readonly ifExists: boolean;
  /** Absent when no parentheses were written: then the name alone must tell which. */
  readonly argumentTypes: readonly TypeNode[] | undefined;
}

export interface CreateAggregateStatement extends Node<'createAggregate'> {
  readonly name: QualifiedName;
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  readonly argumentTypes: readonly TypeNode[];
  readonly stateFunction: Name;
  readonly stateType: TypeNode;
  readonly finalFunction: Name | undefined;
  readonly initialCondition: Expression | undefined;
}

export interface DropAggregateStatement extends Node<'dropAggregate'> {
  readonly name: QualifiedName;
  readonly ifExists: boolean;
  readonly argumentTypes: readonly TypeNode[] | undefined;
}
