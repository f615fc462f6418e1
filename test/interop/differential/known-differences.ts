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
];

export function isKnown(difference: Difference): boolean {
  return KNOWN.some(({ is }) => is(difference));
}
