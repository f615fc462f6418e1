import { afterAll, describe, expect, it } from 'vitest';
import { CqlError } from '../../src/errors/index.ts';
import type { EmbeddedSession } from '../../src/session/embedded/embedded-session.ts';
import type { RowsResult } from '../../src/session/session.ts';
import { type CqlType, cqlTypeName } from '../../src/types/index.ts';
import { corpusSession, corpusText, hasCorpus } from './corpus-session.ts';

/** Statements with what Cassandra 5.0.8 answered: columns, rows as serialized bytes in hex, or an error. */
interface Recorded {
  readonly format: string;
  readonly cql: string;
  readonly columns?: readonly (readonly [string, string])[];
  readonly rows?: readonly (readonly unknown[])[];
  readonly raw?: readonly (readonly (string | null)[])[];
  readonly error?: string;
}

/** The page size that the recording client asked for. */
const PAGE_SIZE = 5000;

const recorded: readonly Recorded[] = hasCorpus
  ? corpusText('queries.jsonl')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  : [];

const sessions = new Map<string, EmbeddedSession>();

function sessionOf(format: string): EmbeddedSession {
  let session = sessions.get(format);
  if (session === undefined) {
    session = corpusSession(format);
    sessions.set(format, session);
  }
  return session;
}

afterAll(async () => {
  for (const session of sessions.values()) await session.close();
});

describe.skipIf(!hasCorpus).each([...new Set(recorded.map(({ format }) => format))])('%s', (format) => {
  it.each(recorded.filter((one) => one.format === format))('$cql', async ({ cql, columns, raw, rows, error }) => {
    const answer = await ask(sessionOf(format), cql);
    if (error !== undefined) {
      expect(comparableError(answer.error ?? 'no error')).toEqual(comparableError(error));
      return;
    }
    expect(answer.error).toBeUndefined();
    expect(answer.columns).toEqual(columns);
    if (raw !== undefined) expect(answer.rows).toEqual(raw);
    else expect(answer.rows.length).toBe(rows?.length);
  });
});

interface Answer {
  readonly columns: readonly (readonly [string, string])[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly error?: string;
}

async function ask(session: EmbeddedSession, cql: string): Promise<Answer> {
  const rows: (string | null)[][] = [];
  let columns: [string, string][] = [];
  try {
    let pagingState: Uint8Array | undefined;
    do {
      const result = await session.execute(cql, { pageSize: PAGE_SIZE, ...(pagingState && { pagingState }) });
      if (result.kind !== 'rows') return { columns, rows, error: `a result of kind ${result.kind}` };
      columns = result.columns.map(({ name, type }) => [name, protocolTypeName(type)]);
      await collect(result, rows);
      pagingState = result.pagingState() ?? undefined;
    } while (pagingState !== undefined);
    return { columns, rows };
  } catch (error) {
    if (!(error instanceof CqlError)) throw error;
    return { columns, rows, error: `${error.kind}: ${error.message}` };
  }
}

async function collect(result: RowsResult, rows: (string | null)[][]): Promise<void> {
  const width = result.columns.length;
  for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) {
    for (let row = 0; row < chunk.rowCount; row++) {
      const cells = chunk.cells.slice(row * width, (row + 1) * width);
      rows.push(cells.map((cell) => (cell === null ? null : Buffer.from(cell).toString('hex'))));
    }
  }
}

/** As the recording client prints what the protocol says: varchar for text, nothing of frozen collections. */
function protocolTypeName(type: CqlType): string {
  switch (type.kind) {
    case 'native':
      return type.name === 'text' ? 'varchar' : type.name;
    case 'list':
    case 'set':
      return `${type.kind}<${protocolTypeName(type.element)}>`;
    case 'map':
      return `map<${protocolTypeName(type.key)}, ${protocolTypeName(type.value)}>`;
    case 'tuple':
      return `frozen<tuple<${type.elements.map(protocolTypeName).join(', ')}>>`;
    case 'udt':
      return `frozen<${type.name}>`;
    case 'vector':
      return `org.apache.cassandra.db.marshal.VectorType<${cqlTypeName(type.element)}, ${type.dimensions}>`;
    case 'custom':
      return cqlTypeName(type);
  }
}

/** Of a syntax error only the kind counts; the order of a function's signatures is that of Java's hash codes. */
function comparableError(error: string): string {
  if (error.startsWith('SyntaxException')) return 'SyntaxException';
  return error.replace(
    /signatures: (.*)\)$/,
    (_, list: string) =>
      `signatures: ${list
        .split(/, (?=system\.)/)
        .sort()
        .join(', ')})`,
  );
}
