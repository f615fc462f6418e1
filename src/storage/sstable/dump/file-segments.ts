import { int64, murmur3Token, type Token } from '../../../bytes/index.ts';
import { CorruptionError } from '../../../errors/index.ts';
import type { SSTableReader } from '../sstable-reader.ts';

/** Whole partitions, those that begin in [start, end) of the uncompressed data. */
export interface FileSegment {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts a file into segments of about `bytes`, as far as its partitions and its index allow: the tokens between the first
 * and the last key are parted evenly, and the index says where a partition begins behind each. Whoever reads a segment
 * finds out whether the index told the truth: the segment must end where the next one begins.
 */
export function* fileSegments(reader: SSTableReader, bytes: number): Generator<FileSegment, void, undefined> {
  const { dataLength } = reader;
  let start = 0;
  for (const end of cuts(reader, bytes)) {
    if (end <= start || end >= dataLength) continue;
    yield { start, end };
    start = end;
  }
  if (start < dataLength) yield { start, end: dataLength };
}

function* cuts(reader: SSTableReader, bytes: number): Generator<number, void, undefined> {
  const count = Math.ceil(reader.dataLength / bytes);
  try {
    const first = tokenOf(murmur3Token(reader.firstKey));
    const last = tokenOf(murmur3Token(reader.lastKey));
    for (let i = 1; i < count; i++) {
      const token = first + ((last - first) * BigInt(i)) / BigInt(count);
      const place = { token: { hi: int64.hiOf(token), lo: int64.loOf(token) }, side: 'before' } as const;
      const entry = reader.index().ceiling(place);
      if (entry !== null) yield entry.dataPosition;
    }
  } catch (error) {
    // A file can be read without its index: the rest is one segment.
    if (!(error instanceof CorruptionError)) throw error;
  }
}

function tokenOf({ hi, lo }: Token): bigint {
  return int64.toBigInt(hi, lo);
}
