import { findTableById, type Schema, type TableMetadata } from '../../schema/model/index.ts';
import { RemappedStream } from '../memtable/index.ts';
import type { ReadRange, UnfilteredStream } from '../rows/index.ts';
import type { StorageReader, TableSource } from '../scan/index.ts';
import type { DatabaseDirectory } from './database-directory.ts';
import { hasOtherLayout } from './table-changes.ts';

/** Files that stay untouched, over which a database is laid. */
export interface OverlayBase {
  readonly reader: StorageReader;
  readonly schema: Schema;
  /** See `AssignedTimestamps`; absent where none of ours wrote it. */
  readonly assignedMicros?: number;
}

/** Data of one table below an overlay, pinned. */
export interface BaseTable {
  readonly source: TableSource;
  /** Whether the source has the columns that it is asked for under. */
  readonly isCurrent: boolean;
  stream(range: ReadRange): Promise<UnfilteredStream>;
}

/**
 * What lies below a database, and of which tables it is seen. A table is known below by its id: one that was dropped and
 * made again has another. TRUNCATE hides the base of a table for good.
 */
export class HiddenBases {
  private readonly base: OverlayBase | null;
  private readonly directory: DatabaseDirectory;
  private readonly hidden = new Set<string>();

  constructor(base: OverlayBase | null, directory: DatabaseDirectory) {
    this.base = base;
    this.directory = directory;
  }

  isSeen(table: TableMetadata): boolean {
    return !this.hidden.has(table.id) && this.tableBelow(table) !== undefined;
  }

  /** The base's data of a table, under the columns that the table has now; null when there is none to be seen. */
  open(table: TableMetadata): BaseTable | null {
    const below = this.hidden.has(table.id) ? undefined : this.tableBelow(table);
    if (this.base === null || below === undefined) return null;
    const source = this.base.reader.open(below);
    const isCurrent = !hasOtherLayout(below, table);
    const stream = async (range: ReadRange): Promise<UnfilteredStream> => {
      const rows = await source.stream(range);
      return isCurrent ? rows : RemappedStream.over(rows, table);
    };
    return { source, isCurrent, stream };
  }

  /** Before the log is replayed, or by a reader after it: what leaves the log is in the file. */
  load(): void {
    for (const id of this.directory.readHidden()) this.hidden.add(id);
  }

  /** Until `save` only in this process. */
  hide(tableId: string): void {
    this.hidden.add(tableId);
  }

  /** Makes it durable which bases are hidden, before the log may forget of it. */
  async save(): Promise<void> {
    const known = new Set(this.directory.readHidden());
    if ([...this.hidden].every((id) => known.has(id))) return;
    await this.directory.writeHidden([...this.hidden]);
  }

  private tableBelow(table: TableMetadata): TableMetadata | undefined {
    return this.base === null ? undefined : findTableById(this.base.schema, table.id);
  }
}
