import { murmur3Token } from '../../bytes/index.ts';
import { NotYetError } from '../../errors/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import type { SystemRow } from '../../schema/system/row.ts';
import {
  ClusteringComparator,
  ClusteringPrefix,
  type DecoratedKey,
  PrefixKind,
  type ReadRange,
  type TokenBound,
} from '../../storage/rows/index.ts';
import { compileFilters, testOfRow } from '../../storage/scan/filter-rows.ts';
import {
  BATCH_ROWS,
  type BatchStream,
  ColumnVector,
  NULL_VALUE,
  newScanStatistics,
  type RowBatch,
  type ScanRequest,
  type TableSource,
} from '../../storage/scan/index.ts';
import { packPartitionKey, sameKey } from '../access/partition-keys.ts';
import { compareTokens } from '../access/token-range.ts';
import { type KeyOrder, keyOrderOf } from './key-order.ts';

/** What a scan of a virtual table may leave unmade. */
export interface VirtualRequest {
  /** Whether rows with these values of some columns can be part of the answer. */
  wants(values: SystemRow): boolean;
  /** The values of which a column must have one; null when it may have any. */
  equalTo(column: string): readonly Uint8Array[] | null;
  /** Names of the columns that are read, beside the primary key. */
  readonly columns: ReadonlySet<string>;
  /** The scan was closed: no further rows are waited for. */
  readonly isClosed: () => boolean;
}

/**
 * The rows of a virtual table, made anew for every scan: all at once in any order, or bit by bit in the order of the table
 * (`keyOrderOf`, clustering).
 */
export type RowGenerator = (
  request: VirtualRequest,
) => Promise<Iterable<SystemRow>> | AsyncGenerator<readonly SystemRow[]>;

/** A table whose rows are made up when they are asked for; read with the same plans as every other. */
export class VirtualSource implements TableSource {
  readonly table: TableMetadata;
  private readonly generate: RowGenerator;

  constructor(table: TableMetadata, generate: RowGenerator) {
    this.table = table;
    this.generate = generate;
  }

  scan(request: ScanRequest): BatchStream {
    return new VirtualScan(request, this.generate);
  }

  stream(): never {
    throw new NotYetError(`the fragments of virtual table ${this.table.keyspace}.${this.table.name}`);
  }

  sources(): readonly [] {
    return [];
  }

  release(): void {}
}

interface PlacedRow {
  readonly row: SystemRow;
  readonly key: DecoratedKey;
  readonly clustering: ClusteringPrefix;
}

class VirtualScan implements BatchStream {
  readonly statistics = newScanStatistics();
  private readonly request: ScanRequest;
  private readonly generate: RowGenerator;
  private readonly keyOrder: KeyOrder;
  /** Set where rows come bit by bit in order. */
  private source: AsyncGenerator<readonly SystemRow[]> | null = null;
  private isStarted = false;
  private isClosed = false;
  private rows: readonly PlacedRow[] = [];
  private position = 0;
  private previous: PlacedRow | null = null;
  private ordinal = -1;
  private inPartition = 0;
  private delivered = 0;
  private readonly vectors: readonly ColumnVector[];
  private readonly batch: RowBatch & { length: number };

  constructor(request: ScanRequest, generate: RowGenerator) {
    this.request = request;
    this.generate = generate;
    this.keyOrder = keyOrderOf(request.table);
    this.vectors = request.columns.map(() => new ColumnVector());
    this.batch = {
      length: 0,
      columns: this.vectors,
      partitionOrdinal: new Int32Array(BATCH_ROWS),
      tokenHi: new Int32Array(BATCH_ROWS),
      tokenLo: new Int32Array(BATCH_ROWS),
    };
  }

  async next(): Promise<RowBatch | null> {
    if (!this.isStarted) await this.start();
    const test = testOfRow(compileFilters(this.request.columns, this.request.filters));
    const { batch } = this;
    batch.length = 0;
    while (batch.length < BATCH_ROWS && (await this.hasRow())) {
      if (this.request.rowLimit !== null && this.delivered >= this.request.rowLimit) break;
      const placed = this.rows[this.position++];
      const { previous } = this;
      this.previous = placed;
      if (previous === null || this.keyOrder(previous.key, placed.key) !== 0) {
        this.ordinal++;
        this.inPartition = 0;
      } else if (this.request.distinctPartitions) continue;
      this.put(placed, batch.length);
      if (test !== null && !test(this.vectors, batch.length)) continue;
      const { perPartitionLimit } = this.request;
      if (perPartitionLimit !== null && this.inPartition >= perPartitionLimit) continue;
      this.inPartition++;
      batch.partitionOrdinal[batch.length] = this.ordinal;
      batch.tokenHi[batch.length] = placed.key.token.hi;
      batch.tokenLo[batch.length] = placed.key.token.lo;
      batch.length++;
      this.delivered++;
      this.statistics.rows++;
    }
    return batch.length === 0 ? null : batch;
  }

