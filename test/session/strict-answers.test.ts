import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, difference, isServerFailure, type Side } from '../interop/differential/answer.ts';
import { cassetteSide } from '../interop/differential/cassette-side.ts';

/** A line of test-data/strict/*.jsonl, which record.py makes from a live Cassandra. */
interface Recorded {
  readonly cql: string;
  readonly values?: readonly (string | null)[];
  readonly error?: string;
  readonly message?: string;
  readonly columns?: readonly string[];
  readonly rows?: readonly string[];
  readonly warnings?: readonly string[];
}

const FOLDER = 'test-data/strict';
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.jsonl'));

describe.each(FILES)('strict mode answers as Cassandra recorded: %s', (file) => {
  let ours: Side;
  beforeAll(async () => {
    ours = await cassetteSide();
  });
  afterAll(async () => {
    await ours.close();
  });

  // In order: later statements build on earlier ones.
  test.each(recorded(file))('$line $cql', async (line) => {
    const theirs = answerOf(line);
    // What Cassandra failed to write must not stand here either.
    if (isServerFailure(theirs) && !line.cql.startsWith('SELECT')) return;
    const answered = await ours.run({ cql: writtenOut(line.cql), values: valuesOf(line) });
    expect(difference(theirs, answered)).toBeNull();
  });
});

function recorded(file: string): (Recorded & { line: number })[] {
  const lines = readFileSync(`${FOLDER}/${file}`, 'utf8').split('\n');
  return lines.flatMap((text, i) => (text === '' ? [] : [{ ...(JSON.parse(text) as Recorded), line: i + 1 }]));
}

function answerOf({ error, message = '', columns = [], rows = [], warnings = [] }: Recorded): Answer {
  return error === undefined ? { kind: 'rows', columns, rows, warnings } : { kind: 'error', error, message };
}

function valuesOf({ values = [] }: Recorded): (Uint8Array | null | undefined)[] {
  return values.map((value) => (value === 'unset' ? undefined : value === null ? null : Buffer.from(value, 'hex')));
}

/** `<<N>>` stands for N letters. */
function writtenOut(cql: string): string {
  return cql.replace(/<<(\d+)>>/g, (_, letters) => 'a'.repeat(Number(letters)));
}
