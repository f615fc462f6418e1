import type { SourcePosition } from '../../errors/index.ts';

/** What every node carries: its kind, and where its first token stands in the statement's text. */
export interface Node<Kind extends string = string> {
  readonly kind: Kind;
  readonly position: SourcePosition;
}

/**
 * The name of a keyspace, table, column, type, function, role…: `text` is in lower case unless the name was quoted, so
 * that two names mean the same thing when their texts are equal.
 */
export interface Name extends Node<'name'> {
  readonly text: string;
  readonly quoted: boolean;
}

/** `name` or `keyspace.name`: of a table, view, index, user type or function. */
export interface QualifiedName extends Node<'qualifiedName'> {
  readonly keyspace: Name | undefined;
  readonly name: Name;
}
