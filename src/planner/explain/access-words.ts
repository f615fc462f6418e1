import { quoteIdentifier } from '../../types/index.ts';
import type { AccessPath, KeyComponent } from '../plan/access-path.ts';
import type { PushedCondition, TableScan } from '../plan/physical-plan.ts';
import type { Restriction, RestrictionBound, TokenRestriction } from '../restrictions/restriction.ts';
import { expressionWords, type SlotNames, scanSlotNames } from './expression-words.ts';

const NO_SLOTS: SlotNames = (slot) => `#${slot}`;

/** How a scan finds its rows, a line each thing. */
export function accessWords({ access, table }: TableScan): string[] {
  const lines = [partitionWords(access)];
  if (access.clustering.length > 0) {
    lines.push(`slice of each partition: ${access.clustering.map(restrictionWords).join(' and ')}`);
  }
  if (access.reversed) lines.push('rows of each partition last to first');
  if (table.view !== undefined) lines.push(`from the view's own SSTables (of ${table.view.baseTable})`);
  return lines;
}

function partitionWords({ partitions }: AccessPath): string {
  if (partitions.kind === 'range') {
    return partitions.token === null
      ? 'all partitions, in token order'
      : `partitions with ${tokenWords(partitions.token)}`;
  }
  const inside = partitions.token === null ? '' : `, of these those with ${tokenWords(partitions.token)}`;
  return `${keyWords(partitions.components)}${inside} (bloom filter, then partition index)`;
}

/** The partitions that a write goes to. */
export function partitionKeyWords({ partitions }: AccessPath): string {
  return partitions.kind === 'range' ? 'all partitions' : keyWords(partitions.components);
}

function keyWords(components: readonly KeyComponent[]): string {
  return `partitions by key: ${components.map(componentWords).join(' and ')}`;
}

function componentWords(component: KeyComponent): string {
  const name = quoteIdentifier(component.name);
  if (component.kind === 'list') return `${name} in ${expressionWords(component.list, NO_SLOTS)}`;
  const values = component.values.map((value) => expressionWords(value, NO_SLOTS));
  return values.length === 1 ? `${name} = ${values[0]}` : `${name} in (${values.join(', ')})`;
}

function tokenWords(token: TokenRestriction): string {
  if (token.kind === 'eq') return `token = ${expressionWords(token.value, NO_SLOTS)}`;
  const lower =
    token.start === null
      ? []
      : [`token ${token.start.inclusive ? '>=' : '>'} ${expressionWords(token.start.value, NO_SLOTS)}`];
  const upper =
    token.end === null
      ? []
      : [`token ${token.end.inclusive ? '<=' : '<'} ${expressionWords(token.end.value, NO_SLOTS)}`];
  return [...lower, ...upper].join(' and ');
}

export function restrictionWords(restriction: Restriction): string {
  const names = restriction.columns.map((column) => quoteIdentifier(column.name));
  const tuple = (parts: readonly string[]): string => (parts.length === 1 ? parts[0] : `(${parts.join(', ')})`);
  const left = tuple(names);
  switch (restriction.kind) {
    case 'eq':
      return `${left} = ${tuple(restriction.values.map((value) => expressionWords(value, NO_SLOTS)))}`;
    case 'in': {
      const { choices } = restriction;
      if ('kind' in choices) return `${left} in ${expressionWords(choices, NO_SLOTS)}`;
      const rows = choices.map((values) => tuple(values.map((value) => expressionWords(value, NO_SLOTS))));
      return `${left} in (${rows.join(', ')})`;
    }
    case 'slice': {
      const side = (bound: RestrictionBound | null, operator: string): string[] =>
        bound === null
          ? []
          : [
              `${tuple(names.slice(0, bound.values.length))} ${operator}${bound.inclusive ? '=' : ''} ${tuple(bound.values.map((value) => expressionWords(value, NO_SLOTS)))}`,
            ];
      return [...side(restriction.start, '>'), ...side(restriction.end, '<')].join(' and ');
    }
    default:
      return left;
  }
}

export function pushedWords(pushed: readonly PushedCondition[], scan: TableScan): string {
  const slots = scanSlotNames(scan.columns);
  return pushed
    .map(({ slot, operator, operands }) => {
      const values = operands.map((operand) => expressionWords(operand, slots));
      if (operator === 'IS_NULL') return `${slots(slot)} is null`;
      if (operator === 'IS_NOT_NULL') return `${slots(slot)} is not null`;
      return `${slots(slot)} ${operator === 'IN' ? `in (${values.join(', ')})` : `${operator} ${values[0]}`}`;
    })
    .join(' and ');
}
