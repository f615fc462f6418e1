import type { CheckedBatch, CheckedWrite } from '../../planner/index.ts';
import { type ColumnMetadata, isCounterTable, type TableMetadata } from '../../schema/model/index.ts';
import { conditionalMutation, type Mutation, MutationBuilder } from '../../storage/mutation/index.ts';
import { ClusteringComparator, ClusteringPrefix, type DecoratedKey, PrefixKind } from '../../storage/rows/index.ts';
import type { StorageReader, TableSource } from '../../storage/scan/index.ts';
import { buildMutations, type CurrentLookup, needsCurrentCells } from './build-mutations.ts';
import { CellWriter } from './cell-writer.ts';
import { ConditionSet } from './condition-set.ts';
import {
  type ConditionalPart,
  type ConditionalResult,
  checkSinglePartition,
  conditionalPart,
  failedResult,
  refuseIn,
} from './conditional-write.ts';
import { type CurrentCells, readCurrentCells } from './current-cells.ts';
import { checkMutationSizes } from './mutation-size.ts';
import { PartitionLocks } from './partition-locks.ts';
import { readVisibleRows } from './read-rows.ts';
import { timestampOf } from './write-attributes.ts';
import type { WriteContext } from './write-context.ts';
import { type WriteKeys, type WriteTargets, writeKeys, writeTargets } from './write-targets.ts';

/** What writes go to: the engine, or a twin in tests. */
export interface WriteStore extends StorageReader {
  applyNow(mutations: readonly Mutation[]): void;
  /** Bytes that all writes so far put into the log; absent where there is none. */
  readonly loggedBytes?: number;
}

/** The clustering of the rows of tables without clustering columns. */
const NO_CLUSTERING = ClusteringPrefix.of(PrefixKind.CLUSTERING, []);

/** Runs INSERT, UPDATE, DELETE and BATCH on a store. Applied writes are visible at once; durability is the caller's. */
export class WriteExecutor {
  private readonly store: WriteStore;
  private readonly locks = new PartitionLocks();
  private readonly builder = new MutationBuilder();
  private readonly cells = new CellWriter();

  constructor(store: WriteStore) {
    this.store = store;
  }

  /** Synchronous where nothing has to be read; null for unconditional writes. */
  execute(write: CheckedWrite, context: WriteContext): null | Promise<ConditionalResult | null> {
    if (this.executeNow(write, context)) return null;
    // A wrong time is told before wrong keys.
    if (write.timestamp !== null && write.conditions.kind === 'none') timestampOf(write.timestamp, context);
    const keys = writeKeys(write, context);
    if (write.conditions.kind === 'none') return this.executeReading([{ write, keys }], context, null);
    refuseIn(write);
    return this.executeConditional([{ write, targets: writeTargets(write, context, keys) }], context, false);
  }

  /** As `execute`, where nothing has to be read; false, and nothing is done, where something has. */
  executeNow(write: CheckedWrite, context: WriteContext): boolean {
    if (write.conditions.kind !== 'none' || needsCurrentCells(write)) return false;
    // A wrong time is told before wrong keys.
    if (write.timestamp !== null) timestampOf(write.timestamp, context);
    const targets = writeTargets(write, context);
    this.apply(buildMutations(write, targets, context, null, this.builder, this.cells), context);
    return true;
  }

  async executeBatch(batch: CheckedBatch, context: WriteContext): Promise<ConditionalResult | null> {
    const batchContext: WriteContext = { ...context, timestampMicros: timestampOf(batch.timestamp, context) };
    if (batch.hasConditions) {
      return this.executeConditional(conditionalTargets(batch.writes, batchContext), batchContext, true);
    }
    const located = batch.writes.map((write) => ({ write, keys: writeKeys(write, batchContext) }));
    if (batch.writes.some(needsCurrentCells)) return this.executeReading(located, batchContext, batch);
    const mutations = this.buildWithoutReading(located, batchContext);
    context.guards?.check(batch);
    this.apply(mutations, batchContext);
    return null;
  }

