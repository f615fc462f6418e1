import { invariant } from '../../errors/index.ts';
import { parseCqlTypeName } from '../../types/index.ts';
import { type ColumnDefinition, defineTable, type TableDefinition, type TableMetadata } from '../model/index.ts';

/** A table of a system keyspace: its columns as CREATE TABLE's text has them, without `PRIMARY KEY (…)`. */
export interface SystemTableText {
  readonly keyspace: string;
  readonly name: string;
  /** Made of the table's name (`TableId.unsafeDeterministic`), and so part of its directory's name; virtual tables need none. */
  readonly id?: string;
  readonly comment: string;
  readonly columns: string;
  readonly partitionKey: readonly string[];
  readonly clustering?: readonly string[];
  readonly options?: TableDefinition['options'];
  readonly indexes?: TableDefinition['indexes'];
  readonly dropped?: TableDefinition['dropped'];
}

const NO_ID = '0'.repeat(32);

/** Reads the short text without the CQL parser, so that opening a node's directory needs none. */
export function defineSystemTable(text: SystemTableText): TableMetadata {
  const types = new Map(splitColumns(text.columns).map(readColumn));
  const { partitionKey, clustering = [] } = text;
  const column = (name: string, kind: ColumnDefinition['kind']): ColumnDefinition => {
    const type = types.get(name);
    invariant(type !== undefined, `${text.keyspace}.${text.name} has no column ${name}`);
    return { name, kind, type };
  };
  const others = [...types.keys()].filter((name) => !partitionKey.includes(name) && !clustering.includes(name));
  return defineTable({
    keyspace: text.keyspace,
    name: text.name,
    id: text.id ?? NO_ID,
    columns: [
      ...partitionKey.map((name) => column(name, 'partition_key')),
      ...clustering.map((name) => column(name, 'clustering')),
      ...others.map((name) => column(name, 'regular')),
    ],
    options: { comment: text.comment, ...text.options },
    indexes: text.indexes,
    dropped: text.dropped,
  });
}

/** At the commas that stand outside of `<…>`. */
function splitColumns(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '<') depth++;
    else if (text[i] === '>') depth--;
    else if (text[i] === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function readColumn(text: string): [string, ColumnDefinition['type']] {
  const [name, ...type] = text.trim().split(' ');
  return [name, parseCqlTypeName(type.join(' '), () => null)];
}
