import { difference, isServerFailure, type Side, type Statement } from './answer.ts';
import { Random } from './random.ts';
import { randomSelect } from './random-selects.ts';
import { type RandomTable, randomTable } from './random-table.ts';
import type { Draft } from './random-values.ts';
import { randomWrite } from './random-writes.ts';

export interface Sides {
  readonly theirs: Side;
  readonly ours: Side;
}

export interface Difference {
  /** All that must run before `statement`, and no more once it is shrunk. */
  readonly before: readonly Statement[];
  readonly statement: Statement;
  readonly what: string;
  readonly seed: number;
}

const plain = (cql: string): Statement => ({ cql, values: [] });

/**
 * Runs one random keyspace's statements on both sides. A difference in what is stored ends it, since everything after
 * would differ too.
 */
export async function exploreKeyspace(sides: Sides, seed: number, statements: number): Promise<Difference[]> {
  const r = new Random(seed);
  const keyspace = `d${seed}_${Date.now().toString(36)}`;
  const tables = [randomTable(r, keyspace, 't0'), randomTable(r, keyspace, 't1')];
  const setup = [createKeyspace(keyspace), ...new Set(tables.flatMap((table) => table.ddl))].map(plain);
  const found: Difference[] = [];
  const before: Statement[] = [];
  try {
    for (const statement of setup) {
      before.push(statement);
      const what = await compare(sides, statement);
      if (what !== null) return [{ before, statement, what, seed }];
    }
    for (let i = 0; i < statements; i++) {
      const statement = randomStatement(r, tables, i);
      const what = await compare(sides, statement);
      if (what !== null) {
        found.push({ before: [...before], statement, what, seed });
        if (!(await sameData(sides, tables))) break;
      }
      if (!statement.cql.startsWith('SELECT')) before.push(statement);
    }
    return found;
  } finally {
    await sides.theirs.run(plain(`DROP KEYSPACE IF EXISTS ${keyspace}`));
    await sides.ours.run(plain(`DROP KEYSPACE IF EXISTS ${keyspace}`));
  }
}

function randomStatement(r: Random, tables: readonly RandomTable[], i: number): Statement {
  const draft: Draft = { r, values: [] };
  const cql = i < 12 || r.chance(0.5) ? randomWrite(draft, tables) : randomSelect(draft, r.pick(tables));
  if (!cql.startsWith('SELECT') || !r.chance(0.3)) return { cql, values: draft.values };
  return { cql, values: draft.values, pageSize: r.between(1, 4) };
}

function createKeyspace(name: string): string {
  return `CREATE KEYSPACE ${name} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`;
}

async function compare({ theirs, ours }: Sides, statement: Statement): Promise<string | null> {
  const expected = await theirs.run(statement);
  // What Cassandra failed to write must not stand here either, or all that follows would differ.
  if (isServerFailure(expected) && !statement.cql.startsWith('SELECT')) return null;
  return difference(expected, await ours.run(statement));
}

async function sameData(sides: Sides, tables: readonly RandomTable[]): Promise<boolean> {
  for (const table of tables) {
    if ((await compare(sides, plain(`SELECT * FROM ${table.keyspace}.${table.name}`))) !== null) return false;
  }
  return true;
}

/** Leaves out statements while the last one still differs. Each try makes a keyspace of its own. */
export async function shrink(sides: Sides, found: Difference, tries = 25): Promise<Difference> {
  let { before } = found;
  let left = tries;
  for (let size = Math.ceil(before.length / 2); size >= 1 && left > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = before.length - size; at >= 0 && left > 0; at -= size, left--) {
      const fewer = before.filter((statement, i) => i < at || i >= at + size || statement.cql.startsWith('CREATE'));
      if (fewer.length < before.length && (await stillDiffers(sides, fewer, found.statement))) before = fewer;
    }
  }
  return { ...found, before };
}

async function stillDiffers(sides: Sides, before: readonly Statement[], last: Statement): Promise<boolean> {
  const [, old] = /KEYSPACE (\S+)/.exec(before[0].cql) ?? [];
  const name = `${old}_${Math.random().toString(36).slice(2, 8)}`;
  const renamed = (statement: Statement): Statement => ({ ...statement, cql: statement.cql.replaceAll(old, name) });
  try {
    for (const statement of before) await compare(sides, renamed(statement));
    return (await compare(sides, renamed(last))) !== null;
  } finally {
    const drop = plain(`DROP KEYSPACE IF EXISTS ${name}`);
    await Promise.all([sides.theirs.run(drop), sides.ours.run(drop)]);
  }
}

export function report({ before, statement, what, seed }: Difference): string {
  const lines = [...before, statement].map(({ cql, values, pageSize }) => {
    const notes = [...values.map(valueText), ...(pageSize === undefined ? [] : [`pages of ${pageSize}`])];
    return notes.length === 0 ? `${cql};` : `${cql}; -- ${notes.join(', ')}`;
  });
  return `seed ${seed}\n${lines.join('\n')}\n${what}`;
}

function valueText(value: Uint8Array | null | undefined): string {
  return value === undefined ? 'unset' : value === null ? 'null' : `0x${Buffer.from(value).toString('hex')}`;
}
