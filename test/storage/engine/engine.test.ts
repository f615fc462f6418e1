import { describe, expect, it, vi } from 'vitest';
import { defineTable, type TableMetadata } from '../../../src/schema/model/index.ts';
import { type Mutation, MutationBuilder } from '../../../src/storage/mutation/index.ts';
import { MemoryFileSystem } from '../files/memory-file-system.ts';
import { mutationOf, type Write, wideTable } from '../memtable/random-writes.ts';
import { openDatabase, schemaOf, textOf } from './test-database.ts';

const builder = new MutationBuilder();
const schema = schemaOf(wideTable);

function row(p: number, c1: number, time = 5, value = c1): Write {
  const cells = [
    { column: 0, path: 0, value, isTombstone: false },
    { column: 2, path: 1, value, isTombstone: false },
  ];
  return { kind: 'row', p, c1, c2: 'x', time, live: true, ttl: 0, cells };
}

function mutation(write: Write): Mutation {
  return mutationOf(builder, write);
}

async function database(files = new MemoryFileSystem(), options = {}) {
  const engine = await openDatabase(files, options);
  if (engine.schema.keyspaces.size === 0) await engine.changeSchema(schema);
  return { files, engine };
}

describe('an engine', () => {
  it.each(['nb', 'oa', 'da'] as const)(
    'reads what it wrote, before and after a flush and a reopen: %s',
    async (compatibility) => {
      const { files, engine } = await database(new MemoryFileSystem(), { compatibility });
      const writes: Write[] = [
        row(1, 1),
        row(1, 2),
        { kind: 'static', p: 1, time: 4, value: 'b' },
        { kind: 'deleteRange', p: 1, from: 4, to: 5, open: false, time: 9, local: 1000 },
        { kind: 'deletePartition', p: 2, time: 3, local: 1000 },
        { kind: 'overwriteMap', p: 3, c1: 1, c2: 'a', time: 8, local: 1000, entries: [1, 2] },
      ];
      for (const write of writes) await engine.apply([mutation(write)]);
      const expected = await textOf(engine, wideTable);
      expect(expected.length).toBeGreaterThan(8);
      const described = await engine.flush();
      expect(described.length).toBe(1);
      expect(await textOf(engine, wideTable)).toEqual(expected);
      await engine.apply([mutation(row(4, 4))]);
      const more = await textOf(engine, wideTable);
      await engine.close();
      const again = await openDatabase(files);
      expect(again.notes).toEqual([]);
      expect(await textOf(again, wideTable)).toEqual(more);
      await again.close();
    },
  );

  it('keeps what was acknowledged when the power goes, at any time', async () => {
    const { files, engine } = await database();
    await engine.apply([mutation(row(1, 1))]);
    await engine.flush();
    await engine.apply([mutation(row(1, 2)), mutation(row(2, 2))]);
    engine.applyNow([mutation(row(1, 3))]);
    const after = await openDatabase(files.crash());
    const lines = await textOf(after, wideTable);
    expect(lines.filter((line) => line.startsWith('row')).length).toBe(3);
  });

  it('drops log segments once their data is flushed', async () => {
    const { files, engine } = await database();
    await engine.apply([mutation(row(1, 1))]);
    await engine.flush();
    await engine.close();
    expect(files.paths().filter((path) => path.includes('/wal/'))).toEqual(['/db/wal/00000000000000000002.wal']);
  });

  it('flushes in the background when memtables are full, and goes on meanwhile', async () => {
    const { engine } = await database(new MemoryFileSystem(), { memtableBytes: 400_000, durability: 'periodic' });
    for (let n = 0; n < 12000; n++) {
      engine.applyNow([mutation(row(n % 50, n))]);
      if (engine.isSaturated) await engine.ready();
    }
    await engine.durable();
    expect(engine.stats().flushes).toBeGreaterThan(0);
    const lines = await textOf(engine, wideTable);
    expect(lines.filter((line) => line.startsWith('row')).length).toBe(12000);
    await engine.close();
  });

  it('may be asked to flush while it flushes by itself', async () => {
    const { files, engine } = await database(new MemoryFileSystem(), {
      memtableBytes: 100_000,
      durability: 'periodic',
    });
    const asked: Promise<unknown>[] = [];
    for (let n = 0; n < 8000; n++) {
      engine.applyNow([mutation(row(n % 50, n))]);
      if (n % 500 === 0) asked.push(engine.flush());
      if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(asked);
    await engine.flush();
    expect(files.paths().filter((path) => path.endsWith('.wal')).length).toBeLessThanOrEqual(1);
    const lines = await textOf(engine, wideTable);
    expect(lines.filter((line) => line.startsWith('row')).length).toBe(8000);
    await engine.close();
  });

  it('shows a reader its moment, whatever is flushed and compacted meanwhile', async () => {
    const { files, engine } = await database();
    for (let n = 0; n < 4; n++) {
      await engine.apply([mutation(row(1, n))]);
      await engine.flush();
    }
    const source = engine.open(wideTable);
    const stream = await source.stream({ partitions: { kind: 'all' }, slices: null, reversed: false });
    await engine.apply([mutation(row(1, 0, 99, 77))]);
    await engine.compact(wideTable);
    expect(files.paths().filter((path) => path.endsWith('-Data.db')).length).toBe(6);
    let rows = 0;
    for (let step = stream.next(); step !== 0; step = stream.next()) {
      if (step === 6) await stream.load();
      if (step === 3) rows++;
    }
    expect(rows).toBe(4);
    stream.close();
    source.release();
    await engine.flush();
    // Replaced files go in the background, once nobody reads them.
    await vi.waitFor(() => {
      expect(files.paths().filter((path) => path.endsWith('-Data.db')).length).toBe(1);
      expect(files.paths().filter((path) => path.endsWith('.log'))).toEqual([]);
    });
    expect((await textOf(engine, wideTable)).filter((line) => line.includes('@99')).length).toBe(1);
    await engine.close();
  });

  it('truncates, durably', async () => {
    const { files, engine } = await database();
    await engine.apply([mutation(row(1, 1))]);
    await engine.flush();
    await engine.apply([mutation(row(1, 2))]);
    await engine.truncate(wideTable);
    expect(await textOf(engine, wideTable)).toEqual([]);
    await engine.apply([mutation(row(1, 3))]);
    const again = await openDatabase(files.crash());
    expect((await textOf(again, wideTable)).filter((line) => line.startsWith('row')).length).toBe(1);
  });

  it('drops a table with its files, and a new one of its name starts empty', async () => {
    const { files, engine } = await database();
    await engine.apply([mutation(row(1, 1))]);
    await engine.flush();
    await engine.apply([mutation(row(1, 2))]);
    await engine.changeSchema(schemaOf());
    expect(files.paths().filter((path) => path.includes('/data/') || path.includes('drops'))).toEqual([]);
    const reborn = defineTable({
      ...wideTable,
      id: 'f'.repeat(32),
      columns: [...wideTable.columns.values()],
      dropped: [],
      indexes: [],
      triggers: [],
    });
    await engine.changeSchema(schemaOf(reborn));
    expect(await textOf(engine, reborn)).toEqual([]);
    const again = await openDatabase(files.crash());
    expect(await textOf(again, reborn)).toEqual([]);
  });

  it('finishes a drop that the power cut', async () => {
    const { files, engine } = await database();
    await engine.apply([mutation(row(1, 1))]);
    await engine.flush();
    let isSchemaThere = false;
    files.fail = ({ operation, path }) => {
      if (operation === 'rename' && path.endsWith('schema.cql')) isSchemaThere = true;
      else if (isSchemaThere && operation !== 'syncDirectory') return 'EIO';
      return null;
    };
    await expect(engine.changeSchema(schemaOf())).rejects.toThrow(/EIO/);
    files.fail = () => null;
    const crashed = files.crash();
    expect(crashed.paths().some((path) => path.includes('/data/'))).toBe(true);
    const again = await openDatabase(crashed);
    expect(crashed.paths().filter((path) => path.includes('/data/'))).toEqual([]);
    await again.close();
  });

  it('goes on over an ALTER, in memory, in the log and in SSTables', async () => {
    const { files, engine } = await database();
    await engine.apply([mutation(row(1, 1))]);
    await engine.flush();
    await engine.apply([mutation(row(1, 2))]);
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
    const old = mutation(row(1, 3));
    await engine.changeSchema(schemaOf(altered));
    await engine.apply([old]);
    const lines = await textOf(engine, altered);
    const rows = lines.filter((line) => line.startsWith('row'));
    expect(rows.length).toBe(3);
    for (const line of rows) expect(line).not.toMatch(/ 0=/);
    for (const line of rows) expect(line).toMatch(/ 2\[00000001\]=/);
    const again = await openDatabase(files.crash());
    expect(await textOf(again, altered)).toEqual(lines);
    await again.flush();
    await again.compact(altered);
    expect(await textOf(again, altered)).toEqual(lines);
  });

  it('is read-only for a second process, which sees all that was acknowledged', async () => {
    const { files, engine } = await database();
    await engine.apply([mutation(row(1, 1))]);
    await engine.flush();
    await engine.apply([mutation(row(1, 2))]);
    const reader = await openDatabase(files);
    expect(reader.isWritable).toBe(false);
    expect(reader.notes[0]).toMatch(/open for writing elsewhere/);
    expect(await textOf(reader, wideTable)).toEqual(await textOf(engine, wideTable));
    expect(() => reader.applyNow([mutation(row(1, 3))])).toThrow(/read-only/);
    expect(await reader.refresh()).toBe(false);
    await engine.apply([mutation(row(1, 5))]);
    await engine.apply([mutation(row(1, 6))]);
    expect(await reader.refresh()).toBe(true);
    expect(await textOf(reader, wideTable)).toEqual(await textOf(engine, wideTable));
    await engine.apply([mutation(row(1, 4))]);
    await engine.compact(wideTable);
    expect((await textOf(reader, wideTable)).filter((line) => line.startsWith('row')).length).toBe(4);
    expect(await reader.refresh()).toBe(true);
    expect(await textOf(reader, wideTable)).toEqual(await textOf(engine, wideTable));
    await reader.close();
    await engine.close();
  });

  it('lies over a base that it does not touch', async () => {
    const { files, engine: base } = await database();
    for (const c1 of [1, 2, 3]) await base.apply([mutation(row(1, c1))]);
    await base.flush();
    const untouched = files.paths();
    const over = new MemoryFileSystem();
    const engine = await openDatabase(over, {
      base: { reader: base, schema: base.schema },
      now: () => 2_000_000_000_000,
    });
    expect((await textOf(engine, wideTable)).filter((line) => line.startsWith('row')).length).toBe(3);
    await engine.changeSchema(base.schema);
    await engine.apply([
      mutation({ kind: 'deleteRow', p: 1, c1: 2, c2: 'x', time: 9, local: 1000 }),
      mutation(row(2, 7)),
    ]);
    await engine.compact(wideTable);
    const rows = (await textOf(engine, wideTable)).filter((line) => line.includes(' 0='));
    expect(rows.length).toBe(3);
    expect(rows.filter((line) => line.includes('00000002,')).length).toBe(0);
    await engine.close();
    const again = await openDatabase(over, { base: { reader: base, schema: base.schema } });
    expect((await textOf(again, wideTable)).filter((line) => line.includes(' 0=')).length).toBe(3);
    await again.close();
    expect(files.paths()).toEqual(untouched);
    await base.close();
  });

  it('compacts in the background when nothing is written', async () => {
    const { engine } = await database(new MemoryFileSystem(), { backgroundCompaction: true });
    for (let n = 0; n < 4; n++) {
      await engine.apply([mutation(row(1, n))]);
      await engine.flush();
    }
    for (let waited = 0; engine.stats().tables[0].sstables > 1; waited++) {
      expect(waited).toBeLessThan(100);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await engine.close();
  });

  it('purges what is past gc grace, and nothing that still hides something', async () => {
    const { engine } = await database(new MemoryFileSystem(), { now: () => 2_000_000_000_000 });
    await engine.apply([mutation(row(1, 1))]);
    await engine.flush();
    await engine.apply([mutation({ kind: 'deletePartition', p: 1, time: 9, local: 1000 })]);
    await engine.flush();
    await engine.apply([mutation(row(2, 2))]);
    await engine.compact(wideTable);
    const lines = await textOf(engine, wideTable);
    expect(lines.filter((line) => line.startsWith('partition')).length).toBe(1);
    await engine.apply([mutation({ kind: 'deletePartition', p: 2, time: 9, local: 1000 })]);
    await engine.compact(wideTable);
    expect(await textOf(engine, wideTable)).toEqual([]);
    expect(engine.stats().tables[0].sstables).toBe(0);
    await engine.close();
  });

  it('compacts in small steps that can be resumed', async () => {
    const { engine } = await database();
    for (let flush = 0; flush < 4; flush++) {
      for (let n = 0; n < 3000; n++) engine.applyNow([mutation(row(n % 100, n, flush + 1))]);
      await engine.flush();
    }
    const expected = await textOf(engine, wideTable);
    let calls = 0;
    let partitions = 0;
    let bytesRead = 0;
    for (;;) {
      const report = await engine.maintenance({ budgetMs: 1 });
      calls++;
      const running = engine.compacting;
      if (running !== null) {
        expect(running.bytesRead).toBeGreaterThanOrEqual(bytesRead);
        bytesRead = running.bytesRead;
        expect(bytesRead).toBeLessThanOrEqual(running.inputBytes);
      }
      partitions += report.partitions;
      if (report.pending === 0) break;
      expect(calls).toBeLessThan(1000);
    }
    expect(calls).toBeGreaterThan(1);
    expect(bytesRead).toBeGreaterThan(0);
    expect(engine.compacting).toBeNull();
    expect(partitions).toBe(100);
    expect(engine.stats().tables[0].sstables).toBe(1);
    expect(await textOf(engine, wideTable)).toEqual(expected);
    await engine.close();
  });

  it('leaves nothing of a compaction that the power cut', async () => {
    const { files, engine } = await database();
    for (let flush = 0; flush < 4; flush++) {
      for (let n = 0; n < 3000; n++) engine.applyNow([mutation(row(n % 100, n, flush + 1))]);
      await engine.flush();
    }
    const expected = await textOf(engine, wideTable);
    await engine.maintenance({ budgetMs: 1 });
    expect(files.paths().some((path) => path.includes('_txn_compaction_'))).toBe(true);
    const crashed = files.crash();
    const again = await openDatabase(crashed);
    expect(await textOf(again, wideTable)).toEqual(expected);
    expect(crashed.paths().filter((path) => path.includes('-5-') || path.endsWith('.log'))).toEqual([]);
    await engine.close();
  });
});
