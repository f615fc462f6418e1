import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { liveSSTables } from '../../src/storage/engine/live-sstables.ts';
import { Engine } from '../../src/storage/engine.ts';
import { nodeFileSystem } from '../../src/storage/files/index.ts';
import { textOf } from '../storage/engine/test-database.ts';
import { crashSchemas, crashTable } from './crash-schema.ts';
import { runAndDie } from './run-and-die.ts';

/** By hand: CRASH_KILLS=1000 npx vitest run test/crash/kill */
const KILLS = Number(process.env['CRASH_KILLS'] ?? 60);
const root = join(import.meta.dirname, '../..');
const writer = join(root, 'tmp', `crash-writer-${process.pid}.mjs`);
const worker = join(root, 'tmp', `crash-worker-${process.pid}.mjs`);
const directory = mkdtempSync(join(tmpdir(), 'cassette-crash-'));
const database = join(directory, 'db');

beforeAll(async () => {
  const scripts = [
    [join(import.meta.dirname, 'writer-process.ts'), writer],
    [join(root, 'src/storage/compaction/compaction-worker.ts'), worker],
  ];
  for (const [source, outfile] of scripts) {
    await build({
      entryPoints: [source],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
  }
});

afterAll(() => {
  rmSync(writer, { force: true });
  rmSync(worker, { force: true });
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the writer and kills it after a while; resolves to what it acknowledged. */
async function writeAndDie(first: number, afterMillis: number): Promise<number[]> {
  return (await runAndDie([writer, database, String(first), worker], afterMillis)).map(Number);
}

function openDatabase(): Promise<Engine> {
  return Engine.open(database, {
    parseSchema: (text) => crashSchemas.find((schema) => schema.version === text) ?? crashSchemas[0],
    schemaToCql: (schema) => schema.version,
  });
}

describe('a database whose process is killed', () => {
  it(`keeps all that it acknowledged over ${KILLS} kills`, async () => {
    let seed = 12345;
    const random = (): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return seed / 0x7fffffff;
    };
    const acknowledged = new Set<number>();
    let next = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      for (const number of await writeAndDie(next, random() * 120)) acknowledged.add(number);
      const engine = await openDatabase();
      const shown = [new Set<number>(), new Set<number>()];
      let p = 0;
      for (const line of await textOf(engine, crashTable)) {
        if (line.startsWith('partition')) p = Number.parseInt(line.slice(10, 18), 16);
        const row = /^row 4\(([0-9a-f]{8}),/.exec(line);
        if (row !== null) shown[p < 1000 ? 0 : 1].add(Number.parseInt(row[1], 16));
      }
      expect([...acknowledged].filter((number) => !shown[0].has(number))).toEqual([]);
      expect([...shown[0]].filter((number) => !shown[1].has(number))).toEqual([]);
      expect(shown[1].size).toBe(shown[0].size);
      next = Math.max(next, ...shown[0], ...acknowledged) + 1;
      expect(engine.notes.filter((note) => !note.includes('torn tail'))).toEqual([]);
      await engine.close();
      checkNoOrphans();
    }
    expect(acknowledged.size).toBeGreaterThan(KILLS);
  }, 900_000);
});

function checkNoOrphans(): void {
  const path = join(database, 'data/ks', `wide-${crashTable.id}`);
  const live = new Set(liveSSTables(nodeFileSystem, path).dataFiles.map((file) => file.replace(/Data\.db$/, '')));
  if (!nodeFileSystem.exists(path)) return;
  const orphans = nodeFileSystem
    .listSync(path)
    .map((entry) => join(path, entry.name))
    .filter((file) => !live.has(file.replace(/[A-Z][A-Za-z]*\.(db|txt|crc32)$/, '')));
  expect(orphans).toEqual([]);
}
