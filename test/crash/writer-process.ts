/**
 * Writes to the database at argv[2] from number argv[3] on until it is killed, and prints each number on a line once the
 * write is acknowledged. Flushes, compacts (with the worker script at argv[4]) and changes the schema in between. `torn`
 * writes are of two rows at once.
 */
import { writeSync } from 'node:fs';
import { Engine } from '../../src/storage/engine.ts';
import { MutationBuilder } from '../../src/storage/mutation/index.ts';
import { mutationOf } from '../storage/memtable/random-writes.ts';
import { crashSchemas, crashTable } from './crash-schema.ts';

const [path, first] = [process.argv[2], Number(process.argv[3])];
/** So that both threads have their share of compactions. */
const WORKER_BYTES = 20_000;
const engine = await Engine.open(path, {
  parseSchema: (text) => crashSchemas.find((schema) => schema.version === text) ?? crashSchemas[0],
  schemaToCql: (schema) => schema.version,
  memtableBytes: 200_000,
  compactionWorker: { path: process.argv[4], minBytes: WORKER_BYTES },
});
if (engine.schema.keyspaces.size === 0) await engine.changeSchema(crashSchemas[0]);
let next = first;
const builder = new MutationBuilder();

async function writeRows(): Promise<void> {
  for (;;) {
    const number = next++;
    const pair = [number % 16, 1000 + (number % 16)].map((p) => {
      const cells = [{ column: 0, path: 0, value: number, isTombstone: false }];
      const row = { kind: 'row', p, c1: number, c2: 'x', time: 5, live: true, ttl: 0, cells } as const;
      return { ...mutationOf(builder, row), table: crashTable };
    });
    await engine.apply(pair);
    writeSync(1, `${number}\n`);
  }
}

async function maintain(): Promise<never> {
  for (let round = 0; ; round++) {
    await engine.flush();
    await engine.maintenance({ budgetMs: 3 });
    if (round % 5 === 1) await engine.changeSchema(crashSchemas[round % 2]);
    if (round % 7 === 1) await engine.compact(crashTable);
  }
}

await Promise.all([...Array.from({ length: 4 }, writeRows), maintain()]);
