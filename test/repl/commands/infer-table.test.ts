import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { inferTable } from '../../../src/repl/commands/infer-table.ts';

const directory = mkdtempSync(join(tmpdir(), 'cassette-infer-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function typesOf(text: string, isJson: boolean): Record<string, string> {
  const path = join(directory, 'rows');
  writeFileSync(path, text);
  const lines = inferTable(path, 't', isJson).split('\n').slice(1, -1);
  return Object.fromEntries(lines.map((line) => /^ {4}(\S+) (.*?),?$/.exec(line)?.slice(1) ?? [line, '']));
}

it.each([
  [['1', '-20'], 'int'],
  [['1', '3000000000'], 'bigint'],
  [['12345678901234567890'], 'varint'],
  [['1', '2.5', '-3e10'], 'double'],
  [['0.12345678901234567'], 'decimal'],
  // No numbers: zeros in front would be lost.
  [['01234', '90210'], 'text'],
  [['1', 'x'], 'text'],
  [['', '1'], 'int'],
  [['true', 'FALSE'], 'boolean'],
  [['2024-01-31'], 'date'],
  [['2024-01-31', '2024-01-31 10:00'], 'timestamp'],
  [['2024-01-31T10:00:00.123Z', '2024-01-31 10:00:00+0200'], 'timestamp'],
  [['123e4567-e89b-12d3-a456-426614174000'], 'uuid'],
  [['', ''], 'text'],
])('a CSV column of %j is %s', (values, type) => {
  expect(typesOf(`k,v\n${values.map((value, i) => `${i},${value}`).join('\n')}\n`, false)).toEqual({
    k: 'int PRIMARY KEY',
    v: type,
  });
});

it.each([
  ['1, "n": 2', { n: 'int' }],
  ['1, "n": 1.5, "big": 12345678901234567890123', { n: 'double', big: 'varint' }],
  ['1, "s": "123", "at": "2024-01-01T00:00:00Z", "none": null', { s: 'text', at: 'timestamp', none: 'text' }],
  ['1, "tags": ["a"], "empty": []', { tags: 'list<text>', empty: 'list<text>' }],
  ['1, "m": {"a": 1, "b": 2}', { m: 'map<text, int>' }],
  ['1, "deep": {"a": [[1], [2, 3]]}', { deep: 'map<text, frozen<list<frozen<list<int>>>>>' }],
  ['1, "userName": "x", "\\"Quoted\\"": true', { username: 'text', '"Quoted"': 'boolean' }],
])('a JSON line of %s', (fields, types) => {
  expect(typesOf(`{"k": ${fields}}\n`, true)).toEqual({ k: 'int PRIMARY KEY', ...types });
});

it('JSON values of several kinds are text', () => {
  expect(typesOf('{"k": 1, "v": 2}\n{"k": 2, "v": "x"}\n{"k": 3}\n', true)).toMatchObject({ v: 'text' });
});
