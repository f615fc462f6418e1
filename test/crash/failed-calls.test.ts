import { describe, expect, it } from 'vitest';
import { defineTable } from '../../src/schema/model/index.ts';
import { liveSSTables } from '../../src/storage/engine/live-sstables.ts';
import type { Engine } from '../../src/storage/engine.ts';
import { MutationBuilder } from '../../src/storage/mutation/index.ts';
import { openDatabase, schemaOf, textOf } from '../storage/engine/test-database.ts';
import { type Call, MemoryFileSystem } from '../storage/files/memory-file-system.ts';
import { mutationOf, wideTable } from '../storage/memtable/random-writes.ts';

/** Merged once there are two SSTables, so that a short script compacts. */
const table = defineTable({
  keyspace: wideTable.keyspace,
  name: wideTable.name,
  id: wideTable.id,
  columns: [...wideTable.columns.values()],
  options: {
    compaction: new Map([
      ['class', 'SizeTieredCompactionStrategy'],
      ['min_threshold', '2'],
    ]),
  },
});
const other = defineTable({
  keyspace: 'ks',
  name: 'other',
  id: 'e'.repeat(32),
  columns: [{ name: 'p', kind: 'partition_key', type: { kind: 'native', name: 'int' } }],
});
const before = schemaOf(table);
const after = schemaOf(table, other);

const builder = new MutationBuilder();

/** Writes, flushes, compacts and changes the schema; stops at the first error. What was acknowledged is in `acknowledged`. */
async function script(engine: Engine, acknowledged: number[]): Promise<void> {
  if (engine.schema.keyspaces.size === 0) await engine.changeSchema(before);
  let n = 0;
  const write = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const number = n++;
      const cells = [{ column: 0, path: 0, value: number, isTombstone: false }];
      const row = { kind: 'row', p: number % 3, c1: number, c2: 'x', time: 5, live: true, ttl: 0, cells } as const;
      await engine.apply([{ ...mutationOf(builder, row), table }]);
      acknowledged.push(number);
    }
  };
  await write(3);
  await engine.flush();
  await write(3);
  await engine.changeSchema(after);
  await engine.flush();
  await write(2);
  while ((await engine.maintenance({ budgetMs: 1 })).pending > 0);
  await write(2);
  await engine.flush();
  await engine.compact(table);
  await engine.changeSchema(before);
  await write(1);
  await engine.close();
}

async function check(files: MemoryFileSystem, acknowledged: readonly number[]): Promise<void> {
  const engine = await openDatabase(files);
  if (engine.schema.keyspaces.size === 0) {
    expect(acknowledged).toEqual([]);
    await engine.changeSchema(before);
  }
  expect([before.version, after.version]).toContain(engine.schema.version);
  expect(engine.notes.filter((note) => !note.includes('torn tail'))).toEqual([]);
  const shown = new Set((await textOf(engine, table)).map((line) => /^row 4\(([0-9a-f]{8}),/.exec(line)?.[1]));
  const lost = acknowledged.filter((number) => !shown.has(number.toString(16).padStart(8, '0')));
  expect(lost).toEqual([]);
  await engine.close();
  const live = new Set(
    liveSSTables(files, `/db/data/ks/wide-${table.id}`).dataFiles.map((path) => path.replace(/Data\.db$/, '')),
  );
  const orphans = files
    .paths()
    .filter((path) => path.startsWith('/db/data/') && !live.has(path.replace(/[A-Z][A-Za-z]*\.(db|txt|crc32)$/, '')));
  expect(orphans).toEqual([]);
  expect(files.paths().filter((path) => path.endsWith('.new'))).toEqual([]);
}

async function runWith(
  fail: (call: Call) => string | null,
): Promise<{ files: MemoryFileSystem; acknowledged: number[] }> {
  const files = new MemoryFileSystem();
  const acknowledged: number[] = [];
  let engine: Engine | null = null;
  files.fail = fail;
  try {
    engine = await openDatabase(files);
    await script(engine, acknowledged);
  } catch (error) {
    expect(String(error)).toMatch(/ENOSPC|EIO|is closed/);
  }
  await engine?.close().catch(() => undefined);
  return { files, acknowledged };
}

describe('a database whose disk fails', () => {
  it('runs its script when nothing fails', async () => {
    const { files, acknowledged } = await runWith(() => null);
    expect(acknowledged.length).toBe(11);
    await check(files.crash(), acknowledged);
  });

  it.each([
    ['once, disk full', 'ENOSPC', false],
    ['from then on, disk full', 'ENOSPC', true],
    ['once, I/O error', 'EIO', false],
    ['from then on, I/O error', 'EIO', true],
  ] as const)(
    'keeps what it acknowledged, whichever call fails: %s',
    async (_, code, stays) => {
      const { files: whole } = await runWith(() => null);
      const calls = whole.calls;
      expect(calls).toBeGreaterThan(200);
      for (let number = 1; number <= calls; number++) {
        const { files, acknowledged } = await runWith((call) =>
          call.operation !== 'read' && (stays ? call.number >= number : call.number === number) ? code : null,
        );
        files.fail = () => null;
        await check(files.crash(), acknowledged);
        await check(
          files.crash((unsynced) => unsynced >> 1),
          acknowledged,
        );
        await check(files.kill(), acknowledged);
      }
    },
    300_000,
  );
});
