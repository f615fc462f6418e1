import { quoteIdentifier } from '../types/index.ts';

/** `keyspace."Table"`, each part quoted where CQL needs it: how Cassandra prints tables, in statements and refusals. */
export function qualifiedName(keyspace: string, name: string): string {
  return `${quoteIdentifier(keyspace)}.${quoteIdentifier(name)}`;
}
