import { unreachable } from '../../errors/index.ts';
import type { Arithmetic, Expression, InPredicate, Literal, MapLiteral } from '../ast/index.ts';
import { printName, printQualified, quoteString } from './name.ts';
import { printType } from './type.ts';

/**
 * How tightly the grammar binds each kind: an operand that binds looser than its place stands in parentheses. Those of a
 * condition leave no node behind; those of a value are a tuple of one, which the AST then has already.
 */
const Binding = { or: 0, and: 1, not: 2, predicate: 3, sum: 4, product: 5, unary: 6, postfix: 7, primary: 8 } as const;

export function printExpression(node: Expression): string {
  return print(node, Binding.or);
}

/** An operand where the grammar takes values only. */
export function printValue(node: Expression): string {
  return print(node, Binding.sum);
}

export function printLiteral({ type, text }: Literal): string {
  return type === 'string' ? quoteString(text) : text;
}

export function printMap({ entries }: MapLiteral): string {
  return `{${entries.map(({ key, value }) => `${printValue(key)}: ${printValue(value)}`).join(', ')}}`;
}

function print(node: Expression, loosest: number): string {
  const text = printBare(node);
  return bindingOf(node) < loosest ? `(${text})` : text;
}

function printList(nodes: readonly Expression[]): string {
  return nodes.map(printValue).join(', ');
}

function bindingOf(node: Expression): number {
  switch (node.kind) {
    case 'or':
      return Binding.or;
    case 'and':
      return Binding.and;
    case 'not':
      return Binding.not;
    case 'comparison':
    case 'in':
    case 'contains':
    case 'like':
    case 'isNull':
    case 'between':
      return Binding.predicate;
    case 'arithmetic':
      return node.operator === '+' || node.operator === '-' ? Binding.sum : Binding.product;
    case 'negation':
      return Binding.unary;
    case 'field':
    case 'element':
    case 'slice':
      return Binding.postfix;
    default:
      return Binding.primary;
  }
}

function printBare(node: Expression): string {
  switch (node.kind) {
    case 'literal':
      return printLiteral(node);
    case 'bindMarker':
      return node.name === undefined ? '?' : `:${printName(node.name)}`;
    case 'column':
      return printName(node.name);
    case 'list':
      return `[${printList(node.elements)}]`;
    case 'set':
      return `{${printList(node.elements)}}`;
    case 'map':
      return printMap(node);
    case 'udt':
      return `{${node.fields.map(({ name, value }) => `${printName(name)}: ${printValue(value)}`).join(', ')}}`;
    case 'tuple':
      return `(${node.elements.map(printExpression).join(', ')})`;
    case 'field':
      return `${print(node.operand, Binding.postfix)}${endsInNumber(node.operand) ? ' ' : ''}.${printName(node.field)}`;
    case 'element':
      return `${print(node.operand, Binding.postfix)}[${printValue(node.key)}]`;
    case 'slice':
      return `${print(node.operand, Binding.postfix)}[${printEnd(node.from)} .. ${printEnd(node.to)}]`;
    case 'call':
      return `${printQualified(node.name)}(${node.distinct ? 'DISTINCT ' : ''}${printArguments(node.arguments)})`;
    case 'countRows':
      return 'count(*)';
    case 'cellAttribute':
      return `${node.attribute}(${print(node.operand, Binding.postfix)})`;
    case 'token':
      return `token(${printArguments(node.arguments)})`;
    case 'cast':
      return `CAST(${printExpression(node.operand)} AS ${printType(node.type)})`;
    case 'typeHint':
      return `(${printType(node.type)}) ${print(node.operand, Binding.primary)}`;
    case 'arithmetic':
      return printArithmetic(node);
    case 'negation':
      return `- ${print(node.operand, Binding.unary)}`;
    case 'comparison':
      return `${printValue(node.left)} ${node.operator} ${printValue(node.right)}`;
    case 'in':
      return `${printValue(node.left)} ${not(node.negated)}IN ${printInValues(node.values)}`;
    case 'contains':
      return `${printValue(node.left)} ${not(node.negated)}CONTAINS ${node.key ? 'KEY ' : ''}${printValue(node.right)}`;
    case 'like':
      return `${printValue(node.left)} ${not(node.negated)}LIKE ${printValue(node.right)}`;
    case 'isNull':
      return `${printValue(node.operand)} IS ${not(node.negated)}NULL`;
    case 'between':
      return `${printValue(node.operand)} ${not(node.negated)}BETWEEN ${printValue(node.low)} AND ${printValue(node.high)}`;
    case 'indexExpression':
      return `expr(${printName(node.index)}, ${printValue(node.value)})`;
    case 'and':
      return node.operands.map((operand) => print(operand, Binding.not)).join(' AND ');
    case 'or':
      return node.operands.map((operand) => print(operand, Binding.and)).join(' OR ');
    case 'not':
      return `NOT ${print(node.operand, Binding.not)}`;
    default:
      return unreachable(node);
  }
}

/** Whether a dot right after it would be read as its decimal point. */
function endsInNumber(node: Expression): boolean {
  if (node.kind === 'typeHint') return endsInNumber(node.operand);
  return node.kind === 'literal' && (node.type === 'integer' || node.type === 'float');
}

function not(negated: boolean): string {
  return negated ? 'NOT ' : '';
}

function printEnd(end: Expression | undefined): string {
  return end === undefined ? '' : printValue(end);
}

function printArguments(nodes: readonly Expression[]): string {
  return nodes.map(printExpression).join(', ');
}

function printInValues(values: InPredicate['values']): string {
  return 'kind' in values ? printBare(values) : `(${printList(values)})`;
}

function printArithmetic({ operator, left, right, fromSign }: Arithmetic): string {
  const binding = operator === '+' || operator === '-' ? Binding.sum : Binding.product;
  const sign = fromSign ? ' ' : ` ${operator} `;
  return print(left, binding) + sign + print(right, binding + 1);
}
