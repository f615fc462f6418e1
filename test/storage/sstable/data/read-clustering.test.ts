import { describe, expect, it } from 'vitest';
import { ByteCursor } from '../../../../src/bytes/index.ts';
import { CorruptionError } from '../../../../src/errors/index.ts';
import { ClusteringPrefix, PrefixKind } from '../../../../src/storage/rows/index.ts';
import { readClusteringPrefix } from '../../../../src/storage/sstable/data/read-clustering.ts';

const columns = { lengths: Int32Array.of(1, 1), names: ['a', 'b'] };

function read(...bytes: number[]): ClusteringPrefix {
  const prefix = new ClusteringPrefix();
  readClusteringPrefix(new ByteCursor(Uint8Array.from(bytes), 0, bytes.length, 'Index.db', 100), columns, prefix);
  return prefix;
}

describe('clustering values of an index', () => {
  it('are there, empty, or null', () => {
    const prefix = read(PrefixKind.CLUSTERING, 0b0100, 7);
    expect([prefix.value(0), prefix.value(1)]).toEqual([Uint8Array.of(7), new Uint8Array(0)]);
    expect(read(PrefixKind.CLUSTERING, 0b1000, 7).value(1)).toBeNull();
  });

  it.each([
    ['a clustering', [PrefixKind.CLUSTERING, 0b1100, 7], 103],
    ['a bound', [PrefixKind.INCLUSIVE_START_BOUND, 0, 2, 0b1100, 7], 105],
  ])('are not both, in %s', (_, bytes, offset) => {
    let thrown: unknown;
    try {
      read(...bytes);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(CorruptionError);
    expect(thrown).toMatchObject({
      detail: 'a clustering value that is both empty and null',
      place: { file: 'Index.db', offset, column: 'b' },
    });
  });
});
