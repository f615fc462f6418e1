import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseCommandLine } from '../../src/cli/arguments.ts';
import { runDump } from '../../src/cli/dump.ts';
import { runInspect } from '../../src/cli/inspect.ts';
import { runVerify } from '../../src/cli/verify.ts';
import { UsageError } from '../../src/errors/index.ts';
import { formatLogRecord } from '../../src/storage/sstable/write/transaction-log.ts';
import { buildProgram } from './program.ts';

const PROGRAM = join(import.meta.dirname, '../../bin/cassette.js');
const DATA = join(import.meta.dirname, '../../test-data/node/data');
const SHOP = join(DATA, 'shop');
const RUN = { dump: runDump, inspect: runInspect, verify: runVerify } as const;

async function run(command: keyof typeof RUN, ...argv: string[]): Promise<{ code: number; output: string }> {
  const { operands, options } = parseCommandLine([command, ...argv]);
  const pieces: Buffer[] = [];
  const sink = {
    write: (data: string | Uint8Array) => void pieces.push(Buffer.from(data)),
    drain: async () => undefined,
  };
  const code = await RUN[command](operands, options, sink);
  return { code, output: Buffer.concat(pieces).toString('utf8') };
}

function table(name: string): string {
  return join(SHOP, readdirSync(SHOP).find((directory) => directory.startsWith(`${name}-`)) ?? '');
}

interface DumpLine {
  readonly partition: { readonly key: string[] };
}

function keysOf(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line): DumpLine => JSON.parse(line))
    .map((line) => line.partition.key[0]);
}

describe('dump', () => {
  it('takes a directory, and any component for its SSTable', async () => {
    const all = keysOf((await run('dump', '-l', table('customers'))).output);
    const first = keysOf((await run('dump', '-l', join(table('customers'), 'nb-1-big-Index.db'))).output);
    const second = keysOf((await run('dump', '-l', join(table('customers'), 'nb-2-big-Data.db'))).output);
    expect(all).toEqual([...first, ...second]);
  });

  it('keeps to the keys of -k, in the order of the file, and leaves out those of -x', async () => {
    const file = join(table('customers'), 'nb-1-big-Data.db');
    const all = keysOf((await run('dump', '-l', file)).output);
    const some = await run('dump', file, '-l', '-k', all[7], '-k', all[2], '-k', all[4], '-x', all[4]);
    expect(keysOf(some.output)).toEqual([all[2], all[7]]);
    const others = await run('dump', file, '-l', '-x', all[0]);
    expect(keysOf(others.output)).toEqual(all.slice(1));
  });

  it('says what is wrong with a key or a path', async () => {
    const file = join(table('customers'), 'nb-1-big-Data.db');
    await expect(run('dump', file, '-l', '-k', 'no uuid')).rejects.toThrow(UsageError);
    await expect(run('dump', join(SHOP, 'none'))).rejects.toThrow(UsageError);
    await expect(run('dump', join(import.meta.dirname, 'sstable-commands.test.ts'))).rejects.toThrow(UsageError);
  });
});

describe('inspect', () => {
  it.each(['statistics', 'index', 'summary', 'filter', 'compression-info', 'toc', 'partitions', 'rows', 'data'])(
    '%s as JSON and as text',
    async (component) => {
      const { output } = await run('inspect', '--component', component, '--format', 'json', table('sessions'));
      expect(JSON.parse(output).length).toBeGreaterThan(0);
      expect((await run('inspect', '--component', component, table('sessions'))).output).toMatch(/^SSTable: /);
    },
  );

  it('knows no other component', async () => {
    await expect(run('inspect', '--component', 'colour', table('sessions'))).rejects.toThrow(UsageError);
  });
});

describe('verify', () => {
  let copy = '';
  beforeAll(buildProgram, 60_000);
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'cassette-verify-'));
    cpSync(table('customers'), copy, { recursive: true });
  });
  afterAll(() => rmSync(copy, { recursive: true }));

  it('finds a node directory without damage', async () => {
    const { code, output } = await run('verify', DATA);
    expect(output).toMatch(/^\d+ SSTables, \d+ partitions, \d+ rows checked: no damage\n$/);
    expect(code).toBe(0);
  });

  it('lists damage with file, offset and chunk, and exits with 1', async () => {
    const path = join(copy, 'nb-2-big-Data.db');
    const bytes = readFileSync(path);
    bytes[20] ^= 1;
    writeFileSync(path, bytes);
    const { code, output } = await run('verify', copy);
    expect(output).toMatch(/^CorruptSSTable: .*nb-2-big-Data\.db, offset 0, chunk 0: chunk checksum is/m);
    expect(output).toMatch(/pieces of damage in 1 SSTable\n$/);
    expect(code).toBe(1);
  });

  it('tells of damage by its exit code when nobody reads it', () => {
    const piped = (path: string): number | null =>
      spawnSync('bash', ['-c', `"$0" "$@" | true; exit \${PIPESTATUS[0]}`, process.execPath, PROGRAM, 'verify', path])
        .status;
    expect(piped(copy)).toBe(1);
    expect(piped(table('customers'))).toBe(0);
  });

  it('tells of what an unfinished transaction hides, unless it is to be quiet', async () => {
    const hidden = formatLogRecord({ type: 'ADD', path: '/x/nb-1-big-', timeMillis: 0, files: 8 });
    const log = join(copy, 'nb_txn_compaction_2f0a3b10-e55a-11f1-9785-1bd0c6bbc28a.log');
    writeFileSync(log, `${hidden}\n`);
    const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      expect((await run('verify', copy)).output).toMatch(/in 1 SSTable\n$/);
      expect(told).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(`${log}: an unfinished transaction`));
      await run('verify', '-q', copy);
      expect(told).toHaveBeenCalledOnce();
    } finally {
      told.mockRestore();
      rmSync(log);
    }
  });
});
