import { unreachable } from '../../errors/index.ts';
import { quoteIdentifier } from '../../types/index.ts';
import type { PhysicalPlan, TableScan } from '../plan/physical-plan.ts';
import { inputOf } from '../plan/plan-select.ts';
import type { Grouping } from '../select/checked-select.ts';
import { accessWords, pushedWords } from './access-words.ts';
import { conditionWords, expressionWords, type SlotNames, scanSlotNames } from './expression-words.ts';

/** One operator of a plan in words, with its details. */
export interface ExplainedStep {
  readonly plan: PhysicalPlan;
  readonly depth: number;
  readonly title: string;
  readonly details: readonly string[];
}

/** The plan in words, the last operator first, each of its inputs one step deeper. */
export function explainPlan(plan: PhysicalPlan): ExplainedStep[] {
  const steps: ExplainedStep[] = [];
  let depth = 0;
  for (let at: PhysicalPlan | null = plan; at !== null; at = inputOf(at)) {
    steps.push({ plan: at, depth: depth++, title: titleOf(at), details: detailsOf(at) });
  }
  return steps;
}

/** A tree as text: a line an operator, its details under it. */
export function explainText(
  steps: readonly ExplainedStep[],
  annotate: (step: ExplainedStep) => string = () => '',
): string[] {
  return steps.flatMap((step) => {
    const indent = '  '.repeat(step.depth);
    const note = annotate(step);
    const title = `${indent}${step.depth === 0 ? '' : '└ '}${step.title}${note === '' ? '' : `  [${note}]`}`;
    return [title, ...step.details.map((detail) => `${indent}    ${detail}`)];
  });
}

function titleOf(plan: PhysicalPlan): string {
  switch (plan.kind) {
    case 'oneRow':
      return 'One row';
    case 'scan':
      return `Scan ${quoteIdentifier(plan.table.keyspace)}.${quoteIdentifier(plan.table.name)}`;
    case 'filter':
      return 'Filter';
    case 'countRows':
      return 'Count rows: as Statistics.db counts them where no row is deleted or expires, else without decoding them';
    case 'group':
      return groupTitle(plan.grouping);
    case 'having':
      return 'Filter groups';
    case 'project':
      return 'Select';
    case 'distinct':
      return 'Drop duplicate rows';
    case 'sort':
      return plan.top === null ? 'Sort' : 'Keep the first rows in order (top-k)';
    case 'nearest':
      return `Keep the nearest rows by ${plan.order.similarity} similarity, exactly`;
    case 'limit':
      return 'Limit';
    case 'json':
      return 'Rows as JSON';
    default:
      return unreachable(plan);
  }
}

function groupTitle(grouping: Grouping): string {
  switch (grouping.kind) {
    case 'all':
      return 'Aggregate all rows';
    case 'prefix':
      return grouping.clusteringCount === 0
        ? 'Aggregate each partition as it streams by'
        : 'Aggregate each run of rows with the same key as it streams by';
    case 'hash':
      return 'Aggregate into a hash table';
  }
}

function detailsOf(plan: PhysicalPlan): string[] {
  const slots = slotNames(plan);
  switch (plan.kind) {
    case 'scan':
      return scanDetails(plan);
    case 'filter': {
      const conditions = plan.conditions.map((condition) => conditionWords(condition, slots));
      if (plan.perPartitionLimit === null) return conditions;
      return [...conditions, `at most ${expressionWords(plan.perPartitionLimit, slots)} rows of each partition`];
    }
    case 'group': {
      const keys = plan.grouping.kind === 'hash' ? plan.grouping.keys.map((key) => expressionWords(key, slots)) : [];
      const aggregates = plan.aggregates.map((aggregate) => expressionWords(aggregate, slots));
      return [
        ...(keys.length > 0 ? [`by ${keys.join(', ')}`] : []),
        ...(aggregates.length > 0 ? [aggregates.join(', ')] : []),
      ];
    }
    case 'having':
      return [conditionWords(plan.condition, slots)];
    case 'project':
      return [plan.selectors.map(({ name }) => name).join(', ')];
    case 'sort':
      return [
        `by ${plan.keys.map(({ expression, descending }) => `${expressionWords(expression, slots)}${descending ? ' descending' : ''}`).join(', ')}`,
      ];
    case 'limit': {
      const limit = plan.limit === null ? [] : [`${expressionWords(plan.limit, slots)} rows`];
      return plan.offset === null ? limit : [...limit, `after skipping ${expressionWords(plan.offset, slots)}`];
    }
    case 'oneRow':
    case 'countRows':
    case 'distinct':
    case 'nearest':
    case 'json':
      return [];
    default:
      return unreachable(plan);
  }
}

function scanDetails(scan: TableScan): string[] {
  const slots = scanSlotNames(scan.columns);
  const details = accessWords(scan);
  if (scan.pushed.length > 0) details.push(`filter on encoded bytes: ${pushedWords(scan.pushed, scan)}`);
  const decoded = scan.columns.map((_, slot) => slots(slot));
  details.push(decoded.length === 0 ? 'decodes no column' : `decodes ${decoded.join(', ')}`);
  if (scan.distinctPartitions) details.push('one row of each partition');
  if (scan.perPartitionLimit !== null) {
    details.push(`at most ${expressionWords(scan.perPartitionLimit, slots)} rows of each partition`);
  }
  if (scan.limit !== null) details.push(`stops after ${expressionWords(scan.limit, slots)} rows`);
  return details;
}

/** Names of what an operator's input delivers. */
function slotNames(plan: PhysicalPlan): SlotNames {
  let at: PhysicalPlan | null = plan;
  while (at !== null && at.kind !== 'scan' && at.kind !== 'group') at = inputOf(at);
  const input = plan.kind === 'group' ? plan.input : at;
  if (input === null) return (slot) => `#${slot}`;
  if (input.kind !== 'group') {
    let below: PhysicalPlan | null = input;
    while (below !== null && below.kind !== 'scan') below = inputOf(below);
    return below === null ? (slot) => `#${slot}` : scanSlotNames(below.columns);
  }
  const inner = slotNames(input);
  return (slot) => {
    if (slot < input.inputCount) return inner(slot);
    const aggregate = input.aggregates[slot - input.inputCount];
    if (aggregate !== undefined) return expressionWords(aggregate, inner);
    const keys = input.grouping.kind === 'hash' ? input.grouping.keys : [];
    const key = keys[slot - input.inputCount - input.aggregates.length];
    return key === undefined ? `#${slot}` : expressionWords(key, inner);
  };
}
