import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedSession } from '../../src/session/embedded/embedded-session.ts';
import { liveSSTables } from '../../src/storage/engine/live-sstables.ts';
import { openMemorySession } from '../session/memory-session.ts';
import { MemoryFileSystem } from '../storage/files/memory-file-system.ts';
import { importRows, jsonRows } from '../transfer/copy-harness.ts';

/** Each call in turn, by hand: CRASH_STEP=1 npx vitest run test/crash/failed-statements */
const STEP = Number(process.env['CRASH_STEP'] ?? 8);
const NOON = Date.UTC(2026, 0, 1, 12);

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cassette-failed-'));
  writeFileSync(join(directory, 'rows.csv'), '5,1,v5\n5,2,w5\n');
  writeFileSync(join(directory, 'rows.jsonl'), '{"p": 6, "d": 1, "w": "v6"}\n{"p": 6, "d": 2, "w": "w6"}\n');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A statement, or anything else that a session does. `isWhole` is false for what may be done in part. */
type Step =
  | string
  | { readonly name: string; readonly isWhole: boolean; run(session: EmbeddedSession): Promise<unknown> };

const flush: Step = { name: 'flush', isWhole: true, run: async (session) => session.maintenance?.flush() };

function copy(file: string): Step {
  const run = (session: EmbeddedSession): Promise<unknown> =>
    importRows(session, `COPY k.t (p, d, w) FROM '${join(directory, file)}'`);
  return { name: `COPY FROM ${file}`, isWhole: false, run };
}

/** CQLite's form, which `db.write` takes. */
const mutation: Step = {
  name: 'a JSON mutation',
  isWhole: true,
  run: async (session) =>
    session.maintenance?.write({
      table: { keyspace: 'k', table: 't' },
      partition_key: { columns: [['p', 7]] },
      clustering_key: { columns: [['d', 1]] },
      operations: [{ Write: { column: 'w', value: 'v7' } }],
      timestamp_micros: NOON * 1000,
    }),
};

const KEYSPACE = "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";

/** Made when it is run: files have names by then. */
function script(): readonly Step[] {
  return [
    KEYSPACE,
    'CREATE TYPE k.addr (street text)',
    'CREATE TABLE k.t (p int, c int, s int static, v int, w text, a frozen<addr>, PRIMARY KEY (p, c))',
    "INSERT INTO k.t (p, c, s, v, w, a) VALUES (1, 1, 1, 1, 'w', {street: 'x'})",
    'CREATE INDEX t_w ON k.t (w)',
    flush,
    'ALTER TABLE k.t ADD x int',
    'INSERT INTO k.t (p, c, x) VALUES (1, 2, 2)',
    'ALTER TABLE k.t DROP v',
    'ALTER TABLE k.t RENAME c TO d',
    'BEGIN BATCH INSERT INTO k.t (p, d, x) VALUES (2, 1, 3) INSERT INTO k.t (p, d, x) VALUES (3, 1, 3) APPLY BATCH',
    'ALTER TABLE k.t ADD v int',
    "ALTER TABLE k.t WITH comment = 'x' AND gc_grace_seconds = 5 AND compression = {'enabled': false}",
    'ALTER TYPE k.addr ADD zip int',
    "UPDATE k.t SET a = {street: 'y', zip: 1}, v = 4 WHERE p = 1 AND d = 1",
    'CREATE TABLE k.n (p int PRIMARY KEY, c counter)',
    'UPDATE k.n SET c = c + 1 WHERE p = 1',
    "INSERT INTO k.t (p, d, w) VALUES (4, 1, 'once') IF NOT EXISTS",
    copy('rows.csv'),
    copy('rows.jsonl'),
    mutation,
    flush,
    'DELETE FROM k.t WHERE p = 1 AND d > 1',
    'DROP INDEX k.t_w',
    'TRUNCATE k.t',
    'INSERT INTO k.t (p, d, x) VALUES (8, 8, 8)',
    'DROP TABLE k.n',
    'DROP KEYSPACE k',
    KEYSPACE,
    'CREATE TABLE k.t (p int PRIMARY KEY, v int)',
    'INSERT INTO k.t (p, v) VALUES (9, 9)',
  ];
}

/** The schema's text, then all rows, each table's in its order. */
async function shown(session: EmbeddedSession): Promise<{ schema: string; rows: string[] }> {
  const described = await session.execute('DESCRIBE SCHEMA');
  if (described.kind !== 'rows') throw new TypeError('a schema is rows');
  const texts: string[] = [];
  for (let chunk = await described.next(); chunk !== null; chunk = await described.next()) {
    for (const cell of chunk.cells) texts.push(Buffer.from(cell ?? []).toString());
  }
  const rows: string[] = [];
  for (const table of [...(session.schema.keyspaces.get('k')?.tables.keys() ?? [])].sort()) {
    for (const row of await jsonRows(session, `SELECT JSON * FROM k.${table}`)) rows.push(`${table} ${row}`);
  }
  return { schema: texts.join('\n'), rows };
}

