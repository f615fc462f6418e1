import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CqlError } from '../../src/errors/index.ts';
import type { EmbeddedSession } from '../../src/session/embedded/embedded-session.ts';
import { openSession } from '../../src/session/open-session.ts';

/** A line of test-data/dml/answers.jsonl, which record.py makes from a live Cassandra. */
interface Answer {
  readonly cql: string;
  readonly error?: string;
  readonly message?: string;
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly unknown[])[];
}

const ANSWERS: readonly Answer[] = readFileSync('test-data/dml/answers.jsonl', 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line): Answer => JSON.parse(line));

/** Statements that end in a failure of Cassandra's server, or in words of its libraries: we refuse in words of our own. */
const OWN_WORDS = /^(ServerError|WriteFailure|SyntaxException)$/;

describe('writes answer as Cassandra recorded', () => {
  let session: EmbeddedSession;
  beforeAll(async () => {
    session = await openSession({ paths: [], dialect: 'strict', durability: 'none' });
  });
  afterAll(async () => {
    await session.close();
  });

  // In order: later statements build on earlier ones.
  test.each(ANSWERS.map((answer, i) => ({ ...answer, line: i + 1 })))('$line $cql', async (answer) => {
    const ours = await answerOf(session, answer.cql);
    if (answer.error === undefined) {
      expect(ours).toMatchObject({ columns: answer.columns ?? [], rows: answer.rows?.length ?? 0 });
      if (answer.columns?.[0] === '[applied]') expect(ours).toMatchObject({ applied: answer.rows?.[0][0] });
      return;
    }
    if (OWN_WORDS.test(answer.error)) {
      expect(ours, 'refused').toHaveProperty('error');
      if (answer.error === 'SyntaxException') expect(ours).toMatchObject({ error: 'SyntaxException' });
      return;
    }
    expect(ours).toEqual({ error: answer.error, message: answer.message });
  });
});

async function answerOf(session: EmbeddedSession, cql: string): Promise<object> {
  try {
    const result = await session.execute(cql);
    if (result.kind !== 'rows') return { columns: [], rows: 0 };
    const columns = result.columns.map((column) => column.name);
    let rows = 0;
    let applied: boolean | undefined;
    for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) {
      rows += chunk.rowCount;
      applied ??= chunk.cells[0]?.[0] === 1;
    }
    return { columns, rows, applied };
  } catch (error) {
    if (error instanceof CqlError) return { error: error.kind, message: error.message };
    throw error;
  }
}
