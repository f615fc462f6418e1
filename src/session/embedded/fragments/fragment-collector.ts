import { CqlError } from '../../../errors/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../../schema/model/index.ts';
import {
  ClusteringPrefix,
  DeletionTime,
  NO_PATH,
  type Partition,
  type RangeTombstoneMarker,
  Row,
  Step,
  type UnfilteredStream,
} from '../../../storage/rows/index.ts';
import type { FragmentSource } from '../../../storage/scan/index.ts';
import type { DeletionKind, Fragment, PartitionFragments } from './fragment.ts';
import type { PartitionCollector } from './read-partitions.ts';

/** A partition's fragments are held in memory to tell what shadows what; beyond so many the question is refused. */
const MOST_FRAGMENTS = 5_000_000;

/** Which cells and liveness are kept. */
export type FragmentFilter = (ttl: number, localSeconds: number) => boolean;

/** Copies the fragments of one partition out of its sources' streams. */
export class FragmentCollector implements PartitionCollector<PartitionFragments> {
  private readonly table: TableMetadata;
  private readonly keeps: FragmentFilter;
  private key: Uint8Array = new Uint8Array(0);
  private readonly fragments: Fragment[] = [];
  private readonly cells = new Row();
  private readonly sources = new Set<FragmentSource>();
  private source: FragmentSource | null = null;
  private open: { readonly start: ClusteringPrefix; readonly time: DeletionTime } | null = null;

  constructor(table: TableMetadata, keeps: FragmentFilter) {
    this.table = table;
    this.keeps = keeps;
  }

  begin(source: FragmentSource, { key, keyStart, keyEnd, deletion }: Partition): void {
    this.key = Uint8Array.prototype.slice.call(key, keyStart, keyEnd);
    this.source = source;
    this.sources.add(source);
    if (!deletion.isLive()) this.addDeletion('partition', deletion, null);
  }

  element(step: Step, stream: UnfilteredStream): void {
    if (step === Step.ROW || step === Step.STATIC_ROW) this.addRow(stream.row);
    else if (step === Step.MARKER) this.addMarker(stream.marker);
    else this.open = null;
  }

  finish(): PartitionFragments {
    const { key, fragments, cells, sources } = this;
    return { key, fragments, cells, sources };
  }

  private add(fragment: Fragment): void {
    this.fragments.push(fragment);
    if (this.fragments.length <= MOST_FRAGMENTS) return;
    throw CqlError.invalidRequest(
      `A partition of ${this.table.keyspace}.${this.table.name} has more than ${MOST_FRAGMENTS} fragments, which is more than this table of keyspace cassette holds in memory`,
    );
  }

  private addDeletion(
    of: DeletionKind,
    { hi, lo, localSeconds }: Pick<DeletionTime, 'hi' | 'lo' | 'localSeconds'>,
    clustering: ClusteringPrefix | null,
    end: ClusteringPrefix | null = null,
    column: ColumnMetadata | null = null,
  ): void {
    const { source } = this;
    if (source === null) return;
    this.add({ kind: 'deletion', of, source, time: DeletionTime.of(hi, lo, localSeconds), clustering, end, column });
  }

  private addRow(row: Row): void {
    const { source, keeps } = this;
    if (source === null) return;
    const columns = row.isStatic ? this.table.statics : this.table.regulars;
    const clustering = row.isStatic ? null : ownedCopy(row.clustering);
    if (!row.deletion.isLive()) this.addDeletion('row', row.deletion, clustering);
    if (row.hasLiveness && keeps(row.livenessTtl, row.livenessLocalSeconds)) {
      const { hasLiveness, livenessHi, livenessLo, livenessTtl, livenessLocalSeconds } = row;
      const liveness = { hasLiveness, livenessHi, livenessLo, livenessTtl, livenessLocalSeconds };
      this.add({ kind: 'liveness', source, clustering, liveness });
    }
    for (let i = 0; i < row.complexCount; i++) {
      const time = { hi: row.complexHi[i], lo: row.complexLo[i], localSeconds: row.complexLocalSeconds[i] };
      this.addDeletion('collection', time, clustering, null, columns[row.complexColumn[i]]);
    }
    for (let i = 0; i < row.cellCount; i++) {
      if (!keeps(row.cellTtl[i], row.cellLocalSeconds[i])) continue;
      this.add({ kind: 'cell', source, clustering, column: columns[row.cellColumn[i]], index: this.copyCell(row, i) });
    }
  }

  private copyCell(row: Row, i: number): number {
    const { cells } = this;
    const path: Uint8Array | null = bytesOf(row.cellSource[i], row.pathStart[i], row.pathEnd[i]);
    const value = bytesOf(row.cellSource[i], row.valueStart[i], row.valueEnd[i]) ?? new Uint8Array(0);
    const pathLength = path?.length ?? 0;
    const bytes = path === null ? value : Buffer.concat([path, value]);
    cells.addCell(
      row.cellColumn[i],
      row.cellHi[i],
      row.cellLo[i],
      row.cellTtl[i],
      row.cellLocalSeconds[i],
      bytes,
      pathLength,
      bytes.length,
      0,
      path === null ? NO_PATH : pathLength,
    );
    return cells.cellCount - 1;
  }

  private addMarker({ clustering, closing, opening }: RangeTombstoneMarker): void {
    if (this.open !== null && !closing.isLive()) {
      this.addDeletion('range', this.open.time, this.open.start, ownedCopy(clustering));
      this.open = null;
    }
    if (opening.isLive()) return;
    const time = DeletionTime.of(opening.hi, opening.lo, opening.localSeconds);
    this.open = { start: ownedCopy(clustering), time };
  }
}

/** Null for a path that is none. */
function bytesOf(source: Uint8Array, start: number, end: number): Uint8Array | null {
  return end === NO_PATH ? null : Uint8Array.prototype.slice.call(source, start, end);
}

function ownedCopy(prefix: ClusteringPrefix): ClusteringPrefix {
  const copy = new ClusteringPrefix(prefix.size);
  copy.copyFrom(prefix);
  return copy;
}
