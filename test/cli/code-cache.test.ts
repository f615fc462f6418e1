import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readCodeCache, writeCodeCache } from '../../src/cli/code-cache.ts';
import { PtyShell } from '../repl/pty/pty-shell.ts';
import { buildProgram, cassette } from './program.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cassette-code-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('the file of compiled code', () => {
  const code = Buffer.from('compiled');

  it('is what was written, for its owner alone', () => {
    const path = join(directory, 'new/code-select.bin');
    writeCodeCache(path, code);
    expect(readCodeCache(path)).toEqual(code);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(directory, 'new'))).toEqual(['code-select.bin']);
  });

  it('is none when it is missing, short, changed anywhere, or writable by others', () => {
    const path = join(directory, 'code-select.bin');
    expect(readCodeCache(path)).toBeNull();
    writeCodeCache(path, code);
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      expect(readCodeCache(path)).toBeNull();
    }
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] ^= 1;
      writeFileSync(path, changed);
      expect(readCodeCache(path)).toBeNull();
    }
    writeFileSync(path, whole);
    expect(readCodeCache(path)).toEqual(code);
    chmodSync(path, 0o620);
    expect(readCodeCache(path)).toBeNull();
  });

  it('takes the place of files that nobody read for a month, and of no others', () => {
    for (const name of ['code-select-old.bin', 'code-select-used.bin', 'schema-old.json']) {
      writeFileSync(join(directory, name), '');
    }
    for (const name of ['code-select-old.bin', 'schema-old.json']) utimesSync(join(directory, name), 1, 1);
    writeCodeCache(join(directory, 'code-select.bin'), code);
    expect(readdirSync(directory).sort()).toEqual(['code-select-used.bin', 'code-select.bin', 'schema-old.json']);
  });
});

describe('the program', () => {
  const codeFiles = (): string[] =>
    readdirSync(directory)
      .filter((name) => name.startsWith('code-'))
      .sort();
  const count = (): string => {
    const { stdout, status } = cassette(['-e', 'SELECT 1 + 1 AS two', '--format', 'csv'], {
      environment: { CASSETTE_CACHE: directory },
    });
    expect(status).toBe(0);
    return stdout;
  };

  beforeAll(buildProgram, 60_000);

  it('keeps what it compiled, uses it, and makes it again when it is damaged', () => {
    const first = count();
    // A temporary database needs the engine.
    expect(codeFiles().map((name) => name.split('-')[1])).toEqual(['engine', 'program']);
    const path = join(directory, codeFiles()[1]);
    const whole = readFileSync(path);
    const { ino } = statSync(path);
    expect(count()).toBe(first);
    // Read and not written anew.
    expect(statSync(path).ino).toBe(ino);
    // Whole, but not of this program: V8 refuses it.
    writeCodeCache(path, Buffer.alloc(100));
    expect(count()).toBe(first);
    expect(readFileSync(path).length).toBeGreaterThan(whole.length / 2);
    writeFileSync(path, whole.subarray(0, 1000));
    expect(count()).toBe(first);
    expect(readCodeCache(path)).not.toBeNull();
  });

  it('draws the shell with Ink also from kept code', async () => {
    for (const start of ['compiled', 'kept']) {
      const program = join(import.meta.dirname, '../../bin/cassette.js');
      const shell = new PtyShell(program, { home: directory, environment: { CASSETTE_CACHE: directory } });
      try {
        await shell.until(/cassette> *\n/, 20_000);
        shell.type('DE\t');
        await shell.until(/DELETE[^\n]*\n +DESC/, 20_000);
        expect(shell.screen(), start).not.toContain('Error');
        shell.type('\u0003EXIT\r');
        expect(await shell.end(), start).toBe(0);
      } finally {
        shell.close();
      }
      expect(codeFiles().map((name) => name.split('-')[1])).toContain('shell');
    }
  }, 60_000);

  it('never runs parts of two builds together', () => {
    const copy = join(directory, 'dist');
    cpSync(join(import.meta.dirname, '../../dist'), copy, { recursive: true });
    const engine = join(copy, 'engine.cjs');
    writeFileSync(engine, readFileSync(engine, 'latin1').replace(/^\/\*.{16}/, `/*${'f'.repeat(16)}`), 'latin1');
    const start = join(copy, 'start.cjs');
    writeFileSync(start, "require('./launch.cjs').launch(__dirname)");
    const { stderr, status } = spawnSync(process.execPath, [start, '-e', 'SELECT 1'], {
      encoding: 'utf8',
      env: { ...process.env, CASSETTE_CACHE: directory },
    });
    expect(stderr).toContain('replaced by another version');
    expect(status).toBe(1);
  });

  it('starts where nothing can be kept', () => {
    rmSync(directory, { recursive: true });
    writeFileSync(directory, 'a file');
    expect(count()).toContain('2');
  });
});
