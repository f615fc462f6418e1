import type { Difference } from './explore.ts';

/** Where we differ from Cassandra knowingly, with the reason. */
const KNOWN: readonly { readonly why: string; readonly is: (difference: Difference) => boolean }[] = [
  {
    why: 'the size of a selected map literal counts equal keys twice in Cassandra, so that no client can read it',
    is: ({ statement }) => /mask_replace\([^)]*\{/.test(statement.cql),
  },
  {
    why: 'a masking function of a version 1 UUID alone answers a `LegacyTimeUUIDType`, which no client knows',
    is: ({ statement, what }) => /mask_\w+\(/.test(statement.cql) && what.includes('LegacyTimeUUIDType'),
  },
  {
    why: 'two conditions on one column or element are tested in the order of their addresses in memory',
    is: ({ statement, what }) =>
      /\bIF (.*)$/.test(statement.cql) &&
      what.includes('Invalid comparison with null') &&
      hasTwoOfOneColumn(statement.cql),
  },
  {
    why: 'a tuple for a UDT ends in a server error there once nothing else is wrong; here it is refused first',
    is: ({ what }) =>
      what.includes('A tuple cannot be set as the value of column') ||
      /theirs .*unset value for tuple field.*\nours .*unset value for field .* of user defined type/.test(what),
  },
  {
    why: 'a decimal of a scale without digits passes there, and no one can read it',
    is: ({ what }) => what.includes('ours   InvalidRequest: Expected 0 or at least 4 bytes (4)'),
  },
  {
    why: 'a null decimal of a selected list is "" in JSON there, where a null of another type fails',
    is: ({ what }) =>
      new Set(
        what
          .replaceAll('2222', '6e756c6c')
          .split('\n')
          .map((line) => line.slice(7)),
      ).size === 1,
  },
  {
    why: 'of `toJson` and `to_json` the one that was called first for a type names both from then on',
    is: ({ statement, what }) =>
      /to_?json\(/i.test(statement.cql) &&
      new Set(
        what
          .replace(/to_?json/g, 'tojson')
          .split('\n')
          .map((line) => line.slice(7)),
      ).size === 1,
  },
  {
    why: 'Cassandra does not take back the paging state that it gave out for groups of a table without clustering columns',
    is: ({ statement, what }) =>
      statement.pageSize !== undefined && what.includes('Invalid value for the paging state'),
  },
];

function hasTwoOfOneColumn(cql: string): boolean {
  const [, conditions = ''] = /\bIF (.*)$/.exec(cql) ?? [];
  const columns = conditions.split(' AND ').map((condition) => /^\w+/.exec(condition)?.[0]);
  return new Set(columns).size < columns.length;
}

export function isKnown(difference: Difference): boolean {
  return KNOWN.some(({ is }) => is(difference));
}
