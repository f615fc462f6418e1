import { unreachable } from '../../errors/index.ts';
import { quoteIdentifier } from '../../types/index.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import {
  type CheckedBatch,
  type CheckedWrite,
  type ColumnCondition,
  type Operation,
  requiresRead,
} from '../write/checked-write.ts';
import { partitionKeyWords, restrictionWords } from './access-words.ts';
import { expressionWords } from './expression-words.ts';

/** A write in words: what it is, then where it goes and what it does there. */
interface ExplainedWrite {
  readonly title: string;
  readonly details: readonly string[];
}

/** A batch begins with a line of its own; its writes follow. */
export function explainWrite(write: CheckedWrite | CheckedBatch): [ExplainedWrite, ...ExplainedWrite[]] {
  if (write.kind !== 'batch') return [{ title: titleOf(write), details: detailsOf(write) }];
  const { type, writes, timestamp, hasConditions } = write;
  const details = [
    ...(hasConditions ? ['all of it is written if every condition holds, or nothing'] : []),
    ...(timestamp === null ? ['all with one timestamp'] : [`timestamp ${words(timestamp)}`]),
  ];
  return [
    { title: `Batch of ${writes.length}, ${type}`, details },
    ...writes.map((one) => ({ title: titleOf(one), details: detailsOf(one) })),
  ];
}

const VERBS = { insert: 'Insert into', update: 'Update', delete: 'Delete from' } as const;

function titleOf({ kind, table }: CheckedWrite): string {
  return `${VERBS[kind]} ${quoteIdentifier(table.keyspace)}.${quoteIdentifier(table.name)}`;
}

function detailsOf(write: CheckedWrite): string[] {
  const { access, json, operations, conditions, timestamp, ttl } = write;
  const details: string[] = [];
  if (json !== null) {
    details.push(
      `key and columns from JSON; columns it does not name ${json.otherwise === 'null' ? 'become null' : 'stay'}`,
    );
  }
  if (access !== null) {
    details.push(partitionKeyWords(access));
    if (access.clustering.length > 0) details.push(`rows: ${access.clustering.map(restrictionWords).join(' and ')}`);
  }
  if (write.kind === 'delete' && operations.length === 0) details.push(`writes ${tombstoneWords(write)}`);
  details.push(...operations.map(operationWords));
  if (timestamp !== null) details.push(`timestamp ${words(timestamp)}`);
  if (ttl !== null) details.push(`expires after ${words(ttl)} seconds`);
  const reason = readReason(write);
  details.push(reason === null ? 'blind: nothing is read' : reason);
  if (conditions.kind === 'columns') details.push(...conditions.conditions.map(conditionWords));
  return details;
}

function tombstoneWords({ access, table }: CheckedWrite): string {
  const clustering = access?.clustering ?? [];
  if (clustering.length === 0) return table.clustering.length === 0 ? 'a row tombstone' : 'a partition tombstone';
  const isRow =
    clustering.every(({ kind }) => kind !== 'slice') &&
    clustering.flatMap(({ columns }) => columns).length === table.clustering.length;
  return isRow ? 'a row tombstone' : 'a range tombstone';
}

/** Why a write reads first; null when it does not. */
function readReason({ conditions, operations, table }: CheckedWrite): string | null {
  switch (conditions.kind) {
    case 'exists':
      return 'reads the row first: written only if it exists';
    case 'notExists':
      return 'reads the row first: written only if it does not exist';
    case 'columns':
      return 'reads the row first: written only if';
    case 'none': {
      const isCounter = operations.some(
        ({ column }) => column.type.kind === 'native' && column.type.name === 'counter',
      );
      if (isCounter) return `reads its own shard of the counter in ${quoteIdentifier(table.name)} first`;
      const reading = operations.find(requiresRead);
      return reading === undefined
        ? null
        : `reads ${quoteIdentifier(reading.column.name)} first: its elements are found by place or value`;
    }
  }
}

function operationWords(operation: Operation): string {
  const name = quoteIdentifier(operation.column.name);
  switch (operation.kind) {
    case 'set':
      return `${name} = ${words(operation.value)}`;
    case 'setEntry':
      return `${name}[${words(operation.key)}] = ${words(operation.value)}`;
    case 'setIndex':
      return `${name}[${words(operation.index)}] = ${words(operation.value)}`;
    case 'setField':
      return `${name}.${fieldName(operation)} = ${words(operation.value)}`;
    case 'append':
      return `adds ${words(operation.value)} to ${name}`;
    case 'prepend':
      return `puts ${words(operation.value)} before ${name}`;
    case 'add':
      return operation.sign === 1
        ? `adds ${words(operation.value)} to ${name}`
        : `takes ${words(operation.value)} from ${name}`;
    case 'discardValues':
    case 'discardKeys':
      return `takes ${words(operation.value)} out of ${name}`;
    case 'deleteColumn':
      return `writes a tombstone for ${name}`;
    case 'deleteIndex':
      return `writes a tombstone for ${name}[${words(operation.index)}]`;
    case 'deleteKey':
      return `writes a tombstone for ${name}[${words(operation.key)}]`;
    case 'deleteField':
      return `writes a tombstone for ${name}.${fieldName(operation)}`;
    default:
      return unreachable(operation);
  }
}

function fieldName({ column, field }: { column: Operation['column']; field: number }): string {
  return column.type.kind === 'udt' ? quoteIdentifier(column.type.fields[field].name) : `${field}`;
}

function conditionWords({ column, part, operator, values }: ColumnCondition): string {
  const name = quoteIdentifier(column.name);
  const left =
    part.kind === 'whole'
      ? name
      : part.kind === 'element'
        ? `${name}[${words(part.key)}]`
        : `${name}.${fieldName({ column, field: part.field })}`;
  const right = 'list' in values ? words(values.list) : values.map(words).join(', ');
  return `  ${left} ${operator} ${operator === 'IN' ? `(${right})` : right}`;
}

function words(expression: TypedExpression): string {
  return expressionWords(expression, (slot) => `#${slot}`);
}
