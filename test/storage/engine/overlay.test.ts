import { beforeEach, describe, expect, it } from 'vitest';
import { defineTable, type TableMetadata } from '../../../src/schema/model/index.ts';
import type { Engine } from '../../../src/storage/engine.ts';
import { MutationBuilder } from '../../../src/storage/mutation/index.ts';
import { MemoryFileSystem } from '../files/memory-file-system.ts';
import { mutationOf, type Write, wideTable } from '../memtable/random-writes.ts';
import { openDatabase, schemaOf, textOf } from './test-database.ts';

const builder = new MutationBuilder();
const schema = schemaOf(wideTable);
const now = (): number => 2_000_000_000_000;

function row(p: number, c1: number, time = 5): Write {
  const cells = [{ column: 0, path: 0, value: c1, isTombstone: false }];
  return { kind: 'row', p, c1, c2: 'x', time, live: true, ttl: 0, cells };
}

async function write(engine: Engine, ...writes: Write[]): Promise<void> {
  await engine.apply(writes.map((one) => mutationOf(builder, one)));
}

async function rowsOf(engine: Engine, table = wideTable): Promise<string[]> {
  return (await textOf(engine, table)).filter((line) => line.startsWith('row'));
}

/** The table with other columns: `a` was dropped, `aa` added before all others. */
const altered: TableMetadata = defineTable({
  keyspace: 'ks',
  name: 'wide',
  id: wideTable.id,
  columns: [
    ...[...wideTable.columns.values()].filter((column) => column.name !== 'a'),
    { name: 'aa', kind: 'regular', type: { kind: 'native', name: 'int' } },
  ],
  dropped: [{ name: 'a', kind: 'regular', type: { kind: 'native', name: 'int' }, droppedTimeMicros: 100n }],
});

const other = defineTable({
  keyspace: 'ks',
  name: 'wide',
  id: 'f'.repeat(32),
  columns: [...wideTable.columns.values()],
});

describe('a database over a base', () => {
  let base: Engine;
  let baseFiles: MemoryFileSystem;
  let untouched: readonly string[];

  beforeEach(async () => {
    baseFiles = new MemoryFileSystem();
    base = await openDatabase(baseFiles);
    await base.changeSchema(schema);
    await write(base, row(1, 1), row(1, 2), row(2, 3));
    await base.flush();
    await write(base, row(3, 4));
    untouched = baseFiles.paths();
  });

  const over = async (files: MemoryFileSystem, options = {}): Promise<Engine> => {
    const engine = await openDatabase(files, { base: { reader: base, schema: base.schema }, now, ...options });
    if (engine.hostId === null) await engine.changeSchema(base.schema);
    return engine;
  };

  it('truncates for good, and the base stays as it is', async () => {
    const files = new MemoryFileSystem();
    const engine = await over(files);
    await write(engine, row(1, 9));
    await engine.flush();
    await write(engine, row(5, 5));
    expect((await rowsOf(engine)).length).toBe(6);
    await engine.truncate(wideTable);
    expect(await rowsOf(engine)).toEqual([]);
    await write(engine, row(1, 7));
    for (const disk of [files.crash(), files.kill()]) {
      const again = await over(disk);
      expect((await rowsOf(again)).length).toBe(1);
      await again.close();
    }
    await engine.flush();
    await engine.close();
    const again = await over(files);
    expect((await rowsOf(again)).length).toBe(1);
    await again.close();
    expect((await rowsOf(base)).length).toBe(4);
    expect(baseFiles.paths()).toEqual(untouched);
  });

  it('has truncated or not, wherever the power fails or a call does, with the base there or not at the next open', async () => {
    const whole = new MemoryFileSystem();
    const engine = await over(whole);
    await write(engine, row(1, 9));
    await engine.flush();
    await write(engine, row(1, 10));
    await engine.close();
    const attempt = async (
      failing: number,
      stays: boolean,
    ): Promise<{ files: MemoryFileSystem; calls: number; isDone: boolean }> => {
      const files = whole.kill();
      const opened = await over(files);
      const from = files.calls;
      files.fail = ({ number }) => ((stays ? number - from >= failing : number - from === failing) ? 'EIO' : null);
      const isDone = await opened.truncate(wideTable).then(
        () => true,
        () => false,
      );
      const calls = files.calls - from;
      if (!isDone) await opened.close().catch(() => undefined);
      files.fail = () => null;
      return { files, calls, isDone };
    };
    const { calls } = await attempt(Number.POSITIVE_INFINITY, true);
    expect(calls).toBeGreaterThan(10);
    const seen = new Set<number>();
    for (let failing = 1; failing <= calls + 1; failing++) {
      for (const stays of [true, false]) {
        const { files, isDone } = await attempt(failing, stays);
        for (const disk of [files.crash(), files.kill(), files.crash((unsynced) => unsynced >> 1)]) {
          // Opened without the base in between it must not forget.
          const plain = disk.kill();
          await (await openDatabase(plain, { now })).close();
          const counts: number[] = [];
          for (const each of [disk, plain]) {
            const again = await over(each);
            counts.push((await rowsOf(again)).length);
            await again.close();
          }
          expect(counts[0]).toBe(counts[1]);
          expect([0, 6]).toContain(counts[0]);
          if (isDone) expect(counts[0]).toBe(0);
          seen.add(counts[0]);
        }
      }
    }
    expect([...seen].sort()).toEqual([0, 6]);
  });

  it('shows a reader in another process that the base is hidden', async () => {
    const files = new MemoryFileSystem();
    const engine = await over(files);
    await write(engine, row(1, 9));
    const reader = await over(files);
    expect(reader.isWritable).toBe(false);
    expect((await rowsOf(reader)).length).toBe(5);
    await engine.truncate(wideTable);
    expect(await reader.refresh()).toBe(true);
    expect(await rowsOf(reader)).toEqual([]);
    await engine.flush();
    const later = await over(files);
    expect(await rowsOf(later)).toEqual([]);
    for (const one of [later, reader, engine]) await one.close();
  });

  it('purges again once nothing is seen of the base', async () => {
    const engine = await over(new MemoryFileSystem());
    await write(engine, { kind: 'deletePartition', p: 1, time: 9, local: 1000 });
    await engine.compact(wideTable);
    expect(engine.stats().tables[0].sstables).toBe(1);
    await engine.truncate(wideTable);
    await write(engine, { kind: 'deletePartition', p: 1, time: 9, local: 1000 });
    await engine.compact(wideTable);
    expect(engine.stats().tables[0].sstables).toBe(0);
    await engine.close();
  });

  it('reads the base under the columns of an ALTER', async () => {
    const engine = await over(new MemoryFileSystem());
    const before = await rowsOf(engine);
    for (const line of before) expect(line).toMatch(/ 0=/);
    await engine.changeSchema(schemaOf(altered));
    const after = await rowsOf(engine, altered);
    expect(after.length).toBe(4);
    for (const line of after) expect(line).not.toMatch(/ [0-9]=/);
    await write(engine, row(1, 1, 200));
    expect((await rowsOf(engine, altered)).length).toBe(4);
    await engine.close();
  });

  it('begins a table that is new with nothing, also under the name or the id of one below', async () => {
    const engine = await over(new MemoryFileSystem());
    await engine.changeSchema(schemaOf());
    await engine.changeSchema(schemaOf(other));
    expect(await rowsOf(engine, other)).toEqual([]);
    await engine.changeSchema(schemaOf());
    await engine.changeSchema(schema);
    expect(await rowsOf(engine)).toEqual([]);
    await engine.close();
  });
});