  /**
   * Statement by statement: the rows of one are looked at when all cells of those before are made. Holds the partitions
   * from the read to the write.
   */
  private executeReading(
    parts: readonly LocatedWrite[],
    context: WriteContext,
    batch: CheckedBatch | null,
  ): Promise<null> {
    const partitions = parts.flatMap(({ write, keys }) => keys.keys.map((key) => ({ table: write.table, key })));
    return this.locks.run(partitions, async () => {
      const isCounter = isCounterTable(parts[0].write.table);
      // The increments of a batch are applied one after the other, but all or none.
      if (parts.length > 1 && isCounter) this.buildWithoutReading(parts, { ...context, guards: undefined });
      const mutations: Mutation[] = [];
      for (const { write, keys } of parts) {
        mutations.push(...(await this.build({ write, targets: writeTargets(write, context, keys) }, context)));
        // Applied at once, since a later increment of the same counter in this batch must see it.
        if (isCounter) this.apply(mutations.splice(0), context);
      }
      if (batch !== null) context.guards?.check(batch);
      this.apply(mutations, context);
      return null;
    });
  }

  /** Writes of one partition, where all conditions hold. */
  private executeConditional(
    parts: readonly TargetedWrite[],
    context: WriteContext,
    isBatch: boolean,
  ): Promise<ConditionalResult> {
    const partitions = parts.flatMap(({ write, targets }) => targets.keys.map((key) => ({ table: write.table, key })));
    return this.locks.run(partitions, async () => {
      const failed = await this.testConditions(parts, context, isBatch);
      if (failed !== null) return failed;
      const mutations: Mutation[] = [];
      for (const part of parts) mutations.push(...(await this.build(part, context)));
      if (mutations.length > 0) {
        this.apply([conditionalMutation(mutations, context.timestampMicros, this.builder)], context);
      }
      return { applied: true, table: parts[0].write.table, columns: [], rows: [] };
    });
  }

  private async build({ write, targets }: TargetedWrite, context: WriteContext): Promise<Mutation[]> {
    const lookup = needsCurrentCells(write) ? await this.readCurrent(write.table, targets, context) : null;
    return buildMutations(write, targets, context, lookup, this.builder, this.cells);
  }

  /** Of writes that need no current cells; of others it throws what is wrong with them. */
  private buildWithoutReading(parts: readonly LocatedWrite[], context: WriteContext): Mutation[] {
    return parts.flatMap(({ write, keys }) => {
      const targets = writeTargets(write, context, keys);
      return buildMutations(write, targets, context, null, this.builder, this.cells);
    });
  }

  /** Null when all conditions hold. */
  private async testConditions(
    parts: readonly TargetedWrite[],
    context: WriteContext,
    isBatch: boolean,
  ): Promise<ConditionalResult | null> {
    const conditional: ConditionalPart[] = parts
      .filter(({ write }) => write.conditions.kind !== 'none')
      .map(({ write, targets }) => conditionalPart(write, targets));
    const conditions = new ConditionSet(conditional, context);
    const [{ write, key }] = conditional;
    const clusterings = testedRows(conditional);
    return this.withSource(write.table, context, async (source) => {
      const wanted = columnsToRead(parts);
      const onlyStatics = !writesRows(parts) && wanted.every((column) => column.kind === 'static');
      const rows = await readVisibleRows(source, key, clusterings, wanted, context.nowSeconds, onlyStatics);
      return conditions.holds(rows) ? null : failedResult(conditional, rows, isBatch);
    });
  }

