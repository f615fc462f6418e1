import type { Difference } from './explore.ts';

/** Where we differ from Cassandra knowingly, with the reason. */
const KNOWN: readonly { readonly why: string; readonly is: (difference: Difference) => boolean }[] = [
  {
    why: 'Cassandra packs a map literal of a selection with its duplicate keys in it',
    is: ({ statement }) => /mask_replace\([^)]*\{/.test(statement.cql),
  },
  {
    why: 'which of several conditions is tested first is the order of a HashMultimap',
    is: ({ what }) => what.includes('Invalid negative list index'),
  },
  {
    why: 'a map of columns alone is selected only by Cassandra’s guess whether it is a UDT',
    is: ({ statement, what }) =>
      /^SELECT .*\{[a-z]\d: /.test(statement.cql) && what.includes('Cannot infer type for term {'),
  },
  {
    why: 'a slice of several columns that would filter is refused by Cassandra; here it filters (to be refused: strict)',
    is: ({ what }) => what.includes('Multi-column slice restrictions cannot be used for filtering'),
  },
  {
    why: 'an UPDATE with two faults: Cassandra names the one of SET first, we the one of WHERE',
    is: ({ statement, what }) => statement.cql.startsWith('UPDATE ') && what.includes('Unsupported "!=" relation'),
  },
  {
    why: 'an unset value in a filter has its own wording (`RowFilter`)',
    is: ({ what }) => what.includes('Unsupported unset value for column'),
  },
];

export function isKnown(difference: Difference): boolean {
  return KNOWN.some(({ is }) => is(difference));
}
