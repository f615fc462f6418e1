import { describe, expect, it } from 'vitest';
import { int64 } from '../../../src/bytes/index.ts';
import { PurgedStream, type PurgeOptions } from '../../../src/storage/merge/index.ts';
import { ArrayStream, type PartitionSpec, type RowSpec } from '../support/array-stream.ts';
import { collect } from '../support/collect.ts';
import { expected, intBytes, modelTable } from './plain-model.ts';

const NOW = 1000;
const GC_BEFORE = 500;
const OLD = { timestamp: 5, localSeconds: 499 };
const RECENT = { timestamp: 5, localSeconds: 500 };

function purge(spec: PartitionSpec, options: Partial<PurgeOptions> = {}) {
  const source = new ArrayStream(modelTable, [spec], false, 2);
  return collect(
    new PurgedStream(source, {
      nowSeconds: NOW,
      gcBeforeSeconds: GC_BEFORE,
      mayPurge: () => true,
      strictLiveness: false,
      ...options,
    }),
  );
}

function partition(elements: PartitionSpec['elements'], deletion?: PartitionSpec['deletion']): PartitionSpec {
  return { key: intBytes(1), deletion, elements };
}

function row(parts: Partial<RowSpec>): RowSpec {
  return { kind: 'row', clustering: [intBytes(0), intBytes(0)], cells: [], ...parts };
}

const live = { column: 0, timestamp: 9, value: Buffer.from('x') };
const open = { kind: 'marker', bound: 1, values: [intBytes(0)] } as const;
const close = { kind: 'marker', bound: 6, values: [intBytes(1)] } as const;

describe('PurgedStream', () => {
  it.each<[string, PartitionSpec, PartitionSpec | null]>([
    ['drops a partition deletion past gc grace, and the empty partition', partition([], OLD), null],
    ['keeps a recent partition deletion', partition([], RECENT), partition([], RECENT)],
    [
      'keeps the rows of a partition whose deletion goes',
      partition([row({ cells: [live] })], OLD),
      partition([row({ cells: [live] })]),
    ],
    ['drops a row that is only an old deletion', partition([row({ deletion: OLD })]), null],
    ['keeps a recent row deletion', partition([row({ deletion: RECENT })]), partition([row({ deletion: RECENT })])],
    [
      'drops old cell tombstones beside live cells',
      partition([row({ cells: [live, { column: 1, ...OLD }] })]),
      partition([row({ cells: [live] })]),
    ],
    [
      'drops old complex deletions',
      partition([row({ cells: [live], complexDeletions: [{ column: 2, ...OLD }] })]),
      partition([row({ cells: [live] })]),
    ],
    [
      'makes an expired cell that must stay a tombstone dated at its write',
      partition([row({ cells: [{ column: 0, timestamp: 5, ttl: 100, localSeconds: 900, value: Buffer.from('x') }] })]),
      partition([row({ cells: [{ column: 0, timestamp: 5, localSeconds: 800 }] })]),
    ],
    [
      'drops an expired cell past gc grace',
      partition([row({ cells: [{ column: 0, timestamp: 5, ttl: 9, localSeconds: 400 }] })]),
      null,
    ],
    [
      'drops an expired cell whose write is past gc grace',
      partition([row({ cells: [{ column: 0, timestamp: 5, ttl: 450, localSeconds: 900 }] })]),
      null,
    ],
    [
      'drops expired liveness past gc grace',
      partition([row({ liveness: { timestamp: 5, ttl: 9, localSeconds: 400 } })]),
      null,
    ],
    [
      'keeps expired liveness within gc grace',
      partition([row({ liveness: { timestamp: 5, ttl: 9, localSeconds: 600 } })]),
      partition([row({ liveness: { timestamp: 5, ttl: 9, localSeconds: 600 } })]),
    ],
    [
      'drops an old range tombstone',
      partition([
        { ...open, opening: OLD },
        { ...close, closing: OLD },
      ]),
      null,
    ],
    [
      'leaves the bound of a boundary whose one side goes',
      partition([
        { ...open, opening: OLD },
        { kind: 'marker', bound: 2, values: [intBytes(1)], closing: OLD, opening: RECENT },
        { ...close, closing: RECENT },
      ]),
      partition([
        { kind: 'marker', bound: 1, values: [intBytes(1)], opening: RECENT },
        { ...close, closing: RECENT },
      ]),
    ],
  ])('%s', async (_, spec, left) => {
    expect(await purge(spec)).toEqual(left === null ? [] : [expected(left, false)]);
  });

  it('keeps what may still hide older data elsewhere', async () => {
    const spec = partition([row({ deletion: { ...OLD, timestamp: 7 } })], OLD);
    const olderThanSix = (_: unknown, hi: number, lo: number) => int64.compare(hi, lo, 0, 6) < 0;
    expect(await purge(spec, { mayPurge: olderThanSix })).toEqual([
      expected(partition([row({ deletion: { ...OLD, timestamp: 7 } })]), false),
    ]);
  });

  it('drops rows of a strict view without liveness', async () => {
    expect(await purge(partition([row({ cells: [live] })]), { strictLiveness: true })).toEqual([]);
  });
});
