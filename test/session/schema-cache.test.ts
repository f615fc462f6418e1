import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readSchemaText } from '../../src/session/schema-cache.ts';

const MOST_FILES = 64;
const DAY_SECONDS = 24 * 3600;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cassette-schemas-'));
  vi.stubEnv('CASSETTE_CACHE', directory);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

function keyspace(name: string): string {
  return `CREATE KEYSPACE ${name} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};`;
}

/** A file that was used some days ago. */
function old(name: string, days: number): void {
  writeFileSync(join(directory, name), '{}');
  const seconds = Date.now() / 1000 - days * DAY_SECONDS;
  utimesSync(join(directory, name), seconds, seconds);
}

describe('parsed schemas', () => {
  it('are kept under the hash of their text', async () => {
    const { schema } = await readSchemaText(keyspace('one'));
    expect(readdirSync(directory)).toHaveLength(1);
    expect((await readSchemaText(keyspace('one'))).schema).toEqual(schema);
    await readSchemaText(keyspace('two'));
    expect(readdirSync(directory)).toHaveLength(2);
  });

  it('go when nobody used them for a month, and no other file does', async () => {
    old('schema-used.json', 20);
    old('schema-old.json', 40);
    old('schema-torn.json.123', 40);
    old('code-select.bin', 40);
    await readSchemaText(keyspace('new'));
    const kept = readdirSync(directory).sort();
    expect(kept).toHaveLength(3);
    expect(kept).toEqual(expect.arrayContaining(['code-select.bin', 'schema-used.json']));
  });

  it('are bounded in number: those used last stay', async () => {
    for (let i = 0; i < 100; i++) old(`schema-${String(i).padStart(3, '0')}.json`, i / 10);
    await readSchemaText(keyspace('new'));
    const kept = readdirSync(directory).sort();
    expect(kept).toHaveLength(MOST_FILES);
    expect(kept.slice(0, MOST_FILES - 1)).toEqual(
      Array.from({ length: MOST_FILES - 1 }, (_, i) => `schema-${String(i).padStart(3, '0')}.json`),
    );
  });
});
