import { describe, expect, it } from 'vitest';
import { defineTable } from '../../../src/schema/model/index.ts';
import type { Engine } from '../../../src/storage/engine.ts';
import { MutationBuilder } from '../../../src/storage/mutation/index.ts';
import { type Call, MemoryFileSystem } from '../files/memory-file-system.ts';
import { mutationOf, type Write, wideTable } from '../memtable/random-writes.ts';
import { openDatabase, schemaOf, textOf } from './test-database.ts';

const builder = new MutationBuilder();
const second = defineTable({
  keyspace: 'ks',
  name: 'second',
  id: 'a'.repeat(32),
  columns: [...wideTable.columns.values()],
});
const schema = schemaOf(wideTable, second);

function row(p: number, c1: number, time = 5): Write {
  const cells = [{ column: 0, path: 0, value: c1, isTombstone: false }];
  return { kind: 'row', p, c1, c2: 'x', time, live: true, ttl: 0, cells };
}

async function write(engine: Engine, table = wideTable, ...writes: Write[]): Promise<void> {
  await engine.apply(writes.map((one) => ({ ...mutationOf(builder, one), table })));
}

async function rowsOf(engine: Engine, table = wideTable): Promise<string[]> {
  return (await textOf(engine, table)).filter((line) => line.startsWith('row'));
}

async function open(files: MemoryFileSystem, options = {}): Promise<Engine> {
  const engine = await openDatabase(files, options);
  if (engine.schema.keyspaces.size === 0) await engine.changeSchema(schema);
  return engine;
}

describe('a truncation in the log', () => {
  it('does not touch what was imported after a reopen', async () => {
    const exported = new MemoryFileSystem();
    const source = await open(exported);
    await write(source, wideTable, row(1, 1));
    const { dataPath } = (await source.flush())[0];
    const files = exported.kill();
    await source.close();
    // The other table's write keeps the log, and the truncation in it.
    let engine = await open(files);
    await write(engine, second, row(9, 9));
    await engine.truncate(wideTable);
    await engine.close();
    await files.makeDirectory('/backup');
    for (const path of exported.paths().filter((one) => one.startsWith(dataPath.slice(0, -'Data.db'.length)))) {
      const file = await files.open(`/backup/${path.slice(path.lastIndexOf('/') + 1)}`, 'create');
      await file.write(exported.readFileSync(path));
    }
    engine = await open(files);
    await engine.importSSTables(wideTable, ['/backup']);
    expect((await rowsOf(engine)).length).toBe(1);
    await engine.close();
    for (const disk of [files.kill(), files.crash()]) {
      engine = await open(disk);
      expect((await rowsOf(engine)).length).toBe(1);
      expect((await rowsOf(engine, second)).length).toBe(1);
      await engine.close();
    }
  });

  it('that could not remove its files is finished at the next open, whatever came after it', async () => {
    const files = new MemoryFileSystem();
    const engine = await open(files);
    for (const n of [1, 2]) {
      await write(engine, wideTable, row(1, n));
      await engine.flush();
    }
    await write(engine, wideTable, row(1, 3));
    files.fail = ({ path }) => (path.includes('_txn_') ? 'EIO' : null);
    await expect(engine.truncate(wideTable)).rejects.toThrow(/EIO/);
    expect(await rowsOf(engine)).toEqual([]);
    await expect(engine.truncate(wideTable)).resolves.toBeUndefined();
    files.fail = () => null;
    await write(engine, wideTable, row(1, 4));
    await engine.flush();
    await write(engine, second, row(1, 4));
    await engine.flush();
    expect((await rowsOf(engine)).length).toBe(1);
    await engine.close();
    for (const disk of [files.kill(), files.crash()]) {
      const again = await open(disk);
      expect((await rowsOf(again)).length).toBe(1);
      expect((await again.stats()).tables.map((table) => table.sstables)).toEqual([1, 1]);
      await again.close();
    }
  });
});

describe('a table that is made again with its old id', () => {
  it.each(['in one session', 'after a reopen'])('starts empty: %s', async (when) => {
    const files = new MemoryFileSystem();
    let engine = await open(files);
    await write(engine, second, row(9, 9));
    await write(engine, wideTable, row(1, 1));
    await engine.changeSchema(schemaOf(second));
    if (when === 'after a reopen') {
      await engine.close();
      engine = await open(files);
    }
    await engine.changeSchema(schema);
    expect(await rowsOf(engine)).toEqual([]);
    await write(engine, wideTable, row(1, 2));
    await engine.close();
    engine = await open(files.crash());
    expect((await rowsOf(engine)).length).toBe(1);
    await engine.close();
  });
});

