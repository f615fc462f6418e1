import { closeSync, openSync, readSync } from 'node:fs';
import { CqlError } from '../../errors/index.ts';
import { RFC_4180 } from '../../transfer/csv/csv-dialect.ts';
import { CsvReader } from '../../transfer/csv/csv-reader.ts';
import { isJsonNumber, type JsonValue, parseJson, quoteIdentifier, withCqlNames } from '../../types/index.ts';
import { CommandError } from './shell-command.ts';

/** Types are told from so much of a file. */
const SAMPLE_BYTES = 256 * 1024;

type Pattern = readonly [type: string, test: (text: string) => boolean];

/** From the narrowest to the widest: a column's type is the first that all of its sampled values have. */
const NUMBERS: readonly Pattern[] = [
  ['int', (text) => WHOLE.test(text) && text.length <= 9],
  ['bigint', (text) => WHOLE.test(text) && text.length <= 18],
  ['varint', (text) => WHOLE.test(text)],
  // A double holds fifteen digits of any number.
  ['double', (text) => NUMBER.test(text) && text.replace(/[eE].*|\D/g, '').length <= 15],
  ['decimal', (text) => NUMBER.test(text)],
];
const TEXTS: readonly Pattern[] = [
  ['uuid', (text) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)],
  ['date', (text) => DATE.test(text)],
  ['timestamp', (text) => DATE.test(text) || TIMESTAMP.test(text)],
];
const FIELDS: readonly Pattern[] = [['boolean', (text) => /^(true|false)$/i.test(text)], ...NUMBERS, ...TEXTS];

/** Without leading zeros, which are no part of a number: `01234` is a text. */
const WHOLE = /^-?(0|[1-9]\d*)$/;
const NUMBER = /^-?(0|[1-9]\d*)?(\.\d+)?([eE][-+]?\d+)?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * A CREATE TABLE for the rows of a CSV file with a header, or of JSON lines: types from a sample of its values, the first
 * column the primary key. Throws CommandError when there is nothing to tell columns from.
 */
export function inferTable(path: string, table: string, isJson: boolean): string {
  const sample = readSample(path);
  const types = isJson ? jsonTypes(sample) : csvTypes(sample);
  if (types.size === 0) throw new CommandError(`${path} has no columns to make a table of`);
  const columns = [...types].map(
    ([name, type], i) => `    ${quoteIdentifier(name)} ${i === 0 ? `${frozen(type)} PRIMARY KEY` : type}`,
  );
  return `CREATE TABLE ${table} (\n${columns.join(',\n')}\n)`;
}

function typeAmong(patterns: readonly Pattern[], texts: readonly string[]): string {
  if (texts.length === 0) return 'text';
  return patterns.find(([, test]) => texts.every((text) => text !== '' && test(text)))?.[0] ?? 'text';
}

function frozen(type: string): string {
  return type.endsWith('>') ? `frozen<${type}>` : type;
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

function csvTypes(bytes: Buffer): ReadonlyMap<string, string> {
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
  return new Map(
    names.map((name, i) => {
      const given = rows.map((row) => row[i] ?? '').filter((value) => value !== '');
      return [name, typeAmong(FIELDS, given)];
    }),
  );
}

function jsonTypes(bytes: Buffer): ReadonlyMap<string, string> {
  const values = new Map<string, JsonValue[]>();
  for (const line of bytes.toString('utf8').split('\n')) {
    if (!line.trim().startsWith('{')) continue;
    for (const [name, value] of withCqlNames(parseObject(line))) {
      const known = values.get(name);
      if (known === undefined) values.set(name, [value]);
      else known.push(value);
    }
  }
  return new Map([...values].map(([name, given]) => [name, jsonType(given)]));
}

/** Lists and maps of what is in all of them; text where the values have no type in common. */
function jsonType(values: readonly JsonValue[]): string {
  const given = values.filter((value) => value !== null);
  if (given.length === 0) return 'text';
  if (given.every((value) => typeof value === 'boolean')) return 'boolean';
  if (given.every((value) => typeof value === 'string')) return typeAmong(TEXTS, given);
  if (given.every(isArray)) return `list<${frozen(jsonType(given.flat()))}>`;
  if (given.every((value) => value instanceof Map)) {
    return `map<text, ${frozen(jsonType(given.flatMap((value) => [...value.values()])))}>`;
  }
  const numbers = given.flatMap((value) => (isJsonNumber(value) ? [value.text] : []));
  return numbers.length === given.length ? typeAmong(NUMBERS, numbers) : 'text';
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function parseObject(line: string): ReadonlyMap<string, JsonValue> {
  const text = line.trim().replace(/,$/, '');
  try {
    const value = parseJson(text);
    if (value instanceof Map) return value;
  } catch (error) {
    if (!(error instanceof CqlError)) throw error;
  }
  throw new CommandError(`not a JSON object: ${text.slice(0, 60)}`);
}
