import { invariant } from '../../errors/index.ts';
import type { TableMetadata } from '../model/index.ts';
import { defineSystemTable, type SystemTableText } from './define-system-table.ts';

/**
 * The tables of a system keyspace by name, each built when it is first asked for: most sessions need few of them or none,
 * and none should wait for all when they start.
 */
export class LazyTables implements ReadonlyMap<string, TableMetadata> {
  private readonly texts: ReadonlyMap<string, SystemTableText>;
  private readonly built = new Map<string, TableMetadata>();

  constructor(texts: readonly SystemTableText[]) {
    this.texts = new Map(texts.map((text) => [text.name, text]));
  }

  get size(): number {
    return this.texts.size;
  }

  has(name: string): boolean {
    return this.texts.has(name);
  }

  get(name: string): TableMetadata | undefined {
    let table = this.built.get(name);
    if (table !== undefined) return table;
    const text = this.texts.get(name);
    if (text === undefined) return undefined;
    table = defineSystemTable(text);
    this.built.set(name, table);
    return table;
  }

  keys(): MapIterator<string> {
    return this.all().keys();
  }

  values(): MapIterator<TableMetadata> {
    return this.all().values();
  }

  entries(): MapIterator<[string, TableMetadata]> {
    return this.all().entries();
  }

  [Symbol.iterator](): MapIterator<[string, TableMetadata]> {
    return this.entries();
  }

  forEach(visit: (table: TableMetadata, name: string, map: ReadonlyMap<string, TableMetadata>) => void): void {
    for (const [name, table] of this.all()) visit(table, name, this);
  }

  private all(): ReadonlyMap<string, TableMetadata> {
    return new Map([...this.texts.keys()].map((name) => [name, defined(this.get(name))]));
  }
}

function defined(table: TableMetadata | undefined): TableMetadata {
  invariant(table !== undefined, 'a system table has no text');
  return table;
}
