import { murmur3Token } from '../../../src/bytes/index.ts';
import type { TableMetadata } from '../../../src/schema/model/index.ts';
import {
  ClusteringPrefix,
  DeletionTime,
  NO_DELETION_TIME,
  NO_PATH,
  NO_TTL,
  type Partition,
  PrefixKind,
  Row,
  Step,
  type UnfilteredStream,
} from '../../../src/storage/rows/index.ts';

export interface DeletionSpec {
  readonly timestamp: number;
  readonly localSeconds: number;
}

export interface CellSpec {
  readonly column: number;
  readonly timestamp: number;
  readonly ttl?: number;
  readonly localSeconds?: number;
  readonly value?: Uint8Array;
  readonly path?: Uint8Array;
}

export interface RowSpec {
  readonly kind: 'row';
  /** Null for the static row. */
  readonly clustering: readonly (Uint8Array | null)[] | null;
  readonly liveness?: { readonly timestamp: number; readonly ttl?: number; readonly localSeconds?: number };
  readonly deletion?: DeletionSpec & { readonly shadowable?: boolean };
  readonly complexDeletions?: readonly (DeletionSpec & { readonly column: number })[];
  /** In storage order: columns ascending, then paths. */
  readonly cells: readonly CellSpec[];
}

export interface MarkerSpec {
  readonly kind: 'marker';
  readonly bound: number;
  readonly values: readonly Uint8Array[];
  readonly closing?: DeletionSpec;
  readonly opening?: DeletionSpec;
}

export interface PartitionSpec {
  readonly key: Uint8Array;
  readonly deletion?: DeletionSpec;
  /** In clustering order whatever the direction of the stream; a static row first. */
  readonly elements: readonly (RowSpec | MarkerSpec)[];
}

/**
 * A stream out of memory that behaves as badly as its contract allows: one row object for all rows, whose bytes are
 * wiped when the stream moves on, and NEED_MORE before every `loadEvery`-th step.
 */
export class ArrayStream implements UnfilteredStream {
  readonly table: TableMetadata;
  readonly reversed: boolean;
  readonly row = new Row();
  readonly marker = {
    clustering: new ClusteringPrefix(),
    closing: new DeletionTime(),
    opening: new DeletionTime(),
  };
  readonly partition: Partition = {
    key: new Uint8Array(0),
    keyStart: 0,
    keyEnd: 0,
    tokenHi: 0,
    tokenLo: 0,
    deletion: new DeletionTime(),
  };
  closed = false;
  private readonly partitions: readonly PartitionSpec[];
  private readonly loadEvery: number;
  private partitionIndex = -1;
  private pending: (RowSpec | MarkerSpec)[] | null = null;
  private calls = 0;
  private loaded = false;
  private bytes = Buffer.alloc(0);

  constructor(table: TableMetadata, partitions: readonly PartitionSpec[], reversed = false, loadEvery = 3) {
    this.table = table;
    this.reversed = reversed;
    this.loadEvery = loadEvery;
    this.partitions = [...partitions].sort(compareSpecs);
  }

  next(): Step {
    this.bytes.fill(0xee);
    this.row.clear(false);
    if (this.loadEvery > 0 && !this.loaded && ++this.calls % this.loadEvery === 0) return Step.NEED_MORE;
    this.loaded = false;
    if (this.pending === null) return this.nextPartition();
    const element = this.pending.shift();
    if (element === undefined) {
      this.pending = null;
      return Step.PARTITION_END;
    }
    return element.kind === 'row' ? this.fillRow(element) : this.fillMarker(element);
  }

  async load(): Promise<void> {
    this.loaded = true;
  }

  skipPartition(): void {
    if (this.pending !== null) this.pending = [];
  }

  close(): void {
    this.closed = true;
  }

  private nextPartition(): Step {
    const spec = this.partitions[++this.partitionIndex];
    if (spec === undefined) return Step.END;
    const token = murmur3Token(spec.key);
    Object.assign(this.partition, {
      key: Buffer.from(spec.key),
      keyStart: 0,
      keyEnd: spec.key.length,
      tokenHi: token.hi,
      tokenLo: token.lo,
    });
    setDeletion(this.partition.deletion, spec.deletion);
    const statics = spec.elements.filter((element) => element.kind === 'row' && element.clustering === null);
    const others = spec.elements.filter((element) => !statics.includes(element));
    this.pending = [...statics, ...(this.reversed ? others.reverse() : others)];
    return Step.PARTITION;
  }

  private fillRow(spec: RowSpec): Step {
    const { row } = this;
    row.clear(spec.clustering === null);
    const place = this.placer(spec.clustering ?? [], spec.cells);
    fillPrefix(row.clustering, spec.clustering === null ? PrefixKind.STATIC_CLUSTERING : PrefixKind.CLUSTERING, [
      ...(spec.clustering ?? []),
    ]);
    if (spec.liveness !== undefined) {
      const { timestamp, ttl = NO_TTL, localSeconds = NO_DELETION_TIME } = spec.liveness;
      row.setLiveness(0, timestamp, ttl, localSeconds);
    }
    setDeletion(row.deletion, spec.deletion);
    row.deletionIsShadowable = spec.deletion?.shadowable ?? false;
    for (const deletion of spec.complexDeletions ?? []) {
      row.addComplexDeletion(deletion.column, 0, deletion.timestamp, deletion.localSeconds);
    }
    for (const cell of spec.cells) {
      const value = place(cell.value);
      const path = place(cell.path);
      row.addCell(
        cell.column,
        0,
        cell.timestamp,
        cell.ttl ?? NO_TTL,
        cell.localSeconds ?? NO_DELETION_TIME,
        this.bytes,
        value,
        value + (cell.value?.length ?? 0),
        path,
        cell.path === undefined ? NO_PATH : path + cell.path.length,
      );
    }
    return spec.clustering === null ? Step.STATIC_ROW : Step.ROW;
  }

  private fillMarker(spec: MarkerSpec): Step {
    fillPrefix(this.marker.clustering, spec.bound, [...spec.values]);
    setDeletion(this.marker.closing, spec.closing);
    setDeletion(this.marker.opening, spec.opening);
    return Step.MARKER;
  }

  private placer(clustering: readonly (Uint8Array | null)[], cells: readonly CellSpec[]) {
    let length = 0;
    for (const value of clustering) length += value?.length ?? 0;
    for (const cell of cells) length += (cell.value?.length ?? 0) + (cell.path?.length ?? 0);
    this.bytes = Buffer.alloc(length);
    let at = 0;
    return (bytes: Uint8Array | undefined): number => {
      const start = at;
      if (bytes !== undefined) this.bytes.set(bytes, at);
      at += bytes?.length ?? 0;
      return start;
    };
  }
}

function fillPrefix(target: ClusteringPrefix, kind: number, values: (Uint8Array | null)[]): void {
  target.copyFrom(ClusteringPrefix.of(kind, values));
}

function setDeletion(target: DeletionTime, spec: DeletionSpec | undefined): void {
  if (spec === undefined) target.clear();
  else target.set(0, spec.timestamp, spec.localSeconds);
}

function compareSpecs(a: PartitionSpec, b: PartitionSpec): number {
  const p = murmur3Token(a.key);
  const q = murmur3Token(b.key);
  if (p.hi !== q.hi) return p.hi - q.hi;
  if (p.lo !== q.lo) return (p.lo >>> 0) - (q.lo >>> 0);
  return Buffer.compare(a.key, b.key);
}
