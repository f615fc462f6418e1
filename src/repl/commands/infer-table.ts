import { closeSync, openSync, readSync } from 'node:fs';
import { RFC_4180 } from '../../transfer/csv/csv-dialect.ts';
import { CsvReader } from '../../transfer/csv/csv-reader.ts';
import { quoteIdentifier } from '../../types/index.ts';
import { CommandError } from './shell-command.ts';

/** Types are told from so much of a file. */
const SAMPLE_BYTES = 256 * 1024;

/** From the narrowest to the widest: a column's type is the first that all of its sampled values have. */
const TYPES: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['boolean', /^(true|false)$/i],
  ['int', /^-?\d{1,9}$/],
  ['bigint', /^-?\d{1,18}$/],
  ['double', /^-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/],
  ['uuid', /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i],
  ['date', /^\d{4}-\d\d-\d\d$/],
  ['timestamp', /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?$/],
];

/**
 * A CREATE TABLE for the rows of a CSV file with a header, or of JSON lines: types from a sample of its values, the first
 * column the primary key. Throws CommandError when there is nothing to tell columns from.
 */
export function inferTable(path: string, table: string, isJson: boolean): string {
  const sample = readSample(path);
  const { names, rows } = isJson ? jsonSample(sample) : csvSample(sample);
  if (names.length === 0) throw new CommandError(`${path} has no columns to make a table of`);
  const columns = names.map((name, i) => {
    const values = rows.map((row) => row[i] ?? '').filter((value) => value !== '');
    const type = TYPES.find(([, pattern]) => values.length > 0 && values.every((value) => pattern.test(value)));
    return `    ${quoteIdentifier(name)} ${type?.[0] ?? 'text'}${i === 0 ? ' PRIMARY KEY' : ''}`;
  });
  return `CREATE TABLE ${table} (\n${columns.join(',\n')}\n)`;
}

interface Sample {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The beginning of the file up to its last whole line, and whether that is all of it. */
function readSample(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(SAMPLE_BYTES);
    const length = readSync(descriptor, buffer, 0, SAMPLE_BYTES, 0);
    if (length < SAMPLE_BYTES) return buffer.subarray(0, length);
    return buffer.subarray(0, buffer.lastIndexOf(0x0a) + 1);
  } finally {
    closeSync(descriptor);
  }
}

function csvSample(bytes: Buffer): Sample {
  const reader = new CsvReader(RFC_4180);
  reader.push(bytes);
  reader.end();
  const records: string[][] = [];
  while (reader.next()) {
    records.push(
      Array.from({ length: reader.fieldCount }, (_, i) =>
        Buffer.from(reader.bytes.subarray(reader.fieldStart[i], reader.fieldEnd[i])).toString('utf8'),
      ),
    );
  }
  const [names = [], ...rows] = records;
  return { names, rows };
}

function jsonSample(bytes: Buffer): Sample {
  const objects = bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim().startsWith('{'))
    .map(parseObject);
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const text = (value: unknown): string =>
    value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return { names, rows: objects.map((object) => names.map((name) => text(object[name]))) };
}

function parseObject(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    // An object by its first character.
    return value as Record<string, unknown>;
  } catch {
    throw new CommandError(`not a JSON object: ${line.slice(0, 60)}`);
  }
}
