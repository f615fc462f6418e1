/** AST nodes of tokens and of other nodes: what the rules' actions build. */
import type { IToken } from 'chevrotain';
import type { SourcePosition } from '../src/errors/index.ts';
import type * as ast from '../src/parser/ast/index.ts';
import type { NativeTypeName } from '../src/types/cql-type.ts';
import * as t from './tokens.ts';

export function positionOf(token: IToken): SourcePosition {
  return {
    offset: token.startOffset,
    line: token.startLine ?? 1,
    column: token.startColumn ?? 0,
    length: token.image.length,
  };
}

export function nameOf(token: IToken): ast.Name {
  const { image } = token;
  const quoted = image.charCodeAt(0) === 0x22;
  const text = quoted ? image.slice(1, -1).replaceAll('""', '"') : image.toLowerCase();
  return { kind: 'name', text, quoted, position: positionOf(token) };
}

export function qualified(first: IToken, second: IToken | undefined): ast.QualifiedName {
  const name = nameOf(first);
  if (second === undefined) return { kind: 'qualifiedName', keyspace: undefined, name, position: name.position };
  return { kind: 'qualifiedName', keyspace: name, name: nameOf(second), position: name.position };
}

/** The contents of `'…'` or `$$…$$`. */
export function stringValue(image: string): string {
  if (image.charCodeAt(0) === 0x24) return image.slice(2, -2);
  const inside = image.slice(1, -1);
  return inside.includes("'") ? inside.replaceAll("''", "'") : inside;
}

const LITERAL_TYPES: ReadonlyMap<unknown, ast.LiteralType> = new Map<unknown, ast.LiteralType>([
  [t.StringLiteral, 'string'],
  [t.Integer, 'integer'],
  [t.Float, 'float'],
  [t.BooleanLiteral, 'boolean'],
  [t.Duration, 'duration'],
  [t.Uuid, 'uuid'],
  [t.Hex, 'hex'],
  [t.SpecialFloat, 'special'],
]);

export function literalType(token: IToken): ast.LiteralType {
  return LITERAL_TYPES.get(token.tokenType) ?? 'null';
}

export function nativeTypeName(image: string): NativeTypeName {
  const name = image.toLowerCase();
  // The token types of category NativeType are exactly these names, and varchar.
  return (name === 'varchar' ? 'text' : name) as NativeTypeName;
}

export function cellAttributeName(image: string): ast.CellAttribute['attribute'] {
  // Its three keywords are spelt as its three values.
  return image.toLowerCase() as ast.CellAttribute['attribute'];
}

export function comparisonOperator(image: string): ast.ComparisonOperator {
  // The token types of category ComparisonOperator are exactly these spellings.
  return image as ast.ComparisonOperator;
}

export function arithmetic(
  operator: ast.ArithmeticOperator,
  left: ast.Expression,
  right: ast.Expression,
): ast.Expression {
  return { kind: 'arithmetic', operator, left, right, fromSign: false, position: left.position };
}

/** Adds an operand to a flat AND or OR, parenthesised ones of the same kind included. */
export function append(
  operands: ast.Expression[] | undefined,
  first: ast.Expression,
  next: ast.Expression,
  kind: 'and' | 'or',
): ast.Expression[] {
  const list = operands ?? (first.kind === kind ? [...first.operands] : [first]);
  if (next.kind === kind) list.push(...next.operands);
  else list.push(next);
  return list;
}

export function braced(
  elements: readonly ast.Expression[],
  entries: readonly ast.MapEntry[],
  position: SourcePosition,
): ast.Expression {
  if (entries.length === 0) return { kind: 'set', elements, position };
  const fields: ast.UdtField[] = [];
  for (const { key, value } of entries) {
    if (key.kind !== 'column') return { kind: 'map', entries, position };
    fields.push({ name: key.name, value });
  }
  return { kind: 'udt', fields, position };
}
