import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EmbeddedSession } from '../../src/session/embedded/embedded-session.ts';
import { MemoryFileSystem } from '../storage/files/memory-file-system.ts';
import { jsonRows } from '../transfer/copy-harness.ts';
import { openMemorySession } from './memory-session.ts';

const NOON = Date.UTC(2026, 0, 1, 12);
const HOUR = 3_600_000;
const KEYSPACE = "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";

async function run(session: EmbeddedSession, ...statements: string[]): Promise<void> {
  for (const statement of statements) await session.execute(statement);
}

/** Of `v` in all rows of `t`. */
async function writeTimes(session: EmbeddedSession, where = ''): Promise<number[]> {
  const rows = await jsonRows(session, `SELECT JSON writetime(v) FROM t${where}`);
  return rows.map((row) => Number(/\d+/.exec(row)?.[0]));
}

/** One database whose sessions come and go, and the machine's clock. */
class Machine {
  millis = NOON;
  files = new MemoryFileSystem();
  session!: EmbeddedSession;
  notes: readonly string[] = [];

  static async start(...statements: string[]): Promise<Machine> {
    const machine = new Machine();
    await machine.open();
    await run(machine.session, KEYSPACE, 'USE k', ...statements);
    return machine;
  }

  async open(options: { path?: string; base?: string } = {}): Promise<void> {
    const { session, engine } = await openMemorySession(this.files, { ...options, clock: () => this.millis });
    this.session = session;
    this.notes = engine.notes;
    if (session.schema.keyspaces.has('k')) session.keyspace = 'k';
  }

  /** Closes, or has the power go, and opens again at another time. */
  async reopen(millis: number, dies = false): Promise<void> {
    if (dies) this.files = this.files.crash();
    else await this.session.close();
    this.millis = millis;
    await this.open();
  }

  async flush(): Promise<void> {
    await this.session.maintenance?.flush();
  }
}

