import { compareUnsigned, uint16At } from '../../bytes/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import type { DecoratedKey } from '../../storage/rows/index.ts';
import { codecOf, type TypeCodec } from '../../types/index.ts';
import { compareTokens } from '../access/token-range.ts';

export type KeyOrder = (a: DecoratedKey, b: DecoratedKey) => number;

/** Keyspaces whose partitions Cassandra has in the order of their keys and not of tokens (`LocalPartitioner`, 5.0.8). */
const LOCAL: ReadonlySet<string> = new Set(['system_views', 'system_virtual_schema']);

/** The order in which partitions of a virtual table come. */
export function keyOrderOf({ keyspace, partitionKey }: TableMetadata): KeyOrder {
  if (!LOCAL.has(keyspace)) return byToken;
  const codecs = partitionKey.map(({ type }) => codecOf(type));
  return ({ key: a }, { key: b }) => compareValues(codecs, a, b);
}

function byToken(a: DecoratedKey, b: DecoratedKey): number {
  return compareTokens(a.token, b.token) || compareUnsigned(a.key, 0, a.key.length, b.key, 0, b.key.length);
}

/** One column is the key itself; several are a composite (see `packPartitionKey`). */
function compareValues(codecs: readonly TypeCodec[], a: Uint8Array, b: Uint8Array): number {
  if (codecs.length === 1) return codecs[0].compare(a, 0, a.length, b, 0, b.length);
  let p = 2;
  let q = 2;
  for (const codec of codecs) {
    const aEnd = p + uint16At(a, p - 2);
    const bEnd = q + uint16At(b, q - 2);
    const order = codec.compare(a, p, aEnd, b, q, bEnd);
    if (order !== 0) return order;
    p = aEnd + 3;
    q = bEnd + 3;
  }
  return 0;
}
