import { defineTable, type Schema, type TableMetadata } from '../../src/schema/model/index.ts';
import { schemaOf } from '../storage/engine/test-database.ts';
import { wideTable } from '../storage/memtable/random-writes.ts';

/** The columns of the tables of random writes, merged once there are two SSTables of a size. */
function tableOf(name: string, id: string, extra: readonly string[] = []): TableMetadata {
  const added = extra.map((column) => ({
    name: column,
    kind: 'regular' as const,
    type: { kind: 'native' as const, name: 'int' as const },
  }));
  return defineTable({
    keyspace: 'ks',
    name,
    id: id.repeat(32),
    columns: [...wideTable.columns.values(), ...added],
    options: {
      compaction: new Map([
        ['class', 'SizeTieredCompactionStrategy'],
        ['min_threshold', '2'],
      ]),
    },
  });
}

/** Every write goes to both of these, in one call. */
export const first: TableMetadata = tableOf('first', '1');
export const second: TableMetadata = tableOf('second', '2');
/** Has a column more, before all others. */
const secondAltered = tableOf('second', '2', ['a_new']);
/** Is truncated and dropped. */
export const victim: TableMetadata = tableOf('victim', '3');

/** Row numbers that the base has, in `first` and `victim`. */
export const BASE_ROWS: readonly number[] = [2_000_000, 2_000_001, 2_000_002];
/** Rows of each import, and the number of the first one. */
export const IMPORT_ROWS = 10;
export const IMPORT_BASE = 1_000_000;

/** By whether the victim is there, then by whether `second` is altered. */
export const changingSchemas: readonly (readonly Schema[])[] = [
  [schemaOf(first, second), schemaOf(first, secondAltered)],
  [schemaOf(first, second, victim), schemaOf(first, secondAltered, victim)],
];

export function parseChanging(text: string): Schema {
  const found = changingSchemas.flat().find((schema) => schema.version === text);
  if (found === undefined) throw new TypeError(`no schema ${text}`);
  return found;
}