  private async start(): Promise<void> {
    this.isStarted = true;
    const { table, range, columns } = this.request;
    const generated = this.generate({
      wants: (values) => this.wants(values),
      equalTo: (column) => this.equalTo(column),
      columns: new Set(columns.filter(({ wanted }) => wanted === 'value').map(({ column }) => column.name)),
      isClosed: () => this.isClosed,
    });
    const comparator = new ClusteringComparator(table.clustering);
    const sign = range.reversed ? -1 : 1;
    const inOrder = (a: PlacedRow, b: PlacedRow): number =>
      this.keyOrder(a.key, b.key) || sign * comparator.compare(a.clustering, b.clustering);
    if (!(Symbol.asyncIterator in generated)) this.rows = this.placed(await generated).sort(inOrder);
    else if (!range.reversed) this.source = generated;
    else {
      const all: PlacedRow[] = [];
      for await (const rows of generated) for (const placed of this.placed(rows)) all.push(placed);
      this.rows = all.sort(inOrder);
    }
  }

  /** Whether a row stands at `position`; fetches more where there are. */
  private async hasRow(): Promise<boolean> {
    while (this.position >= this.rows.length) {
      if (this.source === null || this.isClosed) return false;
      const { value, done } = await this.source.next();
      if (done) return false;
      this.rows = this.placed(value);
      this.position = 0;
    }
    return !this.isClosed;
  }

  private wants(values: SystemRow): boolean {
    const { table, range, columns, filters } = this.request;
    const key = table.partitionKey.map(({ name }) => values[name]);
    if (range.partitions.kind === 'keys' && key.every((part) => part !== undefined && part !== null)) {
      const packed = packPartitionKey(key.filter((part) => part !== undefined && part !== null));
      if (!range.partitions.keys.some((wanted) => sameKey(wanted.key, packed))) return false;
    }
    return filters.every(({ column, operator, operands }) => {
      const value = values[columns[column].column.name];
      if (value === undefined || value === null || operator !== '=') return true;
      return sameKey(value, operands[0]);
    });
  }

  private put({ row }: PlacedRow, at: number): void {
    this.request.columns.forEach(({ column, wanted }, i) => {
      const value = wanted === 'value' ? (row[column.name] ?? null) : null;
      if (value === null) this.vectors[i].end[at] = NULL_VALUE;
      else this.vectors[i].set(at, value, 0, value.length);
    });
  }

  private equalTo(name: string): readonly Uint8Array[] | null {
    const { columns, filters } = this.request;
    const filter = filters.find(
      ({ column, operator }) => columns[column].column.name === name && (operator === '=' || operator === 'IN'),
    );
    return filter?.operands ?? null;
  }

  private placed(rows: Iterable<SystemRow>): PlacedRow[] {
    const { table, range } = this.request;
    const comparator = new ClusteringComparator(table.clustering);
    const placed: PlacedRow[] = [];
    let previous: PlacedRow | undefined;
    for (const row of rows) {
      previous = place(table, row, previous);
      if (isInside(previous, range, this.keyOrder, comparator)) placed.push(previous);
    }
    return placed;
  }

  async countRows(): Promise<number> {
    let count = 0;
    for (let batch = await this.next(); batch !== null; batch = await this.next()) count += batch.length;
    return count;
  }

  close(): void {
    this.isClosed = true;
    // What waits for a file ends when that has come; nobody is left to hear how.
    this.source?.return(undefined).catch(() => undefined);
  }
}

/** `previous` is the row before: rows of one partition share its key. */
function place(table: TableMetadata, row: SystemRow, previous: PlacedRow | undefined): PlacedRow {
  const valueOf = ({ name }: ColumnMetadata): Uint8Array => row[name] ?? new Uint8Array(0);
  const clustering = ClusteringPrefix.of(PrefixKind.CLUSTERING, table.clustering.map(valueOf));
  if (previous !== undefined && table.partitionKey.every(({ name }) => previous.row[name] === row[name])) {
    return { row, key: previous.key, clustering };
  }
  const key = packPartitionKey(table.partitionKey.map(valueOf));
  return { row, key: { key, token: murmur3Token(key) }, clustering };
}

function isInside(
  { key, clustering }: PlacedRow,
  range: ReadRange,
  keyOrder: KeyOrder,
  comparator: ClusteringComparator,
): boolean {
  const { partitions, slices } = range;
  if (partitions.kind === 'keys' && !partitions.keys.some((wanted) => keyOrder(wanted, key) === 0)) return false;
  if (partitions.kind === 'tokens') {
    const { lower, upper, floor = null } = partitions;
    if (!isBeyond(key, lower, 1, keyOrder) || !isBeyond(key, upper, -1, keyOrder)) return false;
    if (!isBeyond(key, floor, 1, keyOrder)) return false;
  }
  return (
    slices === null ||
    slices.some(
      ({ start, end }) => comparator.compare(start, clustering) < 0 && comparator.compare(clustering, end) < 0,
    )
  );
}

/** `side` 1: the key is above the bound; -1: below it. */
function isBeyond(key: DecoratedKey, bound: TokenBound | null, side: 1 | -1, keyOrder: KeyOrder): boolean {
  if (bound === null) return true;
  const order =
    bound.key === undefined
      ? compareTokens(key.token, bound.token)
      : keyOrder(key, { token: bound.token, key: bound.key });
  return order === 0 ? bound.inclusive : order * side > 0;
}
