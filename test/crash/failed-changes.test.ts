import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Schema, TableMetadata } from '../../src/schema/model/index.ts';
import { liveSSTables } from '../../src/storage/engine/live-sstables.ts';
import { Engine } from '../../src/storage/engine.ts';
import { type Mutation, MutationBuilder } from '../../src/storage/mutation/index.ts';
import { openDatabase, textOf } from '../storage/engine/test-database.ts';
import { MemoryFileSystem } from '../storage/files/memory-file-system.ts';
import { mutationOf } from '../storage/memtable/random-writes.ts';
import { BASE_ROWS, changingSchemas, first, IMPORT_BASE, parseChanging, second, victim } from './changes-schema.ts';

/** Each call in turn, by hand: CRASH_STEP=1 npx vitest run test/crash/failed-changes */
const STEP = Number(process.env['CRASH_STEP'] ?? 8);
const IMPORTED = [IMPORT_BASE, IMPORT_BASE + 1, IMPORT_BASE + 2];
const builder = new MutationBuilder();

function rowOf(table: TableMetadata, number: number): Mutation {
  const cells = [{ column: 0, path: 0, value: number, isTombstone: false }];
  const row = { kind: 'row', p: number % 3, c1: number, c2: 'x', time: 5, live: true, ttl: 0, cells } as const;
  return { ...mutationOf(builder, row), table };
}

/** Rows by their numbers, ascending; null for a table that is not there. */
interface State {
  readonly first: readonly number[] | null;
  readonly second: readonly number[] | null;
  readonly victim: readonly number[] | null;
  readonly isAltered: boolean;
}

