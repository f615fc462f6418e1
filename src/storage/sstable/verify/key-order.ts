import { compareUnsigned, int64, murmur3TokenInto } from '../../../bytes/index.ts';
import { codecOf } from '../../../types/index.ts';
import type { SSTableReader } from '../sstable-reader.ts';

/** Order of two partition keys in a file. */
export type KeyOrder = (a: Uint8Array, b: Uint8Array) => number;

/**
 * The order that the file's partitioner gives its keys: by token and then by bytes; of a secondary index, by the indexed
 * type. Null for other partitioners, whose order is not checked.
 */
export function keyOrder(reader: SSTableReader): KeyOrder | null {
  const partitioner = reader.statistics.validation?.partitioner ?? '';
  if (isLocal(reader)) {
    if (isCollection(reader)) return null;
    const codec = codecOf(reader.header.keyType.type);
    return (a, b) => codec.compare(a, 0, a.length, b, 0, b.length);
  }
  return partitioner === '' || partitioner.endsWith('.Murmur3Partitioner') ? compareByToken : null;
}

/** The file is of a secondary index: its keys are the indexed values. */
export function isLocal(reader: SSTableReader): boolean {
  return reader.statistics.validation?.partitioner.endsWith('.LocalPartitioner') === true;
}

/** Indexes of a collection's keys or values say the collection's type in the header before 5.0. */
function isCollection(reader: SSTableReader): boolean {
  const { kind } = reader.header.keyType.type;
  return kind === 'list' || kind === 'set' || kind === 'map';
}

const aToken = new Int32Array(2);
const bToken = new Int32Array(2);

function compareByToken(a: Uint8Array, b: Uint8Array): number {
  murmur3TokenInto(a, 0, a.length, aToken);
  murmur3TokenInto(b, 0, b.length, bToken);
  const order = int64.compare(aToken[0], aToken[1], bToken[0], bToken[1]);
  return order !== 0 ? order : compareUnsigned(a, 0, a.length, b, 0, b.length);
}
