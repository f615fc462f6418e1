import { afterEach, describe, expect, it, vi } from 'vitest';
import { murmur3Token } from '../../../src/bytes/index.ts';
import { MutationBuilder } from '../../../src/storage/mutation/index.ts';
import { type ReadRange, readAll, type UnfilteredStream } from '../../../src/storage/rows/index.ts';
import { SSTableReader } from '../../../src/storage/sstable/sstable-reader.ts';
import { openDatabase, schemaOf, textOf } from '../engine/test-database.ts';
import { MemoryFileSystem } from '../files/memory-file-system.ts';
import { mutationOf, wideTable } from '../memtable/random-writes.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const key = Buffer.from([0, 0, 0, 1]);
const onePartition: ReadRange = {
  partitions: { kind: 'keys', keys: [{ key, token: murmur3Token(key) }] },
  slices: null,
  reversed: false,
};

/** Three SSTables and a memtable, all with partition 1. */
async function written(): Promise<MemoryFileSystem> {
  const files = new MemoryFileSystem();
  const engine = await openDatabase(files);
  await engine.changeSchema(schemaOf(wideTable));
  const builder = new MutationBuilder();
  for (let round = 0; round < 4; round++) {
    for (let n = 0; n < 300; n++) {
      const cells = [{ column: 0, path: 0, value: n, isTombstone: false }];
      const row = { kind: 'row', p: n % 3, c1: n, c2: 'x', time: round, live: true, ttl: 0, cells } as const;
      engine.applyNow([mutationOf(builder, row)]);
    }
    if (round < 3) await engine.flush();
  }
  await engine.close();
  return files;
}

/** Streams of SSTables that are open now. */
function countOpen(): Set<UnfilteredStream> {
  const open = new Set<UnfilteredStream>();
  const stream = SSTableReader.prototype.stream;
  vi.spyOn(SSTableReader.prototype, 'stream').mockImplementation(async function (this: SSTableReader, ...args) {
    const opened = await stream.call(this, ...args);
    const close = opened.close.bind(opened);
    opened.close = (): void => {
      open.delete(opened);
      close();
    };
    open.add(opened);
    return opened;
  });
  return open;
}

describe('a read that fails while its sources are opened', () => {
  it.each([
    ['of one partition', onePartition],
    ['of all', readAll],
  ])('leaves none of them open: %s', async (_, range) => {
    const whole = await written();
    const open = countOpen();
    let failures = 0;
    for (let failing = 1; failing < 400; failing++) {
      const files = whole.kill();
      const engine = await openDatabase(files);
      const source = engine.open(wideTable);
      const from = files.calls;
      files.fail = ({ number }) => (number - from === failing ? 'EIO' : null);
      const stream = await source.stream(range).catch(() => null);
      files.fail = () => null;
      if (stream === null) failures++;
      else stream.close();
      expect([...open]).toEqual([]);
      const wasReached = files.calls - from >= failing;
      source.release();
      expect((await textOf(engine, wideTable)).length).toBeGreaterThan(300);
      open.clear();
      await engine.close();
      if (!wasReached) break;
    }
    expect(failures).toBeGreaterThan(2);
  });
});