async function stateOf(engine: Engine): Promise<State> {
  const tables = engine.schema.keyspaces.get('ks')?.tables;
  const numbersIn = async (table: TableMetadata): Promise<number[] | null> => {
    if (tables?.has(table.name) !== true) return null;
    const found = (await textOf(engine, table)).map((line) => /^row 4\(([0-9a-f]{8}),/.exec(line));
    return found
      .filter((row) => row !== null)
      .map((row) => Number.parseInt(row[1], 16))
      .sort((a, b) => a - b);
  };
  return {
    first: await numbersIn(first),
    second: await numbersIn(second),
    victim: await numbersIn(victim),
    isAltered: tables?.get('second')?.columns.has('a_new') === true,
  };
}

/** Files with a base at /base and SSTables to import at /imports. */
async function prepared(): Promise<MemoryFileSystem> {
  const files = new MemoryFileSystem();
  const base = await openDatabase(files, { parseSchema: parseChanging }, '/base');
  await base.changeSchema(changingSchemas[1][0]);
  for (const number of BASE_ROWS) for (const table of [first, victim]) await base.apply([rowOf(table, number)]);
  await base.flush();
  await base.close();
  const source = await openDatabase(files, { parseSchema: parseChanging }, '/source');
  await source.changeSchema(changingSchemas[1][0]);
  await source.apply(IMPORTED.map((number) => rowOf(first, number)));
  await source.exportTable(first, '/imports', { version: 'nb', compact: true, validate: false });
  await source.close();
  await files.makeDirectory('/out');
  for (const path of ['/', '/imports', '/imports/ks', '/out']) await files.syncDirectory(path);
  return files;
}

const texts = { parseSchema: parseChanging, schemaToCql: (schema: Schema): string => schema.version };

async function openOver(files: MemoryFileSystem, hasBase: boolean): Promise<Engine> {
  const options = { ...texts, files, takeLock: () => ({ release: () => undefined }), backgroundCompaction: false };
  if (!hasBase) return Engine.open('/db', options);
  const under = await Engine.open('/base', { ...options, readOnly: true });
  return Engine.open('/db', { ...options, base: { reader: under, schema: under.schema } });
}

/** What a script does one by one: each either happens as a whole or not at all. */
class Script {
  state: State;
  /** What a step that failed may have come to. */
  other: State | null = null;
  isClosing = false;
  private readonly engine: Engine;
  private readonly retries: boolean;
  private number = 0;

  constructor(engine: Engine, hasBase: boolean, retries: boolean) {
    this.engine = engine;
    this.retries = retries;
    const base = hasBase ? BASE_ROWS : null;
    this.state = { first: base, second: hasBase ? [] : null, victim: base, isAltered: false };
  }

  async run(): Promise<void> {
    const { engine } = this;
    await this.schema(true, false);
    for (let i = 0; i < 2; i++) await this.write();
    await this.flush();
    await this.write();
    await this.importRows();
    await this.step({}, async () => {
      await engine.exportTable(first, '/out', { version: 'nb', compact: true, validate: true });
    });
    await this.step({ victim: [] }, () => engine.truncate(victim));
    await this.write();
    await this.schema(true, true);
    await this.write();
    await this.flush();
    await this.step({}, async () => {
      while ((await engine.maintenance({ budgetMs: 1 })).pending > 0);
    });
    await this.schema(false, true);
    await this.write();
    await this.importRows();
    await this.schema(true, false);
    await this.write();
    this.isClosing = true;
    await this.step({}, () => engine.close());
  }

  private schema(hasVictim: boolean, isAltered: boolean): Promise<void> {
    const made = (rows: readonly number[] | null): readonly number[] => rows ?? [];
    const next = changingSchemas[hasVictim ? 1 : 0][isAltered ? 1 : 0];
    return this.step(
      {
        first: made(this.state.first),
        second: made(this.state.second),
        victim: hasVictim ? made(this.state.victim) : null,
        isAltered,
      },
      () => this.engine.changeSchema(next),
    );
  }

  /** One write to all tables there are. */
  private async write(): Promise<void> {
    const number = this.number++;
    const added = (rows: readonly number[] | null): readonly number[] | null =>
      rows === null ? null : [...rows, number].sort((a, b) => a - b);
    const tables = this.state.victim === null ? [first, second] : [first, second, victim];
    const next = {
      first: added(this.state.first),
      second: added(this.state.second),
      victim: added(this.state.victim),
    };
    await this.step(next, () => this.engine.apply(tables.map((table) => rowOf(table, number))));
  }

  private importRows(): Promise<void> {
    const rows = new Set([...(this.state.first ?? []), ...IMPORTED]);
    return this.step({ first: [...rows].sort((a, b) => a - b) }, async () => {
      await this.engine.importSSTables(first, ['/imports/ks/first']);
    });
  }

  private flush(): Promise<void> {
    return this.step({}, async () => {
      await this.engine.flush();
    });
  }

  private async step(change: Partial<State>, action: () => Promise<void>): Promise<void> {
    const next = { ...this.state, ...change };
    this.other = next;
    try {
      await action();
    } catch (error) {
      if (!this.retries) throw error;
      await this.retry(action);
    }
    this.state = next;
    this.other = null;
  }

  /** Three times: so many calls fail. */
  private async retry(action: () => Promise<void>): Promise<void> {
    await action().catch(() => action().catch(action));
  }
}

/** How calls fail from one number on. */
interface Faults {
  readonly name: string;
  readonly code: 'ENOSPC' | 'EIO';
  /** Calls in a row. */
  readonly length: number;
  /** Each step that fails is tried again. */
  readonly retries: boolean;
}

const FAULTS: readonly Faults[] = [
  { name: 'once, and the step is tried again', code: 'ENOSPC', length: 1, retries: true },
  { name: 'with the next two, and the step is tried again', code: 'EIO', length: 3, retries: true },
  { name: 'once', code: 'EIO', length: 1, retries: false },
  { name: 'from then on', code: 'ENOSPC', length: Number.POSITIVE_INFINITY, retries: false },
];

async function runWith(files: MemoryFileSystem, hasBase: boolean, faults: Faults, number: number): Promise<Script> {
  const engine = await openOver(files, hasBase);
  const script = new Script(engine, hasBase, faults.retries);
  let failed = '';
  files.calls = 0;
  files.fail = (call) => {
    if (call.operation === 'read' || call.path.startsWith('/base')) return null;
    if (call.number < number || call.number >= number + faults.length) return null;
    if (failed === '') failed = call.path;
    return faults.code;
  };
  try {
    await script.run();
    expect(script.other).toBeNull();
  } catch (error) {
    const isFirst = faults.length === 1 && !faults.retries;
    expect(String(error)).toMatch(isFirst ? `${faults.code}: ${failed}` : faults.code);
  }
  files.fail = () => null;
  const told = script.isClosing ? null : await stateOf(engine);
  // What failed does not show by half to who goes on reading either.
  if (told !== null) expect([script.state, script.other]).toContainEqual(told);
  await engine.close().catch(() => undefined);
  return script;
}

/** Opens what is left, and resolves to what the power would leave of it from then on, and what was shown. */
async function check(
  files: MemoryFileSystem,
  hasBase: boolean,
  expected: readonly (State | null)[],
): Promise<{ crashed: MemoryFileSystem; found: State }> {
  const engine = await openOver(files, hasBase);
  const found = await stateOf(engine);
  expect(expected).toContainEqual(found);
  expect(engine.notes.filter((note) => !note.includes('torn tail'))).toEqual([]);
  const crashed = files.crash();
  await engine.close();
  if (engine.hostId === null) return { crashed, found };
  const kept = files.paths().filter((path) => path.startsWith('/db/'));
  const directories = kept.filter((path) => path.startsWith('/db/data/')).map((path) => dirname(path));
  const live = new Set<string>();
  for (const directory of new Set(directories)) {
    for (const path of liveSSTables(files, directory).dataFiles) live.add(path.replace(/Data\.db$/, ''));
  }
  const orphans = kept.filter(
    (path) => path.startsWith('/db/data/') && !live.has(path.replace(/[A-Z][A-Za-z]*\.(db|txt|crc32)$/, '')),
  );
  expect(orphans).toEqual([]);
  expect(kept.filter((path) => path.endsWith('.new'))).toEqual([]);
  return { crashed, found };
}

/** An export is there as a whole or not at all: where it failed and could, it took its files away. */
function checkExport(files: MemoryFileSystem): void {
  const out = files.paths().filter((path) => path.startsWith('/out/'));
  const toc = out.find((path) => path.endsWith('TOC.txt'));
  if (toc === undefined) {
    expect(out).toEqual([]);
    return;
  }
  const listed = files.readFileSync(toc).toString().trim().split('\n');
  const found = out.map((path) => path.replace(/^.*nb-\d+-big-/, '')).filter((name) => /^[A-Z]/.test(name));
  expect(found.sort()).toEqual(listed.sort());
}

/** Whose call fails at which number, for the message of what fails then. */
async function located(place: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (error instanceof Error) error.message = `${place}: ${error.message}`;
    throw error;
  }
}

describe.each([
  ['a database', false],
  ['a database over a base', true],
] as const)('%s whose disk fails while it changes', (_, hasBase) => {
  it.each(FAULTS.map((faults, i) => [faults.name, faults, i] as const))(
    'has whole truncations, imports, exports and schema changes, whichever call fails: %s',
    async (_name, faults, first) => {
      const origin = await prepared();
      const whole = origin.kill();
      const done = await runWith(whole, hasBase, faults, Number.POSITIVE_INFINITY);
      expect(done.other).toBeNull();
      const { calls } = whole;
      expect(calls).toBeGreaterThan(400);
      for (let number = 1 + (first % STEP); number <= calls; number += STEP) {
        await located(`call ${number} failed`, async () => {
          const files = origin.kill();
          const { state, other } = await runWith(files, hasBase, faults, number);
          if (faults.length === 1) checkExport(files);
          await check(files.crash(), hasBase, [state, other]);
          await check(
            files.crash((unsynced) => unsynced >> 1, true),
            hasBase,
            [state, other],
          );
          const { crashed, found } = await check(files.kill(), hasBase, [state, other]);
          // What was shown after a process died is not what another failure could take back.
          await check(crashed, hasBase, [found]);
        });
      }
    },
    600_000,
  );
});
