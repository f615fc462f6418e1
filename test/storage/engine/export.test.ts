import { describe, expect, it } from 'vitest';
import { liveSSTables } from '../../../src/storage/engine/live-sstables.ts';
import { MutationBuilder } from '../../../src/storage/mutation/index.ts';
import { MemoryFileSystem } from '../files/memory-file-system.ts';
import { mutationOf, type Write, wideTable } from '../memtable/random-writes.ts';
import { openDatabase, schemaOf, textOf } from './test-database.ts';

const builder = new MutationBuilder();

function row(p: number, c1: number, time: number, ttl = 0): Write {
  const cells = [{ column: 0, path: 0, value: c1, isTombstone: false }];
  return { kind: 'row', p, c1, c2: 'x', time, live: true, ttl, cells };
}

const deletion: Write = { kind: 'deletePartition', p: 2, time: 9, local: 1000 };

describe('an export', () => {
  it.each(['nb', 'oa', 'da'] as const)('is one purged SSTable that another database imports: %s', async (version) => {
    const files = new MemoryFileSystem();
    const engine = await openDatabase(files, { now: () => 2_000_000_000_000 });
    await engine.changeSchema(schemaOf(wideTable));
    for (const write of [row(1, 1, 5), row(2, 2, 5), row(3, 3, 5)]) await engine.apply([mutationOf(builder, write)]);
    await engine.flush();
    for (const write of [row(1, 1, 6), deletion]) await engine.apply([mutationOf(builder, write)]);
    const before = files.paths().filter((path) => path.startsWith('/db/data'));
    const report = await engine.exportTable(wideTable, '/out', { version, compact: true, validate: true });
    expect(report).toMatchObject({ directory: '/out/ks/wide', partitions: 2, rows: 2 });
    expect(report.files.filter((path) => path.endsWith('Data.db')).length).toBe(1);
    for (const path of before) expect(files.exists(path)).toBe(true);
    await engine.close();

    const other = await openDatabase(renamed(files, '/db', '/old'));
    await other.changeSchema(schemaOf(wideTable));
    await other.importSSTables(wideTable, ['/out/ks/wide']);
    const lines = (await textOf(other, wideTable)).filter((line) => line.startsWith('row'));
    expect(lines.length).toBe(2);
    expect(lines.some((line) => line.includes('@6'))).toBe(true);
    await other.close();
  });

  it('leaves sources apart when asked, each under a number of its own', async () => {
    const engine = await openDatabase(new MemoryFileSystem());
    await engine.changeSchema(schemaOf(wideTable));
    for (const write of [row(1, 1, 5), deletion]) {
      await engine.apply([mutationOf(builder, write)]);
      await engine.flush();
    }
    const options = { version: 'nb', generation: 7, compact: false, validate: true } as const;
    const report = await engine.exportTable(wideTable, '/out', options);
    expect(report.sstables.map((sstable) => sstable.baseName)).toEqual(['nb-7-big', 'nb-8-big']);
    await expect(engine.exportTable(wideTable, '/out', options)).rejects.toThrow(/generation 7 already/);
    await engine.close();
  });

  it('of several SSTables has all of them or none, whichever call fails or wherever the power does', async () => {
    const origin = new MemoryFileSystem();
    const engine = await openDatabase(origin);
    await engine.changeSchema(schemaOf(wideTable));
    for (let n = 0; n < 3; n++) {
      await engine.apply([mutationOf(builder, row(n, n, 5))]);
      await engine.flush();
    }
    await engine.close();
    const options = { version: 'nb', compact: false, validate: true } as const;
    const found = new Set<number>();
    for (let number = 1, isDone = false; !isDone; number++) {
      const files = origin.kill();
      const failing = await openDatabase(files);
      files.calls = 0;
      files.fail = (call) => (call.number === number ? 'EIO' : null);
      isDone = await failing.exportTable(wideTable, '/out', options).then(
        () => files.calls < number,
        () => false,
      );
      files.fail = () => null;
      for (const disk of [files.kill(), files.crash(), files.crash((unsynced) => unsynced >> 1, true)]) {
        found.add(liveSSTables(disk, '/out/ks/wide').dataFiles.length);
      }
      await failing.close();
    }
    expect([...found].sort()).toEqual([0, 3]);
  });

  it('names the row that nb cannot hold', async () => {
    const engine = await openDatabase(new MemoryFileSystem(), { compatibility: 'oa', now: () => 1000 });
    await engine.changeSchema(schemaOf(wideTable));
    const mutation = mutationOf(builder, row(5, 77, 5, 3_000_000_000 - 1000));
    await engine.apply([mutation]);
    const options = { version: 'nb', compact: true, validate: true } as const;
    await expect(engine.exportTable(wideTable, '/out', options)).rejects.toThrow(/partition 5, row \(77, x\)/);
    await engine.close();
  });
});

/** The same files with a directory under another name. */
function renamed(files: MemoryFileSystem, from: string, to: string): MemoryFileSystem {
  const copy = files.kill();
  void copy.rename(from, to);
  return copy;
}