describe('a clock that went backwards between two sessions', () => {
  it.each(['log', 'SSTable'] as const)('lets later writes win over those of the %s', async (where) => {
    const machine = await Machine.start('CREATE TABLE t (p int PRIMARY KEY, v text)');
    await run(machine.session, "INSERT INTO t (p, v) VALUES (1, 'first')", 'DELETE FROM t WHERE p = 2');
    if (where === 'SSTable') await machine.flush();
    await machine.reopen(NOON - HOUR);
    expect(machine.notes).toEqual([
      'the clock says 2026-01-01T11:00:00.000Z, but the last write is of 2026-01-01T12:00:00.000Z: timestamps go on from there',
    ]);
    await run(machine.session, "UPDATE t SET v = 'second' WHERE p = 1", "INSERT INTO t (p, v) VALUES (2, 'back')");
    // Another session, which does not write, forgets nothing.
    await machine.reopen(NOON - 2 * HOUR);
    await machine.reopen(NOON - 2 * HOUR);
    await run(machine.session, "UPDATE t SET v = 'third' WHERE p = 1");
    expect(await jsonRows(machine.session, 'SELECT JSON p, v FROM t')).toEqual([
      '{"p": 1, "v": "third"}',
      '{"p": 2, "v": "back"}',
    ]);
    for (const micros of await writeTimes(machine.session)) expect(micros).toBeLessThan(NOON * 1000 + 20);
    await machine.reopen(NOON + 1000);
    expect(machine.notes).toEqual([]);
  });

  it('has what a user dates count for nothing', async () => {
    const machine = await Machine.start('CREATE TABLE t (p int PRIMARY KEY, v text)');
    for (const [p, micros] of [253_370_764_800_000_000n, 2n ** 63n - 1n, -(2n ** 63n) + 1n, 0n].entries()) {
      await run(machine.session, `INSERT INTO t (p, v) VALUES (${p}, 'x') USING TIMESTAMP ${micros}`);
    }
    await machine.flush();
    await machine.reopen(NOON + 1);
    expect(machine.notes).toEqual([]);
    await run(machine.session, "INSERT INTO t (p, v) VALUES (9, 'now')");
    expect(await writeTimes(machine.session, ' WHERE p = 9')).toEqual([(NOON + 1) * 1000]);
  });

  it('appends to lists at their end and prepends at their beginning', async () => {
    const machine = await Machine.start('CREATE TABLE t (p int PRIMARY KEY, l list<int>)');
    await run(machine.session, 'UPDATE t SET l = [3, 4] WHERE p = 1', 'UPDATE t SET l = [2] + l WHERE p = 1');
    await machine.reopen(NOON - HOUR);
    await run(machine.session, 'UPDATE t SET l = l + [5] WHERE p = 1', 'UPDATE t SET l = [1] + l WHERE p = 1');
    expect(await jsonRows(machine.session, 'SELECT JSON l FROM t')).toEqual(['{"l": [1, 2, 3, 4, 5]}']);
  });

  it('writes to a column that was dropped and added again', async () => {
    const machine = await Machine.start('CREATE TABLE t (p int PRIMARY KEY, v int, w int)', 'ALTER TABLE t DROP v');
    await machine.reopen(NOON - HOUR, true);
    await run(machine.session, 'ALTER TABLE t ADD v int', 'INSERT INTO t (p, v) VALUES (1, 1)');
    await machine.reopen(NOON - HOUR);
    await machine.flush();
    expect(await jsonRows(machine.session, 'SELECT JSON v FROM t')).toEqual(['{"v": 1}']);
  });

  it('lets an overlay win over its base', async () => {
    const machine = await Machine.start('CREATE TABLE t (p int PRIMARY KEY, v text)');
    await run(machine.session, "INSERT INTO t (p, v) VALUES (1, 'below')");
    await machine.session.close();
    machine.millis = NOON - HOUR;
    await machine.open({ path: '/over', base: '/db' });
    await run(machine.session, "INSERT INTO t (p, v) VALUES (1, 'above')");
    expect(await jsonRows(machine.session, 'SELECT JSON v FROM t')).toEqual(['{"v": "above"}']);
  });

  it('changes nothing about which write is the last', async () => {
    const key = fc.nat(2);
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('write' as const), key }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), key }) },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('dated' as const), micros: fc.bigInt(-(2n ** 62n), 2n ** 62n) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('flush' as const) }) },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('reopen' as const),
          dies: fc.boolean(),
          hours: fc.integer({ min: -50, max: 50 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('jump' as const), hours: fc.integer({ min: -50, max: 50 }) }),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const machine = await Machine.start(
          'CREATE TABLE t (p int PRIMARY KEY, v int)',
          'CREATE TABLE u (p int PRIMARY KEY, v int)',
        );
        const model = new Map<number, number>();
        let latest = NOON;
        for (const [number, step] of steps.entries()) {
          latest = Math.max(latest, machine.millis);
          switch (step.kind) {
            case 'write':
              await run(machine.session, `INSERT INTO t (p, v) VALUES (${step.key}, ${number})`);
              model.set(step.key, number);
              break;
            case 'delete':
              await run(machine.session, `DELETE FROM t WHERE p = ${step.key}`);
              model.delete(step.key);
              break;
            case 'dated':
              await run(machine.session, `INSERT INTO u (p, v) VALUES (1, 1) USING TIMESTAMP ${step.micros}`);
              break;
            case 'flush':
              await machine.flush();
              break;
            case 'reopen':
              await machine.reopen(NOON + step.hours * HOUR, step.dies);
              break;
            case 'jump':
              machine.millis = NOON + step.hours * HOUR;
              break;
          }
        }
        const rows = await jsonRows(machine.session, 'SELECT JSON p, v FROM t');
        expect(rows.sort()).toEqual([...model].map(([p, v]) => `{"p": ${p}, "v": ${v}}`).sort());
        for (const micros of await writeTimes(machine.session)) expect(micros).toBeLessThan(latest * 1000 + 1000);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
