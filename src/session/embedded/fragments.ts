import { toHex } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import {
  ClusteringPrefix,
  DeletionTime,
  NO_PATH,
  type RangeTombstoneMarker,
  type Row,
  readAll,
  Step,
  type UnfilteredStream,
} from '../../storage/rows/index.ts';
import type { FragmentSource, StorageReader } from '../../storage/scan/index.ts';
import { type CqlType, codecOf } from '../../types/index.ts';

/** A table's raw fragments are held in memory to tell what shadows what; beyond so many the question is refused. */
const MOST_FRAGMENTS = 5_000_000;

export type DeletionKind = 'partition' | 'range' | 'row' | 'complex';

/** A deletion as one source has it. */
export interface Deletion {
  readonly source: string;
  readonly kind: DeletionKind;
  readonly time: DeletionTime;
  /** Of a row or a range; null for the partition. */
  readonly start: ClusteringPrefix | null;
  readonly end: ClusteringPrefix | null;
  /** Of a complex deletion. */
  readonly column: ColumnMetadata | null;
}

export interface Cell {
  readonly source: string;
  readonly column: ColumnMetadata;
  /** Null for a static cell. */
  readonly clustering: ClusteringPrefix | null;
  readonly path: Uint8Array | null;
  readonly value: Uint8Array;
  readonly writetimeMicros: bigint;
  readonly hi: number;
  readonly lo: number;
  readonly ttl: number;
  readonly localSeconds: number;
  readonly isTombstone: boolean;
}

export interface PartitionFragments {
  readonly key: Uint8Array;
  readonly cells: Cell[];
  readonly deletions: Deletion[];
  readonly sources: Set<string>;
  rows: number;
  bytes: number;
}

/** Everything that the sources of a table hold, by partition, in token order of first appearance. */
export async function collectFragments(reader: StorageReader, table: TableMetadata): Promise<PartitionFragments[]> {
  const tableSource = reader.open(table);
  const partitions = new Map<string, PartitionFragments>();
  try {
    let count = 0;
    for (const source of tableSource.sources()) {
      count += await collectSource(source, table, partitions);
      if (count > MOST_FRAGMENTS) {
        throw CqlError.invalidRequest(
          `${table.keyspace}.${table.name} has more than ${MOST_FRAGMENTS} fragments, which is more than this table of keyspace cassette holds in memory`,
        );
      }
    }
  } finally {
    tableSource.release();
  }
  return [...partitions.values()];
}

async function collectSource(
  source: FragmentSource,
  table: TableMetadata,
  partitions: Map<string, PartitionFragments>,
): Promise<number> {
  const stream = await source.stream(readAll);
  const collector = new SourceCollector(source.name, table, partitions);
  try {
    for (;;) {
      const step = stream.next();
      if (step === Step.END) return collector.count;
      if (step === Step.NEED_MORE) await stream.load();
      else collector.take(step, stream);
    }
  } finally {
    stream.close();
  }
}

class SourceCollector {
  count = 0;
  private readonly source: string;
  private readonly table: TableMetadata;
  private readonly partitions: Map<string, PartitionFragments>;
  private current: PartitionFragments | null = null;
  private open: { readonly start: ClusteringPrefix; readonly time: DeletionTime } | null = null;

  constructor(source: string, table: TableMetadata, partitions: Map<string, PartitionFragments>) {
    this.source = source;
    this.table = table;
    this.partitions = partitions;
  }

  take(step: Step, stream: UnfilteredStream): void {
    switch (step) {
      case Step.PARTITION:
        this.begin(stream);
        return;
      case Step.STATIC_ROW:
      case Step.ROW:
        this.addRow(stream.row);
        return;
      case Step.MARKER:
        this.addMarker(stream.marker);
        return;
      default:
        this.open = null;
    }
  }

