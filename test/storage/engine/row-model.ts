import type { Write } from '../memtable/random-writes.ts';

/** A deletion's reach is told by who holds it; `<=` its time is hidden. */
interface Deletion {
  readonly time: number;
}

interface ModelCell {
  readonly time: number;
  readonly ttl: number;
  /** When it expires or was deleted; infinite for a plain cell. */
  readonly local: number;
  readonly value: string;
}

const COLUMN_NAMES = ['a', 'b', 'm'];

/**
 * What a table of `random-writes` shows, by the rules of Cassandra's documentation and nothing else: a list of writes, and
 * for each question a walk over all of them.
 */
export class RowModel {
  private readonly writes: Write[] = [];

  add(write: Write): void {
    this.writes.push(write);
  }

  /** Visible rows at `now`: `p/c1/c2` or `p/static`, to their live cells in words. */
  visible(now: number): Map<string, string> {
    const rows = new Map<string, string>();
    for (const p of new Set(this.writes.map((write) => write.p))) this.addPartition(p, now, rows);
    return rows;
  }

  private addPartition(p: number, now: number, rows: Map<string, string>): void {
    const own = this.writes.filter((write) => write.p === p);
    const partitionDeletions = own.filter((write) => write.kind === 'deletePartition');
    const statics = own.filter((write) => write.kind === 'static');
    const value = winner(
      statics
        .filter((write) => !isHidden(write.time, partitionDeletions))
        .map((write) => ({ time: write.time, ttl: 0, local: Number.POSITIVE_INFINITY, value: hex(write.value) })),
    );
    if (value !== null) rows.set(`${p}/static`, `s=${value.value}`);
    const places = new Set(own.flatMap((write) => ('c1' in write ? [`${write.c1}/${write.c2}`] : [])));
    for (const place of places) {
      const text = this.row(own, place, partitionDeletions, now);
      if (text !== null) rows.set(`${p}/${place}`, text);
    }
  }

  private row(
    own: readonly Write[],
    place: string,
    partitionDeletions: readonly Deletion[],
    now: number,
  ): string | null {
    const c1 = Number(place.split('/')[0]);
    const here = own.filter((write) => 'c1' in write && `${write.c1}/${write.c2}` === place);
    const ranges = own.filter((write) => write.kind === 'deleteRange' && covers(write, c1));
    const deletions = [...partitionDeletions, ...ranges, ...here.filter((write) => write.kind === 'deleteRow')];
    const cells = new Map<string, ModelCell[]>();
    const live: ModelCell[] = [];
    const mapDeletions: Deletion[] = [];
    for (const write of here) {
      if (write.kind === 'overwriteMap') {
        mapDeletions.push({ time: write.time - 1 });
        for (const entry of write.entries) push(cells, `m[${entry}]`, cell(write.time, 0, false, entry));
      } else if (write.kind === 'row') {
        if (write.live) live.push(cell(write.time, write.ttl, false, 0));
        for (const { column, path, value, isTombstone } of write.cells) {
          const name = column === 2 ? `m[${path}]` : COLUMN_NAMES[column];
          push(cells, name, cell(write.time, write.ttl, isTombstone, value));
        }
      }
    }
    const shown: string[] = [];
    for (const [name, versions] of [...cells].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const hiding = name.startsWith('m') ? [...deletions, ...mapDeletions] : deletions;
      const best = winner(versions.filter((version) => !isHidden(version.time, hiding)));
      if (best !== null && isLive(best, now)) shown.push(`${name}=${best.value}`);
    }
    const marker = winner(live.filter((version) => !isHidden(version.time, deletions)));
    return shown.length > 0 || (marker !== null && isLive(marker, now)) ? shown.join(' ') : null;
  }
}

function covers(write: Extract<Write, { kind: 'deleteRange' }>, c1: number): boolean {
  const from = Math.min(write.from, write.to);
  const to = Math.max(write.from, write.to);
  return write.open ? c1 > from && c1 < to : c1 >= from && c1 <= to;
}

function cell(time: number, ttl: number, isTombstone: boolean, value: number): ModelCell {
  if (isTombstone) return { time, ttl: 0, local: 100, value: '' };
  const local = ttl === 0 ? Number.POSITIVE_INFINITY : 1000 + ttl;
  return { time, ttl, local, value: value.toString(16).padStart(8, '0') };
}

function push(cells: Map<string, ModelCell[]>, name: string, version: ModelCell): void {
  cells.set(name, [...(cells.get(name) ?? []), version]);
}

function isHidden(time: number, deletions: readonly Deletion[]): boolean {
  return deletions.some((deletion) => time <= deletion.time);
}

function isLive(version: ModelCell, now: number): boolean {
  return version.local === Number.POSITIVE_INFINITY || (version.ttl > 0 && now < version.local);
}

/** Latest time; then tombstone, expiring, plain; then the later end, the lower TTL, the larger value. */
function winner(versions: readonly ModelCell[]): ModelCell | null {
  const rank = (version: ModelCell): number =>
    version.local === Number.POSITIVE_INFINITY ? 0 : version.ttl > 0 ? 1 : 2;
  const end = (version: ModelCell): number => (rank(version) === 0 ? 0 : version.local);
  const sorted = [...versions].sort(
    (a, b) =>
      b.time - a.time ||
      rank(b) - rank(a) ||
      end(b) - end(a) ||
      a.ttl - b.ttl ||
      (a.value < b.value ? 1 : a.value > b.value ? -1 : 0),
  );
  return sorted[0] ?? null;
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}
