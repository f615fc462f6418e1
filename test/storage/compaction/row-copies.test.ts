import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MutationBuilder } from '../../../src/storage/mutation/index.ts';
import { SSTableReader } from '../../../src/storage/sstable/sstable-reader.ts';
import { UnfilteredEncoder } from '../../../src/storage/sstable/write/unfiltered-encoder.ts';
import type { WriteVersion } from '../../../src/storage/sstable/write/write-version.ts';
import { openDatabase, schemaOf } from '../engine/test-database.ts';
import { MemoryFileSystem } from '../files/memory-file-system.ts';
import { arbitraryWrite, mutationOf, type Write, wideTable } from '../memtable/random-writes.ts';

const now = (): number => 1_015_000;

afterEach(() => {
  vi.restoreAllMocks();
});

/** A database with an SSTable for each list of writes. */
async function flushed(flushes: readonly (readonly Write[])[], compatibility: WriteVersion): Promise<MemoryFileSystem> {
  const files = new MemoryFileSystem();
  const engine = await openDatabase(files, { compatibility, now });
  await engine.changeSchema(schemaOf(wideTable));
  const builder = new MutationBuilder();
  for (const writes of flushes) {
    await engine.apply(writes.map((write) => mutationOf(builder, write)));
    await engine.flush();
  }
  await engine.close();
  return files;
}

/** The files of the table when all its SSTables are one, and how many rows were encoded for it. */
async function compacted(before: MemoryFileSystem, copies: boolean): Promise<{ files: object; encoded: number }> {
  const files = before.kill();
  const stream = SSTableReader.prototype.stream;
  const opened = vi.spyOn(SSTableReader.prototype, 'stream').mockImplementation(function (
    this: SSTableReader,
    ...args
  ) {
    const [range, counters, options] = args;
    return stream.call(this, range, counters, copies ? options : { ...options, encoding: null });
  });
  const encode = vi.spyOn(UnfilteredEncoder.prototype, 'row');
  const engine = await openDatabase(files, { now });
  await engine.compact(wideTable);
  await engine.close();
  const encoded = encode.mock.calls.length;
  opened.mockRestore();
  encode.mockRestore();
  const paths = files.paths().filter((path) => path.includes('/data/'));
  return { files: Object.fromEntries(paths.map((path) => [path, files.readFileSync(path).toString('hex')])), encoded };
}

function row(p: number, c1: number, time: number): Write {
  return {
    kind: 'row',
    p,
    c1,
    c2: 'x',
    time,
    live: true,
    ttl: 0,
    cells: [{ column: 0, path: 0, value: c1, isTombstone: false }],
  };
}

describe('compaction', () => {
  it.each(['nb', 'oa', 'da'] as const)(
    'writes the same files whether it copies rows or encodes them: %s',
    async (version) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(arbitraryWrite, { minLength: 1, maxLength: 15 }), { minLength: 1, maxLength: 3 }),
          async (flushes) => {
            const before = await flushed(flushes, version);
            const copied = await compacted(before, true);
            const encoded = await compacted(before, false);
            expect(copied.files).toEqual(encoded.files);
            expect(copied.encoded).toBeLessThanOrEqual(encoded.encoded);
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  it('encodes only rows that several files have', async () => {
    const before = await flushed(
      [
        [row(1, 1, 5), row(1, 2, 5), row(2, 1, 5)],
        [row(1, 1, 7), row(1, 2, 5), row(3, 1, 5)],
      ],
      'nb',
    );
    // Of partition 1 both files have both rows; 2 and 3 are in one file each.
    expect((await compacted(before, false)).encoded).toBe(4);
    expect((await compacted(before, true)).encoded).toBe(2);
  });

  it('encodes the rows of a file with other minima', async () => {
    const before = await flushed([[row(1, 1, 5)], [row(2, 1, 7)]], 'nb');
    expect((await compacted(before, true)).encoded).toBe(1);
  });
});
