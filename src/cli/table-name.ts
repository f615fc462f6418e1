import { UsageError } from '../errors/index.ts';

export interface TableName {
  readonly keyspace: string;
  readonly name: string;
}

/** `KS.TABLE`, each part quoted where CQL would need it. */
export function tableName(text: string): TableName {
  const match = /^("(?:[^"]|"")+"|\w+)\.("(?:[^"]|"")+"|\w+)$/.exec(text);
  if (match === null) throw new UsageError(`a table is named KEYSPACE.TABLE; got '${text}'`);
  return { keyspace: unquoted(match[1]), name: unquoted(match[2]) };
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
