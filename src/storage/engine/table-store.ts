import type { TableMetadata } from '../../schema/model/index.ts';
import type { StoredSSTable } from '../compaction/stored-sstable.ts';
import { Memtable } from '../memtable/index.ts';
import type { MutationReader } from '../mutation/index.ts';
import { VersionSet } from '../version-set/index.ts';
import { hasOtherLayout, hasReaddedColumns } from './table-changes.ts';

/** A memtable with the log segment that its oldest write is in. */
export interface StoredMemtable {
  readonly memtable: Memtable;
  readonly firstSegment: number;
}

/** One table of an open database: the memtable that takes writes, those being flushed, and the SSTables. */
export class TableStore {
  table: TableMetadata;
  readonly directory: string;
  readonly versions: VersionSet<StoredSSTable>;
  /** Memtables that take no more writes, oldest first; each goes when its SSTable is there. */
  readonly frozen: StoredMemtable[] = [];
  private active: Memtable;
  private activeSegment = Number.POSITIVE_INFINITY;
  private lastGeneration: number;
  private readonly holds = new Set<{ readonly segment: number }>();
  isDropped = false;
  /** Whether a column was dropped and added again: older cells of it do not count. */
  hasReaddedColumns: boolean;

  constructor(table: TableMetadata, directory: string, sstables: readonly StoredSSTable[], lastGeneration: number) {
    this.table = table;
    this.directory = directory;
    this.versions = new VersionSet<StoredSSTable>(sstables);
    this.lastGeneration = lastGeneration;
    this.active = new Memtable(table);
    this.hasReaddedColumns = hasReaddedColumns(table);
  }

  /** Applies a mutation in the layout of `table` that the log has in `segment`. */
  apply(mutation: MutationReader, segment: number): void {
    if (segment < this.activeSegment) this.activeSegment = segment;
    this.active.apply(mutation);
  }

  /** The oldest log segment that the table needs: with writes that are in no SSTable, or held; infinite for none. */
  get firstSegment(): number {
    let first = this.activeSegment;
    for (const { segment } of this.holds) first = Math.min(first, segment);
    for (const { firstSegment } of this.frozen) first = Math.min(first, firstSegment);
    return first;
  }

  /** The log segment of the oldest write in the memtable that takes writes; infinite for none. */
  get activeFirstSegment(): number {
    return this.activeSegment;
  }

  get activeBytes(): number {
    return this.active.isEmpty ? 0 : this.active.memoryBytes;
  }

  get frozenBytes(): number {
    let bytes = 0;
    for (const { memtable } of this.frozen) bytes += memtable.memoryBytes;
    return bytes;
  }

  get isActiveFull(): boolean {
    return this.active.isNearlyFull;
  }

  /** All memtables, oldest first; empty ones are left out. */
  memtables(): Memtable[] {
    const all = this.frozen.map((stored) => stored.memtable);
    if (!this.active.isEmpty) all.push(this.active);
    return all;
  }

  /** Sets the memtable aside for a flush; writes go to another. */
  freeze(): void {
    if (this.active.isEmpty) return;
    this.frozen.push({ memtable: this.active, firstSegment: this.activeSegment });
    this.active = new Memtable(this.table);
    this.activeSegment = Number.POSITIVE_INFINITY;
  }

  /** Goes on under a later version of the table; what was written before keeps its own. */
  alter(table: TableMetadata): void {
    const isOther = hasOtherLayout(this.table, table);
    this.table = table;
    this.hasReaddedColumns = hasReaddedColumns(table);
    if (!isOther) return;
    if (this.active.isEmpty) this.active = new Memtable(table);
    else this.freeze();
  }

  /** Forgets the writes of memtables that were set aside. */
  forget(truncated: readonly StoredMemtable[]): void {
    const kept = this.frozen.filter((stored) => !truncated.includes(stored));
    this.frozen.splice(0, this.frozen.length, ...kept);
  }

  /** Forgets all unflushed writes. */
  clearMemtables(): void {
    this.frozen.length = 0;
    this.active = new Memtable(this.table);
    this.activeSegment = Number.POSITIVE_INFINITY;
  }

  /** Keeps the log from this segment on until what it returns is called: a truncation's SSTables may still be there. */
  holdLog(segment: number): () => void {
    const hold = { segment };
    this.holds.add(hold);
    return () => this.holds.delete(hold);
  }

  /** SSTables up to this generation were truncated: no later one may be taken for one of them. */
  skipGenerations(generation: number): void {
    this.lastGeneration = Math.max(this.lastGeneration, generation);
  }

  /** The number in the name of the next SSTable. */
  nextGeneration(): number {
    return ++this.lastGeneration;
  }

  get generation(): number {
    return this.lastGeneration;
  }
}
