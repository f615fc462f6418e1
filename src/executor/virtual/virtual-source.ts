import { compareUnsigned, murmur3Token } from '../../bytes/index.ts';
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
import { compileFilters } from '../../storage/scan/filter-rows.ts';
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

/**
 * The rows of a virtual table, made anew for every scan. `wants` says whether rows with these values of some columns can
 * be part of the answer: what it refuses need not be made.
 */
export type RowGenerator = (wants: (values: SystemRow) => boolean) => Promise<Iterable<SystemRow>>;

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
  private rows: readonly PlacedRow[] | null = null;
  private position = 0;
  private ordinal = -1;
  private inPartition = 0;
  private delivered = 0;
  private readonly vectors: readonly ColumnVector[];
  private readonly batch: RowBatch & { length: number };

  constructor(request: ScanRequest, generate: RowGenerator) {
    this.request = request;
    this.generate = generate;
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
    this.rows ??= this.placed(await this.generate((values) => this.wants(values)));
    const test = compileFilters(this.request.columns, this.request.filters);
    const { batch } = this;
    batch.length = 0;
    for (; this.position < this.rows.length && batch.length < BATCH_ROWS; this.position++) {
      if (this.request.rowLimit !== null && this.delivered >= this.request.rowLimit) break;
      const placed = this.rows[this.position];
      const previous = this.rows[this.position - 1];
      if (previous === undefined || compareKeys(previous.key, placed.key) !== 0) {
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

  private placed(rows: Iterable<SystemRow>): PlacedRow[] {
    const { table, range } = this.request;
    const comparator = new ClusteringComparator(table.clustering);
    const sign = range.reversed ? -1 : 1;
    return Array.from(rows, (row) => place(table, row))
      .filter((placed) => isInside(placed, range, comparator))
      .sort((a, b) => compareKeys(a.key, b.key) || sign * comparator.compare(a.clustering, b.clustering));
  }

  async countRows(): Promise<number> {
    let count = 0;
    for (let batch = await this.next(); batch !== null; batch = await this.next()) count += batch.length;
    return count;
  }

  close(): void {}
}

function place(table: TableMetadata, row: SystemRow): PlacedRow {
  const valueOf = ({ name }: ColumnMetadata): Uint8Array => row[name] ?? new Uint8Array(0);
  const key = packPartitionKey(table.partitionKey.map(valueOf));
  return {
    row,
    key: { key, token: murmur3Token(key) },
    clustering: ClusteringPrefix.of(PrefixKind.CLUSTERING, table.clustering.map(valueOf)),
  };
}

function compareKeys(a: DecoratedKey, b: DecoratedKey): number {
  return compareTokens(a.token, b.token) || compareUnsigned(a.key, 0, a.key.length, b.key, 0, b.key.length);
}

function isInside({ key, clustering }: PlacedRow, range: ReadRange, comparator: ClusteringComparator): boolean {
  const { partitions, slices } = range;
  if (partitions.kind === 'keys' && !partitions.keys.some((wanted) => compareKeys(wanted, key) === 0)) return false;
  if (partitions.kind === 'tokens') {
    if (!isBeyond(key, partitions.lower, 1) || !isBeyond(key, partitions.upper, -1)) return false;
  }
  return (
    slices === null ||
    slices.some(
      ({ start, end }) => comparator.compare(start, clustering) < 0 && comparator.compare(clustering, end) < 0,
    )
  );
}

/** `side` 1: the key is above the bound; -1: below it. */
function isBeyond(key: DecoratedKey, bound: TokenBound | null, side: 1 | -1): boolean {
  if (bound === null) return true;
  const order =
    bound.key === undefined
      ? compareTokens(key.token, bound.token)
      : compareKeys(key, { token: bound.token, key: bound.key });
  return order === 0 ? bound.inclusive : order * side > 0;
}
