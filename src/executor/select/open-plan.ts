import { InvariantError, invariant, unreachable } from '../../errors/index.ts';
import type { GroupRows, PhysicalPlan, Project, PushedCondition, Sort, TableScan } from '../../planner/index.ts';
import type { PushedFilter, ScanColumn, ScanStatistics, StorageReader } from '../../storage/scan/index.ts';
import { scanSegments } from '../access/scan-segments.ts';
import {
  allOf,
  type ConditionTest,
  choicesOf,
  compileCondition,
  compileExpression,
  evaluateConstant,
} from '../evaluate/index.ts';
import { ArrayRowSet, OnceRows } from '../operators/array-rows.ts';
import { DistinctRows } from '../operators/distinct-rows.ts';
import { FilterRows } from '../operators/filter-rows.ts';
import { AggregateRunner, type GroupSettings, groupAll, PrefixGroups } from '../operators/group-rows.ts';
import { HashGroups } from '../operators/hash-groups.ts';
import { JsonRows } from '../operators/json-rows.ts';
import { LimitRows } from '../operators/limit-rows.ts';
import { nearestRows } from '../operators/nearest-rows.ts';
import { type Projection, ProjectRows, type RowObserver } from '../operators/project-rows.ts';
import type { ChunkSource, RowSource } from '../operators/row-set.ts';
import { ScanRows } from '../operators/scan-rows.ts';
import { ChunkInput, ProjectedInput } from '../operators/sort-input.ts';
import { SortRows } from '../operators/sort-rows.ts';
import { MOST_TOP_ROWS, TopProjectedRows } from '../operators/top-rows.ts';
import type { PagingState } from '../paging/paging-state.ts';
import type { StatementContext } from '../statement-context.ts';
import { limitOf, offsetOf } from './limits.ts';
import type { PlanProfile } from './plan-profile.ts';

/** What operators need besides the plan. */
export interface OpenSettings {
  readonly storage: StorageReader;
  readonly context: StatementContext;
  /** Columns that the scan delivers beyond the plan's: the key, for paging. */
  readonly extraColumns: readonly ScanColumn[];
  readonly observer: RowObserver | null;
  readonly resume: Extract<PagingState, { kind: 'afterRow' }> | null;
  /** Called when a scan is opened, with what tells its statistics so far. */
  readonly onScan: (statistics: () => ScanStatistics) => void;
  /** Measures each operator, for EXPLAIN ANALYZE. */
  readonly profile: PlanProfile | null;
}

/** The operators of a plan, ready to be pulled. Nothing is read yet. */
export function openPlan(plan: PhysicalPlan, settings: OpenSettings): ChunkSource {
  const source = openChunks(plan, settings);
  return settings.profile === null ? source : settings.profile.chunks(plan, source);
}

function openChunks(plan: PhysicalPlan, settings: OpenSettings): ChunkSource {
  const { context } = settings;
  switch (plan.kind) {
    case 'project':
      return new ProjectRows(openRows(plan.input, settings), projections(plan, context), settings.observer);
    case 'distinct':
      return new DistinctRows(openPlan(plan.input, settings), plan.types, context);
    case 'sort':
      return openSort(plan, settings);
    case 'limit': {
      const limit = settings.resume?.remaining ?? limitOf(plan.limit, context);
      return new LimitRows(openPlan(plan.input, settings), limit, offsetOf(plan.offset, context) ?? 0);
    }
    case 'json':
      return new JsonRows(openPlan(plan.input, settings), plan.selectors);
    default:
      invariant(false, `a plan ends in rows of an answer, not in ${plan.kind}`);
  }
}

function openRows(plan: PhysicalPlan, settings: OpenSettings): RowSource {
  const source = openRowSource(plan, settings);
  return settings.profile === null ? source : settings.profile.rows(plan, source);
}

function openRowSource(plan: PhysicalPlan, settings: OpenSettings): RowSource {
  const { context } = settings;
  switch (plan.kind) {
    case 'oneRow':
      return new OnceRows(async () => new ArrayRowSet([[]]));
    case 'scan':
      return openScan(plan, settings);
    case 'filter': {
      const test = allOf(plan.conditions.map((condition) => compileCondition(condition, context)));
      const perPartition = limitOf(plan.perPartitionLimit, context);
      return new FilterRows(openRows(plan.input, settings), test, perPartition, settings.resume?.rowsInPartition ?? 0);
    }
    case 'countRows': {
      const scan = openScan(plan.input, settings);
      const count = async (): Promise<ArrayRowSet> => {
        const bytes = Buffer.alloc(8);
        bytes.writeBigInt64BE(BigInt(await scan.countRows()));
        return new ArrayRowSet([[bytes]]);
      };
      return new OnceRows(count, () => scan.close());
    }
    case 'group':
      return openGroups(plan, settings);
    case 'having': {
      const test: ConditionTest = compileCondition(plan.condition, context);
      return new FilterRows(openRows(plan.input, settings), test, null);
    }
    case 'nearest':
      return nearestRows(openRows(plan.input, settings), plan, limitOf(plan.limit, context), context);
    case 'project':
    case 'distinct':
    case 'sort':
    case 'limit':
    case 'json':
      throw new InvariantError(`${plan.kind} gives an answer, not rows`);
    default:
      return unreachable(plan);
  }
}

