import { murmur3Token } from '../../../bytes/index.ts';
import type { TableMetadata } from '../../../schema/model/index.ts';
import type { SystemTableText } from '../../../schema/system/define-system-table.ts';
import type { SystemRow } from '../../../schema/system/index.ts';
import type { DecoratedKey, ReadRange } from '../../../storage/rows/index.ts';
import { readAll } from '../../../storage/rows/index.ts';
import type { StorageReader } from '../../../storage/scan/index.ts';
import { compareKeys } from '../../../storage/sstable/dump/key-text.ts';
import { type CqlValue, codecOf } from '../../../types/index.ts';

/** What is asked of one stored table's files. */
export interface FileQuestion {
  readonly reader: StorageReader;
  readonly table: TableMetadata;
  readonly nowSeconds: number;
  /** The partitions that the statement names; null for all. */
  readonly keys: readonly Uint8Array[] | null;
  /** Nobody waits for further rows. */
  readonly isClosed: () => boolean;
}

/** One table of keyspace `cassette`. */
export interface FileTable {
  readonly text: SystemTableText;
  /** Rows of `definition`, the table that `text` makes, in clustering order; only the columns named are made. */
  rows(
    definition: TableMetadata,
    question: FileQuestion,
    columns: ReadonlySet<string>,
  ): AsyncIterable<readonly SystemRow[]>;
}

interface FileTableParts<Item> {
  readonly name: string;
  readonly comment: string;
  /** Its columns beside `keyspace_name`, `table_name` and `now`, as CREATE TABLE's text has them. */
  readonly columns: string;
  readonly clustering: string;
  readonly items: (question: FileQuestion) => AsyncIterable<readonly Item[]>;
  /** `place`: how many items came before. */
  readonly values: Readonly<Record<string, (item: Item, question: FileQuestion, place: number) => CqlValue>>;
}

type Maker<Item> = (item: Item, place: number) => Uint8Array | null;

export function fileTable<Item>(parts: FileTableParts<Item>): FileTable {
  return {
    text: {
      keyspace: 'cassette',
      name: parts.name,
      comment: parts.comment,
      columns: `keyspace_name text, table_name text, ${parts.columns}, now timestamp`,
      partitionKey: ['keyspace_name', 'table_name'],
      clustering: [parts.clustering],
    },
    async *rows(definition, question, columns) {
      const makers = makersOf(parts, definition, question, columns);
      let place = 0;
      for await (const items of parts.items(question)) {
        const rows: SystemRow[] = [];
        for (const item of items) {
          const row: Record<string, Uint8Array | null> = {};
          for (const [name, make] of makers) row[name] = make(item, place);
          place++;
          rows.push(row);
        }
        yield rows;
      }
    },
  };
}

function makersOf<Item>(
  { values }: FileTableParts<Item>,
  definition: TableMetadata,
  question: FileQuestion,
  wanted: ReadonlySet<string>,
): [name: string, make: Maker<Item>][] {
  const shared: Readonly<Record<string, CqlValue>> = {
    keyspace_name: question.table.keyspace,
    table_name: question.table.name,
    now: new Date(question.nowSeconds * 1000),
  };
  const isKey = ({ kind }: { kind: string }): boolean => kind === 'partition_key' || kind === 'clustering';
  return [...definition.columns.values()]
    .filter((column) => isKey(column) || wanted.has(column.name))
    .map((column): [string, Maker<Item>] => {
      const codec = codecOf(column.type);
      const encode = (value: CqlValue): Uint8Array | null => (value === null ? null : codec.encode(value));
      if (column.name in shared) {
        const bytes = encode(shared[column.name]);
        return [column.name, () => bytes];
      }
      const value = values[column.name];
      return [column.name, (item, place) => encode(value(item, question, place))];
    });
}

/** The partitions that a question is about. */
export function rangeOf({ keys }: FileQuestion): ReadRange {
  if (keys === null) return readAll;
  const decorated = keys.map((key): DecoratedKey => ({ key, token: murmur3Token(key) })).sort(compareKeys);
  return { ...readAll, partitions: { kind: 'keys', keys: decorated } };
}
