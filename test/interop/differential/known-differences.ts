import type { Difference } from './explore.ts';

/** Where we differ from Cassandra knowingly, with the reason. */
const KNOWN: readonly { readonly why: string; readonly is: (difference: Difference) => boolean }[] = [
  {
    why: 'Cassandra packs a map literal of a selection with its duplicate keys in it',
    is: ({ statement }) => /mask_replace\([^)]*\{/.test(statement.cql),
  },
];

export function isKnown(difference: Difference): boolean {
  return KNOWN.some(({ is }) => is(difference));
}
