/**
 * Identifiers as CQL text. Reserved words are Cassandra 5.0.8's (`cql3/reserved_keywords.txt` of its jar): these must be
 * quoted, all other keywords may be names.
 */
const RESERVED_WORDS: ReadonlySet<string> = new Set(
  (
    'add allow alter and apply asc authorize batch begin by columnfamily create delete desc describe drop entries ' +
    'execute from full grant if in index infinity insert into is keyspace limit materialized modify nan norecursive ' +
    'not null of on or order primary rename revoke schema select set table to token truncate unlogged update use ' +
    'using view where with'
  ).split(' '),
);

const PLAIN = /^[a-z][a-z0-9_]*$/;

/** The name as CQL reads it back: quoted where it has upper case or other characters, or is reserved. */
export function quoteIdentifier(name: string): string {
  return PLAIN.test(name) && !RESERVED_WORDS.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** The key of a column in SELECT JSON's objects: case-sensitive names stand in quotes of their own. */
export function jsonColumnName(name: string): string {
  return name === name.toLowerCase() ? name : `"${name}"`;
}
