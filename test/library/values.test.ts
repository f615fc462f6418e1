import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CqlValue, type Database, Decimal, Duration, LocalDate, LocalTime, open } from '../../src/index.ts';
import { NATIVE_TYPE_NAMES } from '../../src/types/index.ts';

/** The table of docs/library.md: what it says of each type is done here. */
const page = readFileSync(join(import.meta.dirname, '../../docs/library.md'), 'utf8');
const rows = page
  .slice(page.indexOf('| type | comes as |'))
  .split('\n\n')[0]
  .split('\n')
  .slice(2)
  .map((line) => {
    const [, type, comes, given, refused] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return {
      type: type.replace('&lt;', '<').replace('&gt;', '>'),
      comes: expressionsOf(comes)[0],
      given: expressionsOf(given),
      refused: expressionsOf(refused),
    };
  });

function expressionsOf(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, expression]) => expression);
}

const scope = { Decimal, Duration, LocalDate, LocalTime, Buffer };

function evaluate(expression: string): CqlValue {
  return new Function(...Object.keys(scope), `return (${expression});`)(...Object.values(scope));
}

let db: Database;
beforeAll(async () => {
  db = await open(undefined, { durability: 'none' });
  await db.execute("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
  await db.execute('USE k');
  await db.execute('CREATE TYPE address (street text, number int)');
});
afterAll(() => db.close());

let tables = 0;
async function table(type: string): Promise<string> {
  const name = `t${tables++}`;
  await db.execute(`CREATE TABLE ${name} (id int PRIMARY KEY, v ${type})`);
  return name;
}

function write(name: string, type: string, id: number, value: CqlValue) {
  return type === 'counter'
    ? db.execute(`UPDATE ${name} SET v = v + ? WHERE id = ?`, [value, id])
    : db.execute(`INSERT INTO ${name} (v, id) VALUES (?, ?)`, [value, id]);
}

describe('the table of values', () => {
  it('has every type', () => {
    const types = rows.map(({ type }) => type.replace(/<.*/, ''));
    const rare = ['empty'];
    expect(NATIVE_TYPE_NAMES.filter((name) => !types.includes(name) && !rare.includes(name))).toEqual([]);
    for (const name of ['list', 'set', 'map', 'tuple', 'vector', 'address']) expect(types).toContain(name);
  });

  it.each(rows)('$type as $comes', async ({ type, comes, given, refused }) => {
    const name = await table(type);
    const wanted = evaluate(comes);
    expect(given.length).toBeGreaterThan(0);
    for (const [id, expression] of given.entries()) {
      await write(name, type, id, evaluate(expression));
      const value = (await db.execute(`SELECT v FROM ${name} WHERE id = ?`, [id])).first()?.v;
      expect(isDeepStrictEqual(value, wanted), `${expression} came as ${String(value)}`).toBe(true);
      await write(name, type, 1000 + id, value ?? null);
    }
    for (const expression of refused) {
      const written = write(name, type, -1, evaluate(expression)).then(
        () => 'it was taken',
        (error: unknown) => error,
      );
      expect(await written, expression).toMatchObject({ code: 'InvalidRequest' });
      expect(String(await written), expression).toMatch(/: (v|increment|value).*: /i);
    }
  });
});

describe('values', () => {
  it.each([
    ['list<int>', []],
    ['set<int>', new Set()],
    ['map<int, int>', new Map()],
  ])('an empty %s is null unless it is frozen', async (type, value) => {
    for (const [declared, expected] of [
      [type, null],
      [`frozen<${type}>`, value],
    ] as const) {
      const name = await table(declared);
      await write(name, declared, 1, value);
      expect((await db.execute(`SELECT v FROM ${name}`)).first()?.v).toEqual(expected);
    }
  });

  it('nest', async () => {
    const type = 'map<frozen<address>, frozen<set<uuid>>>';
    const name = await table(type);
    const value = new Map([[{ street: 'A', number: 1 }, new Set(['f47ac10b-58cc-4372-a567-0e02b2c3d479'])]]);
    await write(name, type, 1, value);
    expect((await db.execute(`SELECT v FROM ${name}`)).first()?.v).toEqual(value);
  });

  it('beyond a Date come as a bigint', async () => {
    const name = await table('timestamp');
    await write(name, 'timestamp', 1, 2n ** 62n);
    expect((await db.execute(`SELECT v FROM ${name}`)).first()?.v).toBe(2n ** 62n);
  });

  it('print as CQL', () => {
    const values = [Decimal.from('1.50'), new Duration(14, 3, 5n), LocalDate.of(2024, 2, 29), LocalTime.of(1, 2, 3)];
    expect(values.map(String)).toEqual(['1.50', '1y2mo3d5ns', '2024-02-29', '01:02:03.000000000']);
    expect(JSON.stringify(values)).toBe('["1.50","1y2mo3d5ns","2024-02-29","01:02:03.000000000"]');
  });
});
