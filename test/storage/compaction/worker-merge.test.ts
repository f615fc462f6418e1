import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CompactionWorker } from '../../../src/storage/compaction/index.ts';
import type { Engine } from '../../../src/storage/engine.ts';
import { nodeFileSystem } from '../../../src/storage/files/index.ts';
import { MutationBuilder } from '../../../src/storage/mutation/index.ts';
import { openDatabase, schemaOf, textOf } from '../engine/test-database.ts';
import { mutationOf, type Write, wideTable } from '../memtable/random-writes.ts';

const root = join(import.meta.dirname, '../../..');
/** Inside of the project: what the bundle leaves out is found from there. */
const script = join(root, 'tmp', `compaction-worker-${process.pid}.mjs`);
const broken = join(root, 'tmp', `broken-worker-${process.pid}.mjs`);
const top = mkdtempSync(join(tmpdir(), 'cassette-worker-'));
const builder = new MutationBuilder();
let count = 0;
let path = '';

beforeAll(async () => {
  await build({
    entryPoints: [join(root, 'src/storage/compaction/compaction-worker.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  writeFileSync(broken, 'throw new TypeError("no thread today");');
});

beforeEach(() => {
  path = join(top, `db${++count}`);
});

afterAll(() => {
  for (const file of [script, broken, top]) rmSync(file, { recursive: true, force: true });
});

function open(worker: CompactionWorker | null, backgroundCompaction = false): Promise<Engine> {
  const takeLock = (): { release(): void } => ({ release: () => undefined });
  return openDatabase(
    nodeFileSystem,
    { backgroundCompaction, compactionWorker: worker, now: () => 2_000_000_000_000, takeLock },
    path,
  );
}

function row(n: number, time: number): Write {
  return {
    kind: 'row',
    p: n % 50,
    c1: n,
    c2: 'x',
    time,
    live: true,
    ttl: 0,
    cells: [{ column: 0, path: 0, value: n, isTombstone: false }],
  };
}

/** Four SSTables of 2,000 rows in 50 partitions. */
async function filled(engine: Engine): Promise<void> {
  await engine.changeSchema(schemaOf(wideTable));
  for (let flush = 0; flush < 4; flush++) {
    for (let n = 0; n < 2000; n++) engine.applyNow([mutationOf(builder, row(n + flush * 500, flush + 1))]);
    await engine.flush();
  }
}

/** Names of all files of the table. */
function tableFiles(): string[] {
  return readdirSync(join(path, 'data'), { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name));
}

describe('a compaction in a worker', () => {
  it('says what the files said, and leaves only its own', async () => {
    const engine = await open({ path: script, minBytes: 0 });
    await filled(engine);
    const expected = await textOf(engine, wideTable);
    const report = await engine.compact(wideTable);
    expect(report).toMatchObject({ partitions: 50, pending: 0 });
    expect(engine.stats().tables[0].sstables).toBe(1);
    expect(await textOf(engine, wideTable)).toEqual(expected);
    await engine.close();
    expect(tableFiles().filter((name) => name.endsWith('-Data.db')).length).toBe(1);
    expect(tableFiles().filter((name) => name.endsWith('.log'))).toEqual([]);
    const again = await open(null);
    expect(await textOf(again, wideTable)).toEqual(expected);
    await again.close();
  });

  it.each([
    ['keeps a tombstone that may hide an unflushed write', 4, [1, 2]],
    ['purges a tombstone that hides no unflushed write', 9, [2]],
  ])('%s', async (_, time, withDeletion) => {
    const engine = await open({ path: script, minBytes: 0 }, true);
    await engine.changeSchema(schemaOf(wideTable));
    for (let flush = 1; flush <= 4; flush++) {
      // The second partition's deletion is too young to go.
      await engine.apply([
        mutationOf(builder, { kind: 'deletePartition', p: 1, time: 5, local: 100 }),
        mutationOf(builder, { kind: 'deletePartition', p: 2, time: 5, local: 1_999_999_999 }),
        mutationOf(builder, row(103, 20 + flush)),
      ]);
      await engine.flush();
    }
    engine.applyNow([mutationOf(builder, row(9001, time))]);
    await vi.waitFor(() => expect(engine.stats().tables[0].sstables).toBe(1), { timeout: 10_000 });
    const lines = await textOf(engine, wideTable);
    const deleted = lines.filter((line) => /^partition .* @5/.test(line));
    expect(deleted.map((line) => Number(line.slice(10, 18)))).toEqual(withDeletion);
    expect(lines.some((line) => line.includes(`@${time}`))).toBe(time === 9);
    await engine.close();
  });

  it('is done on the main thread when no worker starts', async () => {
    const engine = await open({ path: broken, minBytes: 0 });
    await filled(engine);
    const expected = await textOf(engine, wideTable);
    await engine.compact(wideTable);
    expect(engine.stats().tables[0].sstables).toBe(1);
    expect(await textOf(engine, wideTable)).toEqual(expected);
    await engine.close();
    expect(tableFiles().filter((name) => name.endsWith('.log'))).toEqual([]);
  });

  it('is given up by close at any moment, and leaves nothing', async () => {
    const first = await open(null);
    await filled(first);
    const expected = await textOf(first, wideTable);
    await first.close();
    const before = tableFiles().sort();
    for (const millis of [0, 20, 60, 90, 120]) {
      const engine = await open({ path: script, minBytes: 0 });
      const compacted = engine.compact(wideTable).catch(() => null);
      await new Promise((resolve) => setTimeout(resolve, millis));
      await engine.close();
      await compacted;
      if (tableFiles().filter((name) => name.endsWith('-Data.db')).length === 1) break;
      expect(tableFiles().sort()).toEqual(before);
    }
    const again = await open(null);
    expect(again.notes).toEqual([]);
    expect(await textOf(again, wideTable)).toEqual(expected);
    await again.close();
  });

  it('takes writes, flushes and a truncation meanwhile', async () => {
    const engine = await open({ path: script, minBytes: 0 });
    await filled(engine);
    const compacted = engine.compact(wideTable);
    await engine.apply([mutationOf(builder, row(9000, 9))]);
    await engine.flush();
    await compacted;
    expect((await textOf(engine, wideTable)).some((line) => line.includes('@9'))).toBe(true);
    const again = engine.compact(wideTable);
    await engine.truncate(wideTable);
    await again;
    expect(await textOf(engine, wideTable)).toEqual([]);
    await engine.close();
    expect(tableFiles().filter((name) => name.endsWith('-Data.db') || name.endsWith('.log'))).toEqual([]);
  });

  it('ends with a DROP of its table', async () => {
    const engine = await open({ path: script, minBytes: 0 });
    await filled(engine);
    const compacted = engine.compact(wideTable).catch(() => null);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await engine.changeSchema(schemaOf());
    await compacted;
    expect(tableFiles()).toEqual([]);
    await engine.close();
  });
});
