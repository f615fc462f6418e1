import type { ScanColumn } from '../../storage/scan/index.ts';
import { codecOf, cqlTypeName, quoteIdentifier } from '../../types/index.ts';
import type { Condition, TypedExpression } from '../expressions/typed-expression.ts';

/** Names the values that an operator's input has, by slot. */
export type SlotNames = (slot: number) => string;

export function scanSlotNames(columns: readonly ScanColumn[]): SlotNames {
  return (slot) => {
    const column = columns[slot];
    if (column === undefined) return `#${slot}`;
    const name = quoteIdentifier(column.column.name);
    return column.wanted === 'value' ? name : `${column.wanted}(${name})`;
  };
}

/** An expression as a reader of EXPLAIN understands it. */
export function expressionWords(expression: TypedExpression, slots: SlotNames): string {
  const words = (part: TypedExpression): string => expressionWords(part, slots);
  switch (expression.kind) {
    case 'constant': {
      const { bytes, type } = expression;
      return bytes === null ? 'null' : codecOf(type).toLiteral(bytes, 0, bytes.length);
    }
    case 'marker':
      return '?';
    case 'input':
      return slots(expression.slot);
    case 'call': {
      const args = expression.args.map(words);
      const { columnName, name } = expression.function;
      return columnName === undefined ? `${name}(${args.join(', ')})` : columnName(args);
    }
    case 'aggregate': {
      const { name, columnName } = expression.function;
      if (expression.args.length === 0) return columnName === undefined ? `${name}()` : 'count(*)';
      return `${name}(${expression.distinct ? 'distinct ' : ''}${expression.args.map(words).join(', ')})`;
    }
    case 'elements':
      return `${cqlTypeName(expression.type)} of (${expression.elements.map((part) => (part === null ? 'null' : words(part))).join(', ')})`;
    case 'entries':
      return `{${expression.entries.map(([key, value]) => `${words(key)}: ${words(value)}`).join(', ')}}`;
    case 'field': {
      const { type } = expression.operand;
      const field = type.kind === 'udt' ? type.fields[expression.index].name : `${expression.index}`;
      return `${words(expression.operand)}.${field}`;
    }
    case 'element':
      return `${words(expression.operand)}[${words(expression.key)}]`;
    case 'slice': {
      const from = expression.from === null ? '' : words(expression.from);
      return `${words(expression.operand)}[${from}..${expression.to === null ? '' : words(expression.to)}]`;
    }
    case 'partTimes':
      return `times of ${expression.part === null ? words(expression.times) : words(expression.part)}`;
    case 'test':
      return conditionWords(expression.condition, slots);
  }
}

export function conditionWords(condition: Condition, slots: SlotNames): string {
  const words = (part: TypedExpression): string => expressionWords(part, slots);
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const operands = condition.operands.map((operand) => conditionWords(operand, slots));
      return operands.length === 1 ? operands[0] : `(${operands.join(condition.kind === 'and' ? ' and ' : ' or ')})`;
    }
    case 'not':
      return condition.operand.kind === 'isNull'
        ? `${words(condition.operand.operand)} is not null`
        : `not ${conditionWords(condition.operand, slots)}`;
    case 'compare':
      return `${words(condition.left)} ${condition.operator} ${words(condition.right)}`;
    case 'in':
      return `${words(condition.left)} in (${condition.values.map(words).join(', ')})`;
    case 'inList':
      return `${words(condition.left)} in ${words(condition.list)}`;
    case 'contains':
      return `${words(condition.left)} contains ${condition.key ? 'key ' : ''}${words(condition.right)}`;
    case 'entry':
      return `${words(condition.map)}[${words(condition.key)}] = ${words(condition.value)}`;
    case 'like':
      return `${words(condition.left)} like ${words(condition.right)}`;
    case 'isNull':
      return `${words(condition.operand)} is null`;
    case 'truth':
      return words(condition.operand);
  }
}
