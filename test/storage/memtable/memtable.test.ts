import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmur3Token } from '../../../src/bytes/index.ts';
import { defineTable } from '../../../src/schema/model/index.ts';
import { Memtable } from '../../../src/storage/memtable/index.ts';
import { mergeStreams } from '../../../src/storage/merge/index.ts';
import { type Mutation, MutationBuilder, MutationReader } from '../../../src/storage/mutation/index.ts';
import { type ReadRange, Row, readAll } from '../../../src/storage/rows/index.ts';
import { arbitraryWrite, int32, mutationOf, sliceBetween, type Write, wideTable } from './random-writes.ts';
import { streamText } from './stream-text.ts';

const builder = new MutationBuilder();
const reader = new MutationReader();

function apply(memtable: Memtable, mutation: Mutation): void {
  reader.open(mutation.bytes);
  memtable.apply(reader);
}

function memtableOf(writes: readonly Write[]): Memtable {
  const memtable = new Memtable(wideTable);
  for (const write of writes) apply(memtable, mutationOf(builder, write));
  return memtable;
}

function text(memtable: Memtable, range: ReadRange = readAll): Promise<string[]> {
  return streamText(memtable.snapshot().stream(range));
}

const keys = [0, 1, 2, 3]
  .map((p) => ({ token: murmur3Token(int32(p)), key: int32(p) }))
  .sort((a, b) => a.token.hi - b.token.hi);

const arbitraryRange: fc.Arbitrary<ReadRange> = fc.record({
  partitions: fc.oneof(
    fc.constant({ kind: 'all' as const }),
    fc.subarray(keys).map((some) => ({ kind: 'keys' as const, keys: some })),
    fc.record({
      kind: fc.constant('tokens' as const),
      lower: fc.option(fc.record({ token: fc.constantFrom(...keys.map((k) => k.token)), inclusive: fc.boolean() })),
      upper: fc.option(fc.record({ token: fc.constantFrom(...keys.map((k) => k.token)), inclusive: fc.boolean() })),
    }),
  ),
  slices: fc.option(
    fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 4 }).chain((bounds) => {
      const sorted = [...bounds].sort((a, b) => a - b);
      return fc
        .boolean()
        .map((open) =>
          sorted.length < 4
            ? [sliceBetween(sorted[0], sorted[1], open)]
            : [sliceBetween(sorted[0], sorted[1], open), sliceBetween(sorted[2], sorted[3], open)],
        );
    }),
  ),
  reversed: fc.boolean(),
});

