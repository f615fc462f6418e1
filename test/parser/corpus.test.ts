import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CqlError } from '../../src/errors/index.ts';
import { parse, parseScript, parseStatement, printStatement } from '../../src/parser/index.ts';
import { CORPUS } from '../support/corpus.ts';
import { withoutPositions } from './without-positions.ts';

interface RecordedQuery {
  readonly cql: string;
  readonly error?: string;
}

function recordedQueries(): RecordedQuery[] {
  const lines = readFileSync(`${CORPUS}/queries.jsonl`, 'utf8').split('\n');
  // Each line is one query with Cassandra's answer; see the corpus' MANIFEST.md.
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as RecordedQuery);
}

function isSyntaxError(cql: string): boolean {
  try {
    return parse(cql).extensions.length > 0;
  } catch (error) {
    if (error instanceof CqlError) return error.kind === 'SyntaxException';
    throw error;
  }
}

describe('the corpus', () => {
  it('has syntax errors exactly where Cassandra saw them', () => {
    const queries = recordedQueries();
    expect(queries.length).toBeGreaterThan(1000);
    const differing = queries.filter(
      ({ cql, error }) => isSyntaxError(cql) !== (error?.startsWith('SyntaxException') ?? false),
    );
    expect(differing).toEqual([]);
  });

  it.each(
    ['nb', 'oa', 'da'].flatMap((format) => [
      [format, 'schema.cql'],
      [format, 'schema-internals.cql.gz'],
    ]),
  )('parses and prints the schema %s/%s', (format, file) => {
    const bytes = readFileSync(`${CORPUS}/${format}/${file}`);
    const text = (file!.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    const { statements, errors } = parseScript(text);
    expect(errors).toEqual([]);
    expect(statements.length).toBeGreaterThan(90);
    for (const { statement } of statements) {
      expect(withoutPositions(parseStatement(printStatement(statement)))).toEqual(withoutPositions(statement));
    }
  });
});
