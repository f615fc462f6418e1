import type { Literal, MapLiteral } from './expression.ts';
import type { Name, Node } from './node.ts';

/** `name = value` in a WITH clause */
export interface Property extends Node<'property'> {
  readonly name: Name;
  readonly value: Literal | KeywordValue | MapLiteral;
}

/** An unreserved keyword as a property's value, in lower case. */
export interface KeywordValue extends Node<'keyword'> {
  readonly text: string;
}