describe('a memtable', () => {
  it('says what a merge of its writes, each by itself, says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryWrite, { minLength: 1, maxLength: 25 }),
        arbitraryRange,
        async (writes, range) => {
          const single = writes.map((write) => memtableOf([write]).snapshot().stream(range));
          expect(await text(memtableOf(writes), range)).toEqual(await streamText(mergeStreams(single)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('does not care for the order of writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryWrite, { maxLength: 15 }), async (writes) => {
        expect(await text(memtableOf(writes))).toEqual(await text(memtableOf([...writes].reverse())));
      }),
      { numRuns: 200 },
    );
  });

  it('shows a snapshot as it was, whatever is written after it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryWrite, { maxLength: 15 }),
        fc.array(arbitraryWrite, { maxLength: 15 }),
        async (before, after) => {
          const memtable = memtableOf(before);
          const expected = await text(memtable);
          const snapshot = memtable.snapshot();
          const stream = snapshot.stream(readAll);
          for (const write of after) apply(memtable, mutationOf(builder, write));
          expect(await streamText(stream)).toEqual(expected);
          expect(await streamText(snapshot.stream(readAll))).toEqual(expected);
          snapshot.release();
          expect(await text(memtable)).toEqual(await text(memtableOf([...before, ...after])));
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each(['ascending', 'descending', 'scattered'])('finds each of many rows: %s', async (order) => {
    const count = 20000;
    const memtable = new Memtable(wideTable);
    for (let i = 0; i < count; i++) {
      const n = order === 'ascending' ? i : order === 'descending' ? count - 1 - i : (i * 7919) % count;
      apply(memtable, mutationOf(builder, row(n % 2 === 0 ? 0 : n, n)));
    }
    expect(memtable.rowCount).toBe(count);
    expect(memtable.partitionCount).toBe(count / 2 + 1);
    const all = await text(memtable);
    expect(all.filter((line) => line.startsWith('row')).length).toBe(count);
    for (const n of [0, 2, 9998, 10000, count - 2, 1, 777, count - 1]) {
      const key = int32(n % 2 === 0 ? 0 : n);
      const found = await text(memtable, {
        partitions: { kind: 'keys', keys: [{ token: murmur3Token(key), key }] },
        slices: [sliceBetween(n, n, false)],
        reversed: n % 3 === 0,
      });
      expect(found.length).toBe(3);
      expect(found[1]).toContain(`0=${Buffer.from(int32(n)).toString('hex')}`);
    }
  });

  it('reads under a later version of its table', async () => {
    const memtable = memtableOf([
      row(1, 1),
      {
        kind: 'row',
        p: 1,
        c1: 2,
        c2: 'a',
        time: 9,
        live: true,
        ttl: 0,
        cells: [{ column: 1, path: 0, value: 5, isTombstone: false }],
      },
    ]);
    const later = defineTable({
      keyspace: 'ks',
      name: 'wide',
      id: wideTable.id,
      columns: [
        ...wideTable.columns.values(),
        { name: 'aa', kind: 'regular' as const, type: { kind: 'native', name: 'int' } as const },
      ].filter((column) => column.name !== 'a'),
      dropped: [{ name: 'b', kind: 'regular', type: { kind: 'native', name: 'text' }, droppedTimeMicros: 8n }],
    });
    const lines = await streamText(memtable.snapshot().stream(readAll, later));
    expect(lines.filter((line) => line.startsWith('row')).map((line) => line.replace(/^.*4294967295 ?/, ''))).toEqual([
      '',
      '',
    ]);
    expect(lines[2]).toContain('1=00000005@9');
  });
});

function row(p: number, n: number): Write {
  const cells = [{ column: 0, path: 0, value: n, isTombstone: false }];
  return { kind: 'row', p, c1: n, c2: 'x', time: 5, live: true, ttl: 0, cells };
}

describe('a mutation', () => {
  it('brings cells into their order and keeps the one that wins', () => {
    const mutation = mutationOf(builder, {
      kind: 'row',
      p: 1,
      c1: 1,
      c2: 'a',
      time: 3,
      live: false,
      ttl: 0,
      cells: [
        { column: 2, path: 2, value: 1, isTombstone: false },
        { column: 2, path: 1, value: 7, isTombstone: false },
        { column: 0, path: 0, value: 4, isTombstone: false },
        { column: 2, path: 1, value: 9, isTombstone: false },
        { column: 0, path: 0, value: 4, isTombstone: true },
      ],
    });
    reader.open(mutation.bytes);
    reader.next();
    const row = new Row();
    reader.readRow(row);
    expect([...row.cellColumn.subarray(0, row.cellCount)]).toEqual([0, 2, 2]);
    expect(row.isTombstone(0)).toBe(true);
    expect(row.cellSource[1][row.valueEnd[1] - 1]).toBe(9);
  });

  it('owns its bytes', () => {
    const first = mutationOf(builder, row(1, 1));
    const copy = Buffer.from(first.bytes);
    mutationOf(builder, row(2, 2));
    expect(Buffer.compare(first.bytes, copy)).toBe(0);
  });

  it('says so when its bytes are cut', () => {
    const { bytes } = mutationOf(builder, row(1, 1));
    for (let length = 0; length < bytes.length; length++) {
      expect(() => {
        reader.open(bytes, 0, length);
        if (reader.next() === 1) reader.readRow(new Row());
        else throw new TypeError('cut before its first element');
      }).toThrow();
    }
  });
});
