import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Engine } from '../../../src/storage/engine.ts';
import { MutationBuilder } from '../../../src/storage/mutation/index.ts';
import { mutationOf, wideTable } from '../memtable/random-writes.ts';
import { schemaOf } from './test-database.ts';

const schema = schemaOf(wideTable);
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cassette-socket-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function open(): Promise<Engine> {
  return Engine.open(join(directory, 'db'), {
    parseSchema: () => schema,
    schemaToCql: () => 'schema',
    backgroundCompaction: false,
  });
}

async function holder(): Promise<Engine> {
  const engine = await open();
  await engine.changeSchema(schema);
  const write = { kind: 'static', p: 1, time: 5, value: 'a' } as const;
  await engine.apply([mutationOf(new MutationBuilder(), write)]);
  return engine;
}

describe('maintenance of a database that another process holds', () => {
  it('is done by the holder', async () => {
    const engine = await holder();
    await engine.acceptMaintenance();
    const other = await open();
    expect(other.isWritable).toBe(false);
    expect(await other.flush()).toMatchObject([{ baseName: 'nb-1-big', partitions: 1 }]);
    expect(engine.stats().tables[0].sstables).toBe(1);
    expect((await other.compact(wideTable)).partitions).toBe(1);
    expect(await other.maintenance({ budgetMs: 5 })).toMatchObject({ pending: 0 });
    await other.close();
    await engine.close();
  });

  it('is refused when the holder takes no requests', async () => {
    const engine = await holder();
    const other = await open();
    await expect(other.flush()).rejects.toThrow(/open for writing elsewhere/);
    await other.close();
    await engine.close();
  });

  it('does not trip over the socket of a process that died', async () => {
    const engine = await holder();
    writeFileSync(join(directory, 'db/socket'), '');
    const other = await open();
    await expect(other.flush()).rejects.toThrow(/open for writing elsewhere/);
    await engine.acceptMaintenance();
    expect((await other.flush()).length).toBe(1);
    await other.close();
    await engine.close();
  });
});
