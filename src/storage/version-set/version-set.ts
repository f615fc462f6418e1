import { invariant } from '../../errors/index.ts';

/** What a version consists of: an open SSTable. */
export interface Closeable {
  close(): void;
}

/** A pinned or current list of SSTables, oldest first. It never changes. */
export interface SSTableVersion<T extends Closeable> {
  readonly sstables: readonly T[];
  /** Ends a pin. */
  release(): void;
}

/** Replaced SSTables of one change, and what to do when nothing reads them any more. */
interface Replaced {
  left: number;
  readonly whenUnused: () => void;
}

/** The versions of one table. */
export class VersionSet<T extends Closeable> {
  private version: Version<T>;
  /** Versions that hold each SSTable. */
  private readonly holders = new Map<T, number>();
  private readonly replaced = new Map<T, Replaced>();
  private isClosed = false;

  constructor(sstables: readonly T[] = []) {
    this.version = this.hold(sstables);
  }

  get sstables(): readonly T[] {
    return this.version.sstables;
  }

  /** The current version, which stays whole until it is released. */
  pin(): SSTableVersion<T> {
    this.version.pins++;
    return this.version;
  }

  /** Makes the next version. `whenUnused` is called once all of `removed` are in no version; their files may go then. */
  replace(removed: readonly T[], added: readonly T[], whenUnused: () => void): void {
    const gone = new Set(removed);
    const kept = this.version.sstables.filter((sstable) => !gone.has(sstable));
    invariant(
      kept.length === this.version.sstables.length - removed.length,
      'a replaced SSTable is not in the version',
    );
    if (removed.length === 0) whenUnused();
    else {
      const change: Replaced = { left: removed.length, whenUnused };
      for (const sstable of removed) this.replaced.set(sstable, change);
    }
    const before = this.version;
    this.version = this.hold([...kept, ...added]);
    before.release();
  }

  /** Unpins the current version for good. Pins that are held stay good until they are released. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.version.release();
  }

  private hold(sstables: readonly T[]): Version<T> {
    for (const sstable of sstables) this.holders.set(sstable, (this.holders.get(sstable) ?? 0) + 1);
    return new Version(sstables, () => this.drop(sstables));
  }

  private drop(sstables: readonly T[]): void {
    for (const sstable of sstables) {
      const left = (this.holders.get(sstable) ?? 0) - 1;
      if (left > 0) {
        this.holders.set(sstable, left);
        continue;
      }
      this.holders.delete(sstable);
      sstable.close();
      const change = this.replaced.get(sstable);
      this.replaced.delete(sstable);
      if (change !== undefined && --change.left === 0) change.whenUnused();
    }
  }
}

class Version<T extends Closeable> implements SSTableVersion<T> {
  readonly sstables: readonly T[];
  /** One for being current. */
  pins = 1;
  private readonly whenUnpinned: () => void;

  constructor(sstables: readonly T[], whenUnpinned: () => void) {
    this.sstables = sstables;
    this.whenUnpinned = whenUnpinned;
  }

  release(): void {
    invariant(this.pins > 0, 'a version was released too often');
    if (--this.pins === 0) this.whenUnpinned();
  }
}
