import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildProgram, cassette } from './program.ts';

const directory = mkdtempSync(join(tmpdir(), 'cassette-dot-dump-'));

beforeAll(buildProgram, 60_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('.dump is a script that makes schema, rows and counters again', () => {
  const script = join(directory, 'dump.cql');
  const copy = join(directory, 'copy');
  const sample = join(import.meta.dirname, '../../test-data/sample');
  const dumped = cassette([sample, '-k', 'shop', '-e', '.dump']);
  writeFileSync(script, dumped.stdout);
  expect(cassette([copy, '-f', script]).status).toBe(0);
  for (const table of ['products', 'page_views', 'orders_by_customer']) {
    const query = ['-e', `SELECT JSON * FROM shop.${table}`];
    expect(cassette([copy, ...query]).stdout).toBe(cassette([sample, ...query]).stdout);
  }
}, 60_000);
