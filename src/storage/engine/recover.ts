import type { TableMetadata } from '../../schema/model/index.ts';
import type { FileSystem } from '../files/index.ts';
import { type Mutation, MutationBuilder, MutationReader, translateMutation } from '../mutation/index.ts';
import { type ReplayReport, type ReplayTarget, replayWal, type TableLayout } from '../wal/index.ts';
import type { TableStore } from './table-store.ts';

/** Tables by id; undefined for those that were dropped. */
export type FindStore = (tableId: string) => TableStore | undefined;

export interface RecoveryTarget {
  readonly find: FindStore;
  /** Up to which generation a truncated table's SSTables are void, and whether its base is hidden. */
  readonly voided: (store: TableStore, generation: number, hidesBase: boolean) => void;
  /** A table that is not there any more. */
  readonly unknown: (tableId: string) => void;
}

/** Brings the log's writes into memtables. Writes to dropped tables and columns are left out. */
export function replayInto(
  files: FileSystem,
  directory: string,
  target: RecoveryTarget,
  options: { readonly repair: boolean },
): Promise<ReplayReport> {
  return replayWal(files, directory, new Recovery(target), options);
}

class Recovery implements ReplayTarget {
  private readonly target: RecoveryTarget;
  private readonly reader = new MutationReader();
  private readonly builder = new MutationBuilder();
  /** Whether a layout's mutations can be applied as they are. */
  private readonly isCurrent = new Map<TableLayout, boolean>();

  constructor(target: RecoveryTarget) {
    this.target = target;
  }

  write(layout: TableLayout, bytes: Uint8Array, start: number, end: number, segment: number): void {
    const store = this.target.find(layout.tableId);
    if (store === undefined) {
      this.target.unknown(layout.tableId);
      return;
    }
    this.reader.open(bytes, start, end);
    if (!this.isCurrentLayout(layout, store.table)) {
      const translated = translateMutation(this.reader, layout, store.table, this.builder);
      if (translated === null) return;
      this.reader.open(translated.bytes);
    }
    store.apply(this.reader, segment);
  }

  truncate(tableId: string, generation: number, hidesBase: boolean): void {
    const store = this.target.find(tableId);
    if (store === undefined) return;
    store.clearMemtables();
    store.skipGenerations(generation);
    this.target.voided(store, generation, hidesBase);
  }

  private isCurrentLayout(layout: TableLayout, table: TableMetadata): boolean {
    let isCurrent = this.isCurrent.get(layout);
    if (isCurrent === undefined) {
      isCurrent = isCurrentLayout(layout, table);
      this.isCurrent.set(layout, isCurrent);
    }
    return isCurrent;
  }
}

function isCurrentLayout(layout: TableLayout, table: TableMetadata): boolean {
  const namesAre = (names: readonly string[], columns: TableMetadata['regulars']): boolean =>
    names.length === columns.length &&
    columns.every((column, i) => column.name === names[i] && !table.dropped.has(column.name));
  return namesAre(layout.statics, table.statics) && namesAre(layout.regulars, table.regulars);
}

/** A mutation that was made under an earlier version of its table, under this one; null when nothing of it is left. */
export function mutationUnder(mutation: Mutation, table: TableMetadata): Mutation | null {
  const reader = new MutationReader();
  reader.open(mutation.bytes);
  const names = (columns: TableMetadata['regulars']): string[] => columns.map((column) => column.name);
  const from = { statics: names(mutation.table.statics), regulars: names(mutation.table.regulars) };
  return translateMutation(reader, from, table, new MutationBuilder());
}