describe('a write to several tables', () => {
  it.each(['periodic', 'none'] as const)(
    'is there whole or not at all when the process dies: %s',
    async (durability) => {
      const files = new MemoryFileSystem();
      const engine = await open(files, { durability, memtableBytes: 60_000 });
      const disks: MemoryFileSystem[] = [];
      let flushes = 0;
      files.fail = ({ operation, path }: Call) => {
        if (operation === 'syncDirectory' && path.includes('/data/')) disks.push(files.kill());
        return null;
      };
      for (let n = 0; flushes < 3; n++) {
        const one = mutationOf(builder, row(n, n));
        engine.applyNow([one, { ...mutationOf(builder, row(n, n)), table: second }]);
        // As fast as it can: the log's timer has its turn only when a flush lets it.
        if (engine.isSaturated) await engine.ready();
        flushes = engine.stats().flushes;
      }
      files.fail = () => null;
      await engine.close();
      expect(disks.length).toBeGreaterThan(3);
      for (const disk of disks) {
        const again = await open(disk);
        expect(await rowsOf(again)).toEqual(await rowsOf(again, second));
        await again.close();
      }
    },
  );
});

describe('drops that wait for a reader', () => {
  it('are all finished at the next open', async () => {
    const files = new MemoryFileSystem();
    const engine = await open(files);
    for (const table of [wideTable, second]) await write(engine, table, row(1, 1));
    await engine.flush();
    const reading = engine.open(wideTable);
    await engine.changeSchema(schemaOf(second));
    await engine.changeSchema(schemaOf());
    const crashed = files.crash();
    expect(crashed.paths().some((path) => path.includes('/data/'))).toBe(true);
    reading.release();
    await engine.close();
    const again = await open(crashed);
    expect(crashed.paths().filter((path) => path.includes('/data/'))).toEqual([]);
    await again.close();
  });
});

describe('a drop', () => {
  it('does not read what it removes', async () => {
    const files = new MemoryFileSystem();
    let engine = await open(files);
    for (const table of [wideTable, second]) await write(engine, table, row(1, 1));
    await engine.flush();
    await engine.close();
    const statistics = files.paths().find((path) => path.includes('/second-') && path.endsWith('Statistics.db'));
    files.corrupt(statistics ?? '', (bytes) => bytes.subarray(0, 3));
    engine = await open(files);
    await expect(rowsOf(engine, second)).rejects.toThrow(/Statistics/);
    await engine.changeSchema(schemaOf(wideTable));
    expect(files.crash().paths().join('\n')).not.toContain('/second-');
    await engine.close();
  });

  it('is done whatever of the files cannot be removed, and a table made with its id has none of them', async () => {
    const files = new MemoryFileSystem();
    const engine = await open(files);
    for (const table of [wideTable, second]) await write(engine, table, row(1, 1));
    await engine.flush();
    files.fail = ({ operation }) => (operation === 'remove' ? 'EIO' : null);
    await engine.changeSchema(schemaOf(wideTable));
    expect(files.paths().join('\n')).toContain('/second-');
    await expect(engine.changeSchema(schema)).rejects.toThrow(/EIO.*second-/);
    files.fail = () => null;
    await engine.changeSchema(schema);
    expect(await rowsOf(engine, second)).toEqual([]);
    await write(engine, second, row(2, 2));
    await engine.flush();
    await engine.close();
    const again = await open(files.crash());
    expect((await rowsOf(again, second)).length).toBe(1);
    await again.close();
  });
});

