import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Schema, TableMetadata } from '../../src/schema/model/index.ts';
import { liveSSTables } from '../../src/storage/engine/live-sstables.ts';
import { Engine } from '../../src/storage/engine.ts';
import { nodeFileSystem } from '../../src/storage/files/index.ts';
import { MutationBuilder } from '../../src/storage/mutation/index.ts';
import { readAll } from '../../src/storage/rows/index.ts';
import { openSSTableSync } from '../../src/storage/sstable/sstable-reader.ts';
import { textOf } from '../storage/engine/test-database.ts';
import { mutationOf } from '../storage/memtable/random-writes.ts';
import { streamText } from '../storage/memtable/stream-text.ts';
import {
  BASE_ROWS,
  changingSchemas,
  first,
  IMPORT_BASE,
  IMPORT_ROWS,
  parseChanging,
  second,
  victim,
} from './changes-schema.ts';
import { runAndDie } from './run-and-die.ts';

/** By hand: CRASH_KILLS=400 npx vitest run test/crash/changes */
const KILLS = Number(process.env['CRASH_KILLS'] ?? 25);
const IMPORTS = KILLS * 2;
const root = join(import.meta.dirname, '../..');
const writer = join(root, 'tmp', `changes-process-${process.pid}.mjs`);
const worker = join(root, 'tmp', `changes-worker-${process.pid}.mjs`);
const directory = mkdtempSync(join(tmpdir(), 'cassette-changes-'));
const [database, base, imports, exported] = ['db', 'base', 'imports', 'exports'].map((name) => join(directory, name));
const texts = { parseSchema: parseChanging, schemaToCql: (schema: Schema): string => schema.version };