function openScan(plan: TableScan, settings: OpenSettings): ScanRows {
  const { context, resume } = settings;
  const filters = plan.pushed.map((condition) => pushedFilter(condition, context));
  const segments = filters.some((filter) => filter === null)
    ? { ranges: [], startsInside: false }
    : scanSegments(plan.access, plan.table, resume?.position ?? null, context);
  const rowLimit = resume?.remaining ?? limitOf(plan.limit, context);
  const scan = new ScanRows({
    source: settings.storage.open(plan.table),
    segments: segments.ranges,
    startsInside: segments.startsInside,
    columns: [...plan.columns, ...settings.extraColumns],
    filters: filters.filter((filter) => filter !== null),
    nowSeconds: context.nowSeconds,
    rowLimit: plan.limit === null ? null : rowLimit,
    perPartitionLimit: limitOf(plan.perPartitionLimit, context),
    alreadyInPartition: resume?.rowsInPartition ?? 0,
    distinctPartitions: plan.distinctPartitions,
    staticOnlyRows: plan.staticOnlyRows,
    signal: context.signal,
  });
  settings.onScan(() => scan.statistics);
  settings.profile?.scanned(plan, () => scan.statistics);
  return scan;
}

/** Null when no row can pass, since the operand is null. */
function pushedFilter(condition: PushedCondition, context: StatementContext): PushedFilter | null {
  const { slot, operator, endsAtNull } = condition;
  if (operator === 'IN')
    return { column: slot, operator, operands: choicesOf(condition.operands, endsAtNull, context) };
  const operands = condition.operands.map((operand) => evaluateConstant(operand, context));
  const present = operands.filter((bytes) => bytes !== null);
  return present.length < operands.length ? null : { column: slot, operator, operands: present };
}

function openGroups(plan: GroupRows, settings: OpenSettings): RowSource {
  const { context } = settings;
  // The groups and the values of each DISTINCT share what memory there is.
  const memoryLimitBytes = context.memoryLimitBytes / (1 + plan.aggregates.filter(({ distinct }) => distinct).length);
  const group: GroupSettings = {
    memoryLimitBytes,
    runners: plan.aggregates.map((aggregate) => new AggregateRunner(aggregate, context, memoryLimitBytes)),
    inputCount: plan.inputCount,
    firstSlots: plan.firstSlots,
    perPartitionLimit: limitOf(plan.perPartitionLimit, context),
  };
  const input = openRows(plan.input, settings);
  const { grouping } = plan;
  switch (grouping.kind) {
    case 'all':
      return new OnceRows(
        () => groupAll(input, group, context),
        () => {
          for (const runner of group.runners) runner.close();
          input.close();
        },
      );
    case 'prefix':
      return new PrefixGroups(input, group, grouping, context);
    case 'hash':
      return new HashGroups(input, group, grouping.keys, context);
    default:
      return unreachable(grouping);
  }
}

/** Rows go into the order straight from the operator below the projection: few of them, or none as objects, are kept. */
function openSort({ input, keys, width, top }: Sort, settings: OpenSettings): ChunkSource {
  const { context } = settings;
  if (input.kind !== 'project' || settings.observer !== null) {
    return new SortRows(new ChunkInput(openPlan(input, settings), width), keys, width, context);
  }
  const all = projections(input, context);
  const [selectors, keyValues] = [all.slice(0, width), all.slice(width)];
  const limit = top === null ? null : limitOf(top.limit, context);
  const count = top === null || limit === null ? null : limit + (offsetOf(top.offset, context) ?? 0);
  const rows = openRows(input.input, settings);
  return count !== null && count <= MOST_TOP_ROWS
    ? new TopProjectedRows(rows, selectors, keyValues, keys, count, context)
    : new SortRows(new ProjectedInput(rows, selectors, keyValues), keys, width, context);
}

function projections(plan: Project, context: StatementContext): Projection[] {
  const expressions = [...plan.selectors, ...plan.sortKeys].map(({ expression }) => expression);
  return expressions.map((expression) =>
    expression.kind === 'input' ? { slot: expression.slot } : { evaluate: compileExpression(expression, context) },
  );
}