describe('a commit that fails and cannot be undone', () => {
  it.each(['flush', 'compaction', 'import'] as const)('is the last that is done: %s', async (what) => {
    const files = new MemoryFileSystem();
    const engine = await open(files);
    for (const n of [1, 2]) {
      await write(engine, wideTable, row(1, n));
      await engine.flush();
    }
    await engine.exportTable(wideTable, '/out', { version: 'nb', compact: true, validate: false });
    await write(engine, second, row(1, 1));
    let writes = 0;
    // Of the last record of a transaction log there is no telling what the disk has.
    files.fail = ({ operation, path }) => {
      if (!path.includes('_txn_')) return null;
      if (operation === 'write') writes++;
      return operation !== 'open' && writes > (what === 'compaction' ? 2 : 1) ? 'EIO' : null;
    };
    const action = {
      flush: () => engine.flush(),
      compaction: () => engine.compact(wideTable),
      import: () => engine.importSSTables(wideTable, ['/out/ks/wide']),
    }[what];
    await expect(action()).rejects.toThrow(/EIO/);
    files.fail = () => null;
    await expect(write(engine, wideTable, row(1, 3))).rejects.toThrow(/commit failed and could not be undone.*refused/);
    await expect(engine.truncate(wideTable)).rejects.toThrow(/writes are refused/);
    expect((await rowsOf(engine)).length).toBe(2);
    await engine.close().catch(() => undefined);
    for (const disk of [files.crash(), files.kill()]) {
      const again = await open(disk);
      expect((await rowsOf(again)).length).toBe(2);
      expect((await rowsOf(again, second)).length).toBe(1);
      await again.close();
      expect(disk.paths().filter((path) => path.includes('_txn_'))).toEqual([]);
    }
  });
});

describe('a schema of which it is not known whether it is on disk', () => {
  it('is the last that is written', async () => {
    const files = new MemoryFileSystem();
    const engine = await open(files);
    await write(engine, wideTable, row(1, 1));
    let isRenamed = false;
    files.fail = ({ operation, path }) => {
      if (operation === 'rename' && path.endsWith('schema.cql')) isRenamed = true;
      else if (isRenamed) return 'EIO';
      return null;
    };
    await expect(engine.changeSchema(schemaOf(second))).rejects.toThrow(/EIO/);
    files.fail = () => null;
    await expect(write(engine, wideTable, row(1, 2))).rejects.toThrow(/writes are refused/);
    await expect(engine.changeSchema(schema)).rejects.toThrow(/writes are refused/);
    await engine.close().catch(() => undefined);
    const again = await openDatabase(files.crash());
    expect(again.schema.version).toBe(schema.version);
    expect((await rowsOf(again)).length).toBe(1);
    await again.close();
  });
});

describe('a reader beside a writer', () => {
  it.each(['truncate', 'purge'] as const)('sees one moment, whatever happens while it looks: %s', async (what) => {
    const files = new MemoryFileSystem();
    const now = (): number => 2_000_000_000_000;
    const engine = await open(files, { now });
    await write(engine, wideTable, row(1, 1));
    await engine.flush();
    await write(engine, wideTable, row(1, 2));
    const change = async (): Promise<void> => {
      if (what === 'truncate') await engine.truncate(wideTable);
      else {
        await write(engine, wideTable, { kind: 'deletePartition', p: 1, time: 9, local: 1000 });
        await engine.compact(wideTable);
      }
    };
    // The log is read first; the change happens before the SSTables are listed.
    const readFile = files.readFile.bind(files);
    let changed: Promise<void> | null = null;
    files.readFile = async (path) => {
      const bytes = await readFile(path);
      if (path.endsWith('.wal')) {
        changed ??= change();
        await changed;
      }
      return bytes;
    };
    const reader = await openDatabase(files, { readOnly: true, now });
    expect(await rowsOf(reader)).toEqual([]);
    await reader.close();
    await engine.close();
  });
});

describe('an open that fails', () => {
  it('leaves neither files open nor the lock held, whichever call fails', async () => {
    const before = new MemoryFileSystem();
    const made = await open(before);
    for (const n of [1, 2]) {
      await write(made, wideTable, row(n, n));
      await write(made, second, row(n, n));
      await made.flush();
    }
    await write(made, wideTable, row(3, 3));
    await made.truncate(second);
    await write(made, second, row(3, 3));
    await made.close();
    const failures = new Set<number>();
    for (let failing = 1; failing < 200; failing++) {
      const files = before.kill();
      files.fail = ({ number }) => (number === failing ? 'EIO' : null);
      const engine = await openDatabase(files).catch(() => null);
      if (engine !== null) {
        await engine.close().catch(() => undefined);
        if (files.calls < failing) break;
      } else {
        failures.add(failing);
        files.fail = () => null;
        const again = await openDatabase(files);
        expect(again.isWritable).toBe(true);
        expect((await rowsOf(again)).length).toBe(3);
        expect((await rowsOf(again, second)).length).toBe(1);
        await again.close();
      }
      expect(files.openFiles).toEqual([]);
    }
    expect(failures.size).toBeGreaterThan(5);
  });
});