  private begin({ partition }: UnfilteredStream): void {
    const key = partition.key.slice(partition.keyStart, partition.keyEnd);
    const text = toHex(key);
    let known = this.partitions.get(text);
    if (known === undefined) {
      known = { key, cells: [], deletions: [], sources: new Set(), rows: 0, bytes: 0 };
      this.partitions.set(text, known);
    }
    known.sources.add(this.source);
    known.bytes += key.length;
    this.current = known;
    if (!partition.deletion.isLive()) this.addDeletion('partition', partition.deletion, null, null, null);
  }

  private addDeletion(
    kind: DeletionKind,
    time: DeletionTime,
    start: ClusteringPrefix | null,
    end: ClusteringPrefix | null,
    column: ColumnMetadata | null,
  ): void {
    this.count++;
    const copy = DeletionTime.of(time.hi, time.lo, time.localSeconds);
    this.current?.deletions.push({ source: this.source, kind, time: copy, start, end, column });
  }

  private addRow(row: Row): void {
    const { current } = this;
    if (current === null) return;
    const columns = row.isStatic ? this.table.statics : this.table.regulars;
    const clustering = row.isStatic ? null : ownedCopy(row.clustering);
    if (!row.isStatic) current.rows++;
    if (!row.deletion.isLive()) this.addDeletion('row', row.deletion, clustering, clustering, null);
    for (let i = 0; i < row.complexCount; i++) {
      const time = DeletionTime.of(row.complexHi[i], row.complexLo[i], row.complexLocalSeconds[i]);
      this.addDeletion('complex', time, clustering, clustering, columns[row.complexColumn[i]] ?? null);
    }
    for (let i = 0; i < row.cellCount; i++) this.addCell(row, i, columns[row.cellColumn[i]], clustering, current);
  }

  private addCell(
    row: Row,
    i: number,
    column: ColumnMetadata | undefined,
    clustering: ClusteringPrefix | null,
    current: PartitionFragments,
  ): void {
    if (column === undefined) return;
    this.count++;
    const source = row.cellSource[i];
    current.bytes += row.valueEnd[i] - row.valueStart[i];
    current.cells.push({
      source: this.source,
      column,
      clustering,
      path: row.pathEnd[i] === NO_PATH ? null : source.slice(row.pathStart[i], row.pathEnd[i]),
      value: source.slice(row.valueStart[i], row.valueEnd[i]),
      writetimeMicros: row.cellTimestampMicros(i),
      hi: row.cellHi[i],
      lo: row.cellLo[i],
      ttl: row.cellTtl[i],
      localSeconds: row.cellLocalSeconds[i],
      isTombstone: row.isTombstone(i),
    });
  }

  private addMarker({ clustering, closing, opening }: RangeTombstoneMarker): void {
    if (this.open !== null && !closing.isLive()) {
      this.addDeletion('range', this.open.time, this.open.start, ownedCopy(clustering), null);
      this.open = null;
    }
    if (opening.isLive()) return;
    const time = DeletionTime.of(opening.hi, opening.lo, opening.localSeconds);
    this.open = { start: ownedCopy(clustering), time };
  }
}

function ownedCopy(prefix: ClusteringPrefix): ClusteringPrefix {
  const copy = new ClusteringPrefix(prefix.size);
  copy.copyFrom(prefix);
  return copy;
}

/** A partition key in words: its components as CQL literals. */
export function keyText(table: TableMetadata, key: Uint8Array): string {
  if (table.partitionKey.length === 1) return literal(table.partitionKey[0].type, key);
  const parts: string[] = [];
  let p = 0;
  for (const column of table.partitionKey) {
    const length = (key[p] << 8) | key[p + 1];
    parts.push(literal(column.type, key.subarray(p + 2, p + 2 + length)));
    p += length + 3;
  }
  return parts.join(', ');
}

export function clusteringText(table: TableMetadata, clustering: ClusteringPrefix | null): string | null {
  if (clustering === null) return null;
  const parts: string[] = [];
  for (let i = 0; i < clustering.size; i++) {
    const value = clustering.value(i);
    parts.push(value === null ? 'null' : literal(table.clustering[i].type, value));
  }
  return parts.join(', ');
}

export function literal(type: CqlType, bytes: Uint8Array): string {
  return codecOf(type).toLiteral(bytes, 0, bytes.length);
}
