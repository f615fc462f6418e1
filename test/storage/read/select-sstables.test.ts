import { describe, expect, it } from 'vitest';
import { murmur3Token, type Token } from '../../../src/bytes/index.ts';
import { compareTokens, groupIntoRuns, type SSTableSummary, selectSSTables } from '../../../src/storage/read/index.ts';
import {
  ClusteringComparator,
  ClusteringPrefix,
  PrefixKind,
  type ReadRange,
  readAll,
  type Slice,
} from '../../../src/storage/rows/index.ts';
import { newScanStatistics } from '../../../src/storage/scan/index.ts';
import { intBytes, modelTable } from '../merge/plain-model.ts';

const comparator = new ClusteringComparator(modelTable.clustering);

function token(lo: number): Token {
  return { hi: 0, lo };
}

function summary(parts: Partial<SSTableSummary> = {}): SSTableSummary {
  return {
    firstToken: token(10),
    lastToken: token(20),
    coveredClustering: null,
    hasPartitionLevelDeletions: false,
    hasStaticColumns: false,
    mayContain: () => true,
    ...parts,
  };
}

function slice(from: number, to: number): Slice {
  return {
    start: ClusteringPrefix.of(PrefixKind.INCLUSIVE_START_BOUND, [intBytes(from)]),
    end: ClusteringPrefix.of(PrefixKind.INCLUSIVE_END_BOUND, [intBytes(to)]),
  };
}

function isSelected(sstable: SSTableSummary, range: Partial<ReadRange>): boolean {
  const statistics = newScanStatistics();
  const selected = selectSSTables([sstable], { ...readAll, ...range }, comparator, statistics);
  expect([statistics.sstables, statistics.sstablesSkipped]).toEqual(selected.length === 1 ? [1, 0] : [0, 1]);
  return selected.length === 1;
}

describe('selectSSTables', () => {
  const bound = (lo: number, inclusive: boolean) => ({ token: token(lo), inclusive });

  it.each([
    ['no bounds', null, null, true],
    ['ends before', null, bound(9, true), false],
    ['ends at its first token', null, bound(10, true), true],
    ['ends just before its first token', null, bound(10, false), false],
    ['begins at its last token', bound(20, true), null, true],
    ['begins just behind its last token', bound(20, false), null, false],
    ['begins behind a key of its last token', { ...bound(20, false), key: intBytes(1) }, null, true],
    ['lies within', bound(12, true), bound(13, true), true],
  ])('a token range that %s', (_, lower, upper, expected) => {
    expect(isSelected(summary(), { partitions: { kind: 'tokens', lower, upper } })).toBe(expected);
  });

  it('narrows keys to those that the filter lets pass', () => {
    const keys = [1, 2, 3].map((key) => ({ key: intBytes(key), token: murmur3Token(intBytes(key)) }));
    const sorted = keys.sort((a, b) => compareTokens(a.token, b.token));
    const sstable = summary({
      firstToken: sorted[0].token,
      lastToken: sorted[1].token,
      mayContain: ({ key }) => key !== sorted[0].key,
    });
    const statistics = newScanStatistics();
    const range: ReadRange = { ...readAll, partitions: { kind: 'keys', keys: sorted } };
    const [selected] = selectSSTables([sstable], range, comparator, statistics);
    expect(selected.range.partitions).toEqual({ kind: 'keys', keys: [sorted[1]] });
    expect(statistics.filterMisses).toBe(1);
  });

  const covered = slice(5, 7);
  it.each<[string, Partial<SSTableSummary>, Slice[], boolean]>([
    ['rows before', {}, [slice(1, 4)], false],
    ['rows behind', {}, [slice(8, 9)], false],
    ['rows before and behind', {}, [slice(1, 4), slice(8, 9)], false],
    ['rows that overlap', {}, [slice(1, 5)], true],
    [
      'no bounds',
      {},
      [{ start: ClusteringPrefix.of(PrefixKind.INCLUSIVE_START_BOUND, []), end: slice(1, 5).end }],
      true,
    ],
    ['rows before, but a partition deletion may hide', { hasPartitionLevelDeletions: true }, [slice(1, 4)], true],
    ['rows before, but a static row may hide', { hasStaticColumns: true }, [slice(1, 4)], true],
    ['rows before, but nothing is known', { coveredClustering: null }, [slice(1, 4)], true],
  ])('slices of %s', (_, parts, slices, expected) => {
    expect(isSelected(summary({ coveredClustering: covered, ...parts }), { slices })).toBe(expected);
  });
});

describe('groupIntoRuns', () => {
  it.each([
    [
      'disjoint ranges are one run',
      [
        [30, 40],
        [10, 20],
        [21, 29],
      ],
      [[10, 21, 30]],
    ],
    [
      'ranges that touch are not',
      [
        [10, 20],
        [20, 30],
      ],
      [[10], [20]],
    ],
    [
      'overlaps go side by side',
      [
        [10, 40],
        [15, 20],
        [21, 50],
        [45, 60],
      ],
      [
        [10, 45],
        [15, 21],
      ],
    ],
    ['nothing is no run', [], []],
  ])('%s', (_, ranges, expected) => {
    const items = ranges.map(([first, last]) => ({
      sstable: summary({ firstToken: token(first), lastToken: token(last) }),
    }));
    expect(groupIntoRuns(items).map((run) => run.map(({ sstable }) => sstable.firstToken.lo))).toEqual(expected);
  });
});