beforeAll(async () => {
  for (const [source, outfile] of [
    [join(import.meta.dirname, 'changes-process.ts'), writer],
    [join(root, 'src/storage/compaction/compaction-worker.ts'), worker],
  ]) {
    await build({
      entryPoints: [source],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
  }
  await makeBase();
  await makeImports();
}, 120_000);

afterAll(() => {
  for (const path of [writer, worker, directory]) rmSync(path, { recursive: true, force: true });
});

const builder = new MutationBuilder();

async function put(engine: Engine, table: TableMetadata, number: number): Promise<void> {
  const cells = [{ column: 0, path: 0, value: number, isTombstone: false }];
  const row = { kind: 'row', p: number % 16, c1: number, c2: 'x', time: 5, live: true, ttl: 0, cells } as const;
  await engine.apply([{ ...mutationOf(builder, row), table }]);
}

async function makeBase(): Promise<void> {
  const engine = await Engine.open(base, texts);
  await engine.changeSchema(changingSchemas[1][0]);
  for (const number of BASE_ROWS) for (const table of [first, victim]) await put(engine, table, number);
  await engine.flush();
  await engine.close();
}

async function makeImports(): Promise<void> {
  const engine = await Engine.open(join(directory, 'source'), {
    ...texts,
    durability: 'none',
    backgroundCompaction: false,
  });
  await engine.changeSchema(changingSchemas[1][0]);
  for (let k = 0; k < IMPORTS; k++) {
    for (let i = 0; i < IMPORT_ROWS; i++) await put(engine, first, IMPORT_BASE + k * IMPORT_ROWS + i);
    await engine.exportTable(first, join(imports, String(k)), { version: 'nb', compact: true, validate: false });
    await engine.truncate(first);
  }
  await engine.close();
}

/** The last row that the process wrote itself; -1 for none. */
function lastOf(numbers: Iterable<number>): number {
  return Math.max(-1, ...[...numbers].filter((number) => number < IMPORT_BASE));
}

async function numbersIn(engine: Engine, table: TableMetadata): Promise<Set<number>> {
  return numbersOf(await textOf(engine, table));
}

function numbersOf(lines: readonly string[]): Set<number> {
  const numbers = new Set<number>();
  for (const line of lines) {
    const row = /^row 4\(([0-9a-f]{8}),/.exec(line);
    if (row !== null) numbers.add(Number.parseInt(row[1], 16));
  }
  return numbers;
}

/** What must be there, as the process said. */
class Expected {
  readonly rows = new Set<number>();
  readonly imports = new Map<number, 'begun' | 'done'>();
  /** What was in the first table when each export began. */
  readonly exports = new Map<number, ReadonlySet<number>>();
  readonly done = new Set<number>();
  /** Rows of the victim since it was emptied last. */
  victims = new Set<number>(BASE_ROWS);
  /** It was being emptied: all of it is there, or nothing. */
  isEmptying = false;

  take(lines: readonly string[]): void {
    for (const line of lines) {
      const [what, number] = [line[0], Number(line.slice(2))];
      if (what === 'w') this.rows.add(number);
      else if (what === 'i') this.imports.set(number, 'begun');
      else if (what === 'I') this.imports.set(number, 'done');
      else if (what === 'v') this.victims.add(number);
      else if (what === 'x') this.exports.set(number, new Set(this.rows));
      else if (what === 'X') this.done.add(number);
      else if (what === 'b') this.isEmptying = true;
      else if (what === 'e') {
        this.isEmptying = false;
        this.victims.clear();
      }
    }
  }

  async check(engine: Engine): Promise<number> {
    const inFirst = await numbersIn(engine, first);
    const inSecond = await numbersIn(engine, second);
    expect([...this.rows].filter((number) => !inFirst.has(number))).toEqual([]);
    expect([...inFirst].filter((number) => number < IMPORT_BASE).sort()).toEqual([...inSecond].sort());
    expect(BASE_ROWS.filter((number) => !inFirst.has(number))).toEqual([]);
    for (const [k, state] of this.imports) {
      const numbers = Array.from({ length: IMPORT_ROWS }, (_, i) => IMPORT_BASE + k * IMPORT_ROWS + i);
      const found = numbers.filter((number) => inFirst.has(number)).length;
      if (state === 'done') expect(found).toBe(IMPORT_ROWS);
      else expect([0, IMPORT_ROWS]).toContain(found);
      this.imports.set(k, found > 0 ? 'done' : 'begun');
    }
    for (const [number, rows] of this.exports) await this.checkExport(number, rows);
    const inVictim = await this.victimsIn(engine);
    return Math.max(lastOf(inFirst), lastOf(inVictim));
  }

  /** All of the table, or nothing that would be taken for it. */
  private async checkExport(number: number, rows: ReadonlySet<number>): Promise<void> {
    const path = join(exported, String(number), 'ks/first');
    const { dataFiles } = liveSSTables(nodeFileSystem, path);
    if (this.done.has(number)) expect(dataFiles).not.toEqual([]);
    const found = new Set<number>();
    for (const dataFile of dataFiles) {
      const reader = openSSTableSync(nodeFileSystem, dataFile, { table: first });
      for (const row of numbersOf(await streamText(await reader.stream(readAll)))) found.add(row);
      reader.close();
    }
    if (dataFiles.length > 0) expect([...rows].filter((row) => !found.has(row))).toEqual([]);
    rmSync(join(exported, String(number)), { recursive: true, force: true });
    this.exports.delete(number);
  }

  private async victimsIn(engine: Engine): Promise<Set<number>> {
    const isThere = engine.schema.keyspaces.get('ks')?.tables.has('victim') ?? false;
    const found = isThere ? await numbersIn(engine, victim) : new Set<number>();
    const missing = [...this.victims].filter((number) => !found.has(number));
    const extra = [...found].filter((number) => !this.victims.has(number));
    if (this.isEmptying) {
      if (found.size > 0) expect(missing).toEqual([]);
    } else {
      expect(isThere).toBe(true);
      expect(missing).toEqual([]);
    }
    // The write that was under way.
    expect(extra.length).toBeLessThanOrEqual(1);
    for (const number of extra) expect(number).toBeGreaterThan(lastOf(this.victims));
    this.victims = found;
    this.isEmptying = false;
    return found;
  }
}

describe('a database over a base whose process is killed while it changes', () => {
  it(`has whole batches, imports, exports, truncations and drops over ${KILLS} kills`, async () => {
    let seed = 4321;
    const random = (): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return seed / 0x7fffffff;
    };
    const expected = new Expected();
    let next = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const firstImport = Math.max(-1, ...expected.imports.keys()) + 1;
      const lines = await runAndDie(
        [writer, database, base, String(next), imports, String(firstImport), worker, exported],
        random() * 10,
        random() * 400,
      );
      expected.take(lines);
      const under = await Engine.open(base, { ...texts, readOnly: true });
      const engine = await Engine.open(database, { ...texts, base: { reader: under, schema: under.schema } });
      next = Math.max(next, (await expected.check(engine)) + 1);
      expect(engine.notes.filter((note) => !note.includes('torn tail'))).toEqual([]);
      const tables = [first, second, victim].filter((table) =>
        engine.schema.keyspaces.get('ks')?.tables.has(table.name),
      );
      await engine.close();
      await under.close();
      checkNoOrphans(tables);
    }
    expect(expected.rows.size).toBeGreaterThan(KILLS);
    expect([...expected.imports.values()]).toContain('done');
    expect(expected.done.size).toBeGreaterThan(KILLS / 4);
  }, 900_000);
});

function checkNoOrphans(tables: readonly TableMetadata[]): void {
  const data = join(database, 'data/ks');
  if (!nodeFileSystem.exists(data)) return;
  for (const { name } of nodeFileSystem.listSync(data)) {
    const path = join(data, name);
    const isKnown = tables.some((table) => name === `${table.name}-${table.id}`);
    const live = new Set(liveSSTables(nodeFileSystem, path).dataFiles.map((file) => file.replace(/Data\.db$/, '')));
    const orphans = nodeFileSystem
      .listSync(path)
      .map((entry) => join(path, entry.name))
      .filter((file) => !isKnown || !live.has(file.replace(/[A-Z][A-Za-z]*\.(db|txt|crc32)$/, '')));
    expect(orphans).toEqual([]);
  }
}