  private readCurrent(table: TableMetadata, targets: WriteTargets, context: WriteContext): Promise<CurrentLookup> {
    return this.withSource(table, context, async (source) => {
      const found = new Map<string, CurrentCells>();
      const name = (key: DecoratedKey, clustering: ClusteringPrefix | null): string => {
        const parts = clustering === null ? [] : Array.from({ length: clustering.size }, (_, i) => clustering.value(i));
        return [key.key, ...parts]
          .map((bytes) => (bytes === null ? '-' : Buffer.from(bytes).toString('hex')))
          .join('/');
      };
      for (const key of targets.keys) {
        found.set(name(key, null), await readCurrentCells(source, key, null, context.nowSeconds));
        const rows = table.clustering.length === 0 ? [NO_CLUSTERING] : targets.rows;
        for (const row of rows) found.set(name(key, row), await readCurrentCells(source, key, row, context.nowSeconds));
      }
      return (key, clustering) => found.get(name(key, clustering)) ?? null;
    });
  }

  private async withSource<T>(
    table: TableMetadata,
    { profile }: WriteContext,
    action: (source: TableSource) => Promise<T>,
  ): Promise<T> {
    const source = this.store.open(table);
    try {
      return await action(profile === undefined ? source : profile.watch(source));
    } finally {
      source.release();
    }
  }

  private apply(mutations: readonly Mutation[], { profile }: WriteContext): void {
    if (mutations.length === 0) return;
    checkMutationSizes(mutations);
    const loggedBefore = this.store.loggedBytes ?? 0;
    this.store.applyNow(mutations);
    if (profile === undefined) return;
    profile.mutations += mutations.length;
    for (const { bytes } of mutations) profile.mutationBytes += bytes.length;
    profile.logBytes += (this.store.loggedBytes ?? 0) - loggedBefore;
  }
}

/** Statement by statement: its key, which must be that of all others, then its row (`BatchStatement.makeCasRequest`). */
function conditionalTargets(writes: readonly CheckedWrite[], context: WriteContext): TargetedWrite[] {
  const parts: TargetedWrite[] = [];
  for (const write of writes) {
    const keys = writeKeys(write, context);
    const [first] = parts;
    checkSinglePartition([...(first?.targets.keys ?? []), ...keys.keys].map((key) => ({ key })));
    refuseIn(write);
    parts.push({ write, targets: writeTargets(write, context, keys) });
  }
  return parts;
}

/** In order, each once. Conditions on static columns alone are about no row: the partition's first is read then. */
function testedRows(parts: readonly ConditionalPart[]): readonly ClusteringPrefix[] {
  const comparator = new ClusteringComparator(parts[0].write.table.clustering);
  const rows = parts.flatMap(({ write: { conditions }, clustering }) => {
    const isStatic =
      conditions.kind === 'columns' && conditions.conditions.every(({ column }) => column.kind === 'static');
    return isStatic ? [] : (clustering ?? []);
  });
  rows.sort((a, b) => comparator.compare(a, b));
  return rows.filter((row, i) => i === 0 || comparator.compare(rows[i - 1], row) !== 0);
}

/** Columns that conditions name; and all static, or all regular ones, where such are written (`CQL3CasRequest`, 5.0.8). */
function columnsToRead(parts: readonly TargetedWrite[]): readonly ColumnMetadata[] {
  const [{ write }] = parts;
  const { table } = write;
  // INSERT JSON writes every column, if only a null.
  const writesStatics = parts.some((part) => part.write.staticOperations.length > 0 || part.write.access === null);
  const readsRows = writesRows(parts);
  const named = parts.flatMap(({ write: { conditions } }) =>
    conditions.kind === 'columns' ? conditions.conditions.map(({ column }) => column) : [],
  );
  return [
    ...table.statics.filter((column) => writesStatics || named.includes(column)),
    ...table.regulars.filter((column) => readsRows || named.includes(column)),
  ];
}

function writesRows(parts: readonly TargetedWrite[]): boolean {
  return parts[0].write.table.clustering.length === 0 || parts.some((part) => part.write.restrictsClustering);
}

/** A write whose rows are still to be looked at. */
interface LocatedWrite {
  readonly write: CheckedWrite;
  readonly keys: WriteKeys;
}

interface TargetedWrite {
  readonly write: CheckedWrite;
  readonly targets: WriteTargets;
}