type Shown = Awaited<ReturnType<typeof shown>>;

/** Runs the script and resolves to what is shown after each step; the first is before all. */
async function states(files: MemoryFileSystem, steps: readonly Step[]): Promise<Shown[]> {
  const { session } = await openMemorySession(files, { clock: () => NOON });
  const after = [await shown(session)];
  for (const step of steps) {
    await run(session, step);
    after.push(await shown(session));
  }
  await session.close();
  return after;
}

/** Calls of the script alone. */
async function callsOf(steps: readonly Step[]): Promise<number> {
  const files = new MemoryFileSystem();
  const { session } = await openMemorySession(files, { clock: () => NOON });
  for (const step of steps) await run(session, step);
  return files.calls;
}

async function run(session: EmbeddedSession, step: Step): Promise<void> {
  await (typeof step === 'string' ? session.execute(step) : step.run(session));
}

function expectOneOf(found: Shown, before: Shown, after: Shown, step: Step | undefined): void {
  if (step === undefined || typeof step === 'string' || step.isWhole) {
    // Of two texts that should be equal the difference is shown.
    expect(textOf(found)).toBe(nearest(found, before, after));
    return;
  }
  expect(found.schema).toBe(before.schema);
  expect(found.rows).toEqual(expect.arrayContaining(before.rows));
  expect(after.rows).toEqual(expect.arrayContaining(found.rows));
}

function textOf({ schema, rows }: Shown): string {
  return [schema, ...rows].join('\n');
}

/** Of the two, the one that is shown; the first when it is neither. */
function nearest(found: Shown, before: Shown, after: Shown): string {
  return textOf(found) === textOf(after) ? textOf(after) : textOf(before);
}

describe.each([
  ['once', 'EIO', 1],
  ['from then on', 'ENOSPC', Number.POSITIVE_INFINITY],
] as const)('statements of which a call fails: %s', (_, code, length) => {
  it('are done or not, and the error says which file it was', async () => {
    const steps = script();
    const expected = await states(new MemoryFileSystem(), steps);
    const calls = await callsOf(steps);
    expect(calls).toBeGreaterThan(400);
    for (let number = length === 1 ? 1 : 4; number <= calls; number += STEP) {
      const files = new MemoryFileSystem();
      let failed = '';
      files.fail = ({ operation, path, number: at }) => {
        if (operation === 'read' || at < number || at >= number + length) return null;
        if (failed === '') failed = path;
        return code;
      };
      const place = `call ${number}`;
      const { session } = await openMemorySession(files, { clock: () => NOON });
      let done = 0;
      for (const step of steps) {
        const error = await run(session, step).then(
          () => null,
          (failure: unknown) => failure,
        );
        if (error !== null) {
          expect(String(error), place).toContain(`${code}: ${length === 1 ? failed : '/db'}`);
          break;
        }
        done++;
      }
      files.fail = () => null;
      const [before, after] = [expected[done], expected[Math.min(done + 1, steps.length)]];
      const failing = steps.at(done);
      try {
        expectOneOf(await shown(session), before, after, failing);
        await session.close().catch(() => undefined);
        for (const disk of [files.crash(), files.kill()]) {
          const again = await openMemorySession(disk, { clock: () => NOON });
          expectOneOf(await shown(again.session), before, after, failing);
          expect(again.engine.notes.filter((note) => !note.includes('torn tail'))).toEqual([]);
          await again.session.close();
          expect(orphans(disk)).toEqual([]);
        }
      } catch (error) {
        if (error instanceof Error) error.message = `${place} (${failed}), step ${done}: ${error.message}`;
        throw error;
      }
    }
  }, 300_000);
});

/** Files in tables' directories that belong to no SSTable that counts. */
function orphans(files: MemoryFileSystem): string[] {
  const kept = files.paths().filter((path) => path.startsWith('/db/data/'));
  const live = new Set<string>();
  for (const path of new Set(kept.map((file) => dirname(file)))) {
    for (const data of liveSSTables(files, path).dataFiles) live.add(data.replace(/Data\.db$/, ''));
  }
  return kept.filter((path) => !live.has(path.replace(/[A-Z][A-Za-z]*\.(db|txt|crc32)$/, '')));
}
