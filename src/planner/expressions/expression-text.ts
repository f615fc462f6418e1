import type { Expression, Literal, Predicate, TypeNode, UdtLiteral } from '../../parser/ast/index.ts';
import { hashMapOrder, identifierHash } from '../../schema/java-order.ts';
import { type CqlType, cqlTypeName, quoteIdentifier } from '../../types/index.ts';
import { operatorFunction } from '../functions/operators.ts';

/** Cassandra keeps the fields of a literal in a HashMap, and prints them in its order. */
function fieldsInMapOrder({ fields }: UdtLiteral): UdtLiteral['fields'] {
  const byName = new Map(fields.map((field) => [field.name.text, field]));
  return hashMapOrder(byName.keys(), identifierHash).flatMap((name) => byName.get(name) ?? []);
}

/** How messages and result columns name an expression (`Term.Raw.getText`, `Selectable.toString`; 5.0.8). */
export function expressionText(
  expression: Expression,
  nameOfCall: CallNames = termCallName,
  special: SpecialText = () => null,
): string {
  const own = special(expression);
  if (own !== null) return own;
  const text = (part: Expression): string => expressionText(part, nameOfCall, special);
  const list = (parts: readonly Expression[]): string => parts.map(text).join(', ');
  switch (expression.kind) {
    case 'literal':
      return literalText(expression);
    case 'bindMarker':
      return expression.name === undefined ? '?' : `:${expression.name.text}`;
    case 'column':
      return expression.name.text;
    case 'list':
      return `[${list(expression.elements)}]`;
    case 'set':
      return `{${list(expression.elements)}}`;
    case 'map':
      return `{${expression.entries.map(({ key, value }) => `${text(key)}: ${text(value)}`).join(', ')}}`;
    case 'udt':
      return `{${(nameOfCall === termCallName ? fieldsInMapOrder(expression) : expression.fields)
        .map(({ name, value }) => `${name.text}: ${text(value)}`)
        .join(', ')}}`;
    case 'tuple':
      return `(${list(expression.elements)})`;
    case 'field':
      return `${text(expression.operand)}.${expression.field.text}`;
    case 'element':
      return `${text(expression.operand)}[${expressionText(expression.key)}]`;
    case 'slice': {
      const from = expression.from === undefined ? '' : expressionText(expression.from);
      const to = expression.to === undefined ? '' : expressionText(expression.to);
      return `${text(expression.operand)}[${from}..${to}]`;
    }
    case 'call': {
      const written = expression.name.keyspace === undefined ? '' : `${expression.name.keyspace.text}.`;
      return nameOfCall(`${written}${expression.name.name.text}`, expression.arguments.map(text));
    }
    case 'countRows':
      return 'count';
    case 'cellAttribute':
      return `${expression.attribute}(${text(expression.operand)})`;
    case 'token':
      return nameOfCall('token', expression.arguments.map(text));
    case 'cast':
      return `cast(${text(expression.operand)} as ${typeNodeText(expression.type).toLowerCase()})`;
    case 'typeHint':
      return `(${typeNodeText(expression.type)})${text(expression.operand)}`;
    case 'arithmetic':
      return nameOfCall(operatorFunction(expression.operator), [text(expression.left), text(expression.right)]);
    case 'negation':
      return nameOfCall('_negate', [text(expression.operand)]);
    default:
      return predicateText(expression);
  }
}

/** A replacement for the usual text of an expression; null to keep the usual one. */
export type SpecialText = (expression: Expression) => string | null;

/** Makes the text of a call from its name and its arguments' texts. */
export type CallNames = (name: string, args: readonly string[]) => string;

/** In a WHERE clause a call stands as it was written; operators are the functions behind them. */
export const termCallName: CallNames = (name, args) => {
  const shown = /^_/.test(name) ? `system.${quoteIdentifier(name)}` : name;
  return `${shown}(${args.join(', ')})`;
};

function literalText({ type, text }: Literal): string {
  if (type === 'string') return `'${text}'`;
  return type === 'null' ? 'NULL' : text;
}

/** `Relation.toCQLString`, 5.0.8. */
export function predicateText(predicate: Predicate): string {
  const left = (part: Expression): string =>
    part.kind === 'column' ? quoteIdentifier(part.name.text) : leftText(part);
  switch (predicate.kind) {
    case 'comparison':
      return `${left(predicate.left)} ${predicate.operator} ${expressionText(predicate.right)}`;
    case 'in': {
      const values =
        'kind' in predicate.values
          ? expressionText(predicate.values)
          : `(${predicate.values.map((value) => expressionText(value)).join(', ')})`;
      return `${left(predicate.left)} ${predicate.negated ? 'NOT ' : ''}IN ${values}`;
    }
    case 'contains': {
      const operator = `${predicate.negated ? 'NOT ' : ''}CONTAINS${predicate.key ? ' KEY' : ''}`;
      return `${left(predicate.left)} ${operator} ${expressionText(predicate.right)}`;
    }
    case 'like':
      return `${left(predicate.left)} ${predicate.negated ? 'NOT ' : ''}LIKE ${expressionText(predicate.right)}`;
    case 'isNull':
      return `${left(predicate.operand)} IS ${predicate.negated ? 'NOT ' : ''}NULL`;
    case 'between': {
      const operator = `${predicate.negated ? 'NOT ' : ''}BETWEEN`;
      return `${left(predicate.operand)} ${operator} ${expressionText(predicate.low)} AND ${expressionText(predicate.high)}`;
    }
    case 'indexExpression':
      return `expr(${predicate.index.text}, ${expressionText(predicate.value)})`;
    case 'and':
      return predicate.operands.map((operand) => expressionText(operand)).join(' AND ');
    case 'or':
      return `(${predicate.operands.map((operand) => expressionText(operand)).join(' OR ')})`;
    case 'not':
      return `NOT ${expressionText(predicate.operand)}`;
  }
}

function leftText(expression: Expression): string {
  if (expression.kind === 'tuple') {
    return `(${expression.elements.map((part) => (part.kind === 'column' ? quoteIdentifier(part.name.text) : expressionText(part))).join(', ')})`;
  }
  if (expression.kind === 'element' && expression.operand.kind === 'column') {
    return `${quoteIdentifier(expression.operand.name.text)}[${expressionText(expression.key)}]`;
  }
  return expressionText(expression);
}

/** A type as it was written. */
/** `keyspace`: where user types are that were written without one. */
export function typeNodeText(node: TypeNode, keyspace?: string): string {
  const text = (inner: TypeNode): string => typeNodeText(inner, keyspace);
  switch (node.kind) {
    case 'nativeType':
      return node.name;
    case 'listType':
    case 'setType':
      return `${node.kind === 'listType' ? 'list' : 'set'}<${text(node.element)}>`;
    case 'mapType':
      return `map<${text(node.key)}, ${text(node.value)}>`;
    case 'tupleType':
      return `tuple<${node.elements.map(text).join(', ')}>`;
    case 'vectorType':
      return `vector<${text(node.element)}, ${node.dimensions}>`;
    case 'frozenType':
      // Tuples and vectors are frozen anyhow, and print so.
      return /^(tuple|vector)Type$/.test(node.inner.kind) ? text(node.inner) : `frozen<${text(node.inner)}>`;
    case 'userType': {
      const written = node.name.keyspace?.text ?? keyspace;
      return written === undefined ? node.name.name.text : `${written}.${node.name.name.text}`;
    }
    case 'customType':
      return `'${node.className}'`;
  }
}

/** `int`, or `of type int` in messages: types as `asCQL3Type` prints them. */
export function typeText(type: CqlType): string {
  return cqlTypeName(type);
}
