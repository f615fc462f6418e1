import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { int64, murmur3Token, toHex } from '../../../../src/bytes/index.ts';
import { nodeFileSystem } from '../../../../src/storage/files/index.ts';
import {
  ClusteringPrefix,
  type DecoratedKey,
  DeletionTime,
  isEnd,
  isStart,
  PrefixKind,
  type ReadRange,
  readAll,
  type Slice,
  Step,
} from '../../../../src/storage/rows/index.ts';
import { openSSTable, type SSTableReader } from '../../../../src/storage/sstable/sstable-reader.ts';
import { FORMATS } from '../../support/corpus.ts';
import { corpusDataFiles } from '../corpus-files.ts';

/** Tables with row indexes, range tombstones, and descending or several clustering columns. */
const TABLES = /\/(wide_rt|wide_partition_table|range_tombstones|tombstones|chat_messages|tick_data|all_types_ck_b)-/;

/** A row or bound, with the deletion that is open where it stands. */
interface Element {
  readonly clustering: ClusteringPrefix;
  readonly isRow: boolean;
  readonly cells: number;
  readonly open: string;
}

describe.each(FORMATS)('slices of %s', (format) => {
  const files = corpusDataFiles(format).filter(({ name }) => TABLES.test(`/${name}`));

  it.each(files)('$name', async ({ dataPath }) => {
    const reader = await openSSTable(nodeFileSystem, dataPath);
    const all = await readPartitions(reader, readAll);
    const keys = [...all.values()].map((partition) => partition.key);
    await fc.assert(
      fc.asyncProperty(cases(keys.length), async ({ keyIndex, cuts, sides, reversed, oneKey }) => {
        const key = keys[keyIndex];
        const partition = all.get(toHex(key.key));
        if (partition === undefined) return;
        const slices = slicesOf(reader, partition.elements, cuts, sides);
        const partitions = oneKey ? ({ kind: 'keys', keys: [key] } as const) : ({ kind: 'all' } as const);
        const got = await readPartitions(reader, { partitions, slices, reversed });
        for (const [name, { elements }] of all) {
          if (oneKey && name !== toHex(key.key)) continue;
          const rows = elements.filter((element) => element.isRow && isInside(reader, element, slices));
          const wanted = rows.map(rowText);
          expect(
            got
              .get(name)
              ?.elements.filter((element) => element.isRow)
              .map(rowText),
          ).toEqual(reversed ? wanted.reverse() : wanted);
        }
      }),
      { numRuns: 25 },
    );
    reader.close();
  });
});

interface Case {
  readonly keyIndex: number;
  readonly cuts: readonly number[];
  readonly sides: readonly boolean[];
  readonly reversed: boolean;
  readonly oneKey: boolean;
}

function cases(keyCount: number): fc.Arbitrary<Case> {
  return fc.record({
    keyIndex: fc.nat(keyCount - 1),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }),
    sides: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
    reversed: fc.boolean(),
    oneKey: fc.boolean(),
  });
}

/** Disjoint slices whose bounds are prefixes of clusterings of the partition; the last may be open at its end. */
function slicesOf(
  reader: SSTableReader,
  elements: readonly Element[],
  cuts: readonly number[],
  sides: readonly boolean[],
): Slice[] {
  const rows = elements.filter((element) => element.isRow);
  if (rows.length === 0) return [];
  const bounds = cuts
    .map((cut) => rows[Math.floor(cut * (rows.length - 1))].clustering)
    .sort((a, b) => reader.comparator.compare(a, b))
    .filter((bound, i, sorted) => i === 0 || reader.comparator.compare(sorted[i - 1], bound) < 0);
  const slices: Slice[] = [];
  for (let i = 0; i < bounds.length; i += 2) {
    const start = sides[i] ? PrefixKind.INCLUSIVE_START_BOUND : PrefixKind.EXCLUSIVE_START_BOUND;
    const end = sides[i + 1] ? PrefixKind.INCLUSIVE_END_BOUND : PrefixKind.EXCLUSIVE_END_BOUND;
    const last = bounds[i + 1];
    slices.push({
      start: boundOf(bounds[i], start),
      end: last === undefined ? ClusteringPrefix.of(PrefixKind.INCLUSIVE_END_BOUND, []) : boundOf(last, end),
    });
  }
  return slices;
}

function boundOf(clustering: ClusteringPrefix, kind: number): ClusteringPrefix {
  const values = Array.from({ length: clustering.size }, (_, i) => clustering.value(i));
  return ClusteringPrefix.of(kind, values);
}

function isInside(reader: SSTableReader, element: Element, slices: readonly Slice[]): boolean {
  const { comparator } = reader;
  return slices.some(
    ({ start, end }) =>
      comparator.compare(element.clustering, start) > 0 && comparator.compare(element.clustering, end) < 0,
  );
}

/** The row with the range deletion that covers it: slices must not lose a bound. */
function rowText({ clustering, cells, open }: Element): string {
  const values = Array.from({ length: clustering.size }, (_, i) => toHex(clustering.value(i) ?? new Uint8Array(0)));
  return `${values.join(':')} ${cells} ${open}`;
}

async function readPartitions(
  reader: SSTableReader,
  range: ReadRange,
): Promise<Map<string, { key: DecoratedKey; elements: Element[] }>> {
  const partitions = new Map<string, { key: DecoratedKey; elements: Element[] }>();
  const stream = await reader.stream(range, undefined, { maxWindowBytes: 8192 });
  const open = new DeletionTime();
  let elements: Element[] = [];
  for (;;) {
    const step = stream.next();
    if (step === Step.END) break;
    if (step === Step.NEED_MORE) await stream.load();
    else if (step === Step.PARTITION) {
      const { key, keyStart, keyEnd } = stream.partition;
      const bytes = key.slice(keyStart, keyEnd);
      elements = [];
      partitions.set(toHex(bytes), { key: { token: murmur3Token(bytes), key: bytes }, elements });
      open.clear();
    } else if (step === Step.ROW) {
      const clustering = new ClusteringPrefix();
      clustering.copyFrom(stream.row.clustering);
      elements.push({ clustering, isRow: true, cells: stream.row.cellCount, open: deletionText(open) });
    } else if (step === Step.MARKER) {
      const { marker } = stream;
      const clustering = new ClusteringPrefix();
      clustering.copyFrom(marker.clustering);
      // Going backward a bound's end is met first.
      const [before, after] = range.reversed ? [marker.opening, marker.closing] : [marker.closing, marker.opening];
      const closes = range.reversed ? isStart(clustering.kind) : isEnd(clustering.kind);
      if (closes) expect(deletionText(before)).toBe(deletionText(open));
      else expect(open.isLive()).toBe(true);
      open.copyFrom(after);
      elements.push({ clustering, isRow: false, cells: 0, open: deletionText(open) });
    } else if (step === Step.PARTITION_END) expect(open.isLive()).toBe(true);
  }
  stream.close();
  return partitions;
}

function deletionText(deletion: DeletionTime): string {
  return deletion.isLive() ? 'live' : `${int64.toString(deletion.hi, deletion.lo)}@${deletion.localSeconds}`;
}
