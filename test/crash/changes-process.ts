/**
 * Writes to the database at argv[2], which lies over the one at argv[3], until it is killed: rows from number argv[4] on, each
 * to two tables at once. Meanwhile it flushes, alters, imports the directories from number argv[6] on under argv[5], and
 * truncates, drops and makes again a third table. What it does goes to stdout, a line each:
 *
 *   w N        row N is acknowledged
 *   i K, I K   import K begins, is done
 *   v N        row N of the third table is acknowledged
 *   b, e       the third table is about to be emptied, is empty
 *   x N, X N   an export of the first table as it is, to directory N of argv[8], begins, is done
 */
import { existsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { TableMetadata } from '../../src/schema/model/index.ts';
import { Engine } from '../../src/storage/engine.ts';
import { type Mutation, MutationBuilder } from '../../src/storage/mutation/index.ts';
import { mutationOf } from '../storage/memtable/random-writes.ts';
import { changingSchemas, first, parseChanging, second, victim } from './changes-schema.ts';

const [path, basePath, firstNumber, imports, firstImport, worker, exports] = process.argv.slice(2);
const texts = { parseSchema: parseChanging, schemaToCql: (schema: { version: string }): string => schema.version };
const base = await Engine.open(basePath, { ...texts, readOnly: true });
const engine = await Engine.open(path, {
  ...texts,
  memtableBytes: 200_000,
  base: { reader: base, schema: base.schema },
  compactionWorker: { path: worker, minBytes: 20_000 },
});
let isAltered = engine.schema === changingSchemas[0][1] || engine.schema === changingSchemas[1][1];
const say = (line: string): void => void writeSync(1, `${line}\n`);
const builder = new MutationBuilder();
let next = Number(firstNumber);

function rowOf(table: TableMetadata, number: number): Mutation {
  const cells = [{ column: 0, path: 0, value: number, isTombstone: false }];
  const row = { kind: 'row', p: number % 16, c1: number, c2: 'x', time: 5, live: true, ttl: 0, cells } as const;
  return { ...mutationOf(builder, row), table };
}

async function writeRows(): Promise<never> {
  for (;;) {
    const number = next++;
    await engine.apply([rowOf(first, number), rowOf(second, number)]);
    say(`w ${number}`);
  }
}

async function maintain(): Promise<never> {
  for (let round = 0, k = Number(firstImport); ; round++) {
    await engine.flush();
    await engine.maintenance({ budgetMs: 3 });
    if (round % 2 === 0 && existsSync(join(imports, String(k)))) {
      say(`i ${k}`);
      await engine.importSSTables(first, [join(imports, String(k), 'ks/first')]);
      say(`I ${k++}`);
    }
  }
}

async function exportRows(): Promise<never> {
  for (;;) {
    const number = next++;
    say(`x ${number}`);
    const compact = number % 4 !== 0;
    await engine.exportTable(first, join(exports, String(number)), { version: 'nb', compact, validate: false });
    say(`X ${number}`);
  }
}

async function change(): Promise<never> {
  for (let round = 0; ; round++) {
    for (let i = 0; i < 20; i++) {
      const number = next++;
      await engine.apply([rowOf(victim, number)]);
      say(`v ${number}`);
    }
    // Not awaited: what empties the table comes while it is flushed.
    const flushing = engine.flush();
    say('b');
    if (round % 3 === 1) {
      await engine.changeSchema(changingSchemas[0][isAltered ? 1 : 0]);
      isAltered = !isAltered;
      await engine.changeSchema(changingSchemas[1][isAltered ? 1 : 0]);
    } else await engine.truncate(victim);
    say('e');
    await flushing;
  }
}

say('b');
await engine.changeSchema(changingSchemas[0][isAltered ? 1 : 0]);
await engine.changeSchema(changingSchemas[1][isAltered ? 1 : 0]);
say('e');
await Promise.all([writeRows(), writeRows(), maintain(), change(), exportRows()]);
