import { expect, it } from 'vitest';
import { DatabaseDirectory } from '../../../src/storage/engine/database-directory.ts';
import { SerialQueue } from '../../../src/storage/engine/serial-queue.ts';
import { TableStore } from '../../../src/storage/engine/table-store.ts';
import { WritePath } from '../../../src/storage/engine/write-path.ts';
import { type Mutation, MutationBuilder } from '../../../src/storage/mutation/index.ts';
import { WalWriter } from '../../../src/storage/wal/index.ts';
import { MemoryFileSystem } from '../files/memory-file-system.ts';
import { mutationOf, wideTable } from '../memtable/random-writes.ts';

/** One row, written over and over: its memtable never fills, while the log does. */
function overwrite(builder: MutationBuilder, value: number): Mutation {
  const cells = [{ column: 0, path: 0, value, isTombstone: false }];
  return mutationOf(builder, { kind: 'row', p: 1, c1: 1, c2: 'x', time: value, live: true, ttl: 0, cells });
}

it('sets one memtable aside for the length of the log, however long its flush takes', async () => {
  const files = new MemoryFileSystem();
  const directory = new DatabaseDirectory(files, '/db');
  await files.makeDirectory(directory.wal);
  const store = new TableStore(wideTable, directory.table(wideTable), [], 0);
  const queue = new SerialQueue(() => undefined);
  const writes = new WritePath({
    files,
    directory,
    settings: { format: 1, hostId: '00000000-0000-4000-8000-000000000000', compatibility: 'nb' },
    memtableBytes: 1 << 27,
    wal: new WalWriter({
      files,
      directory: directory.wal,
      firstSegment: 1,
      durability: 'none',
      segmentBytes: 64 * 1024,
    }),
    queue,
    stores: new Map([[wideTable.id, store]]),
  });
  let release = (): void => {};
  const held = queue.run(() => new Promise<void>((resolve) => (release = resolve)));
  const builder = new MutationBuilder();
  let mostAside = 0;
  for (let value = 1; value <= 120_000; value++) {
    writes.apply([overwrite(builder, value)], () => store);
    mostAside = Math.max(mostAside, store.frozen.length);
    // Segments are made between turns.
    if (value % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  // Several times the 16 segments that may be kept for one memtable.
  expect(writes.wal.segmentNumber).toBeGreaterThan(64);
  release();
  await held;
  await writes.settled();
  expect(mostAside).toBeGreaterThan(0);
  expect(mostAside).toBeLessThan(writes.wal.segmentNumber / 16);
  expect(store.frozen.length).toBe(0);
  await writes.wal.close();
});
