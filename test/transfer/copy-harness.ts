import { resolve } from 'node:path';
import { StatementSplitter } from '../../src/parser/splitter.ts';
import type { Session } from '../../src/session/session.ts';
import { copyFrom, type ImportReport } from '../../src/transfer/copy/copy-from.ts';
import { CopyProgress } from '../../src/transfer/copy/copy-progress.ts';
import { parseCopy } from '../../src/transfer/copy/copy-statement.ts';
import { type CopyEnvironment, copyTo } from '../../src/transfer/copy/copy-to.ts';

/** COPY's surroundings without a shell: files by their own names, nothing told. */
export function copyEnvironment(session: Session): CopyEnvironment {
  return {
    session,
    out: { write: () => {}, drain: async () => {} },
    input: async function* () {},
    resolvePath: (name) => resolve(name),
    progress: new CopyProgress(null, 1),
    signal: new AbortController().signal,
  };
}

export function exportRows(session: Session, cql: string): Promise<number> {
  return copyTo(copyEnvironment(session), parseCopy(cql));
}

export function importRows(session: Session, cql: string): Promise<ImportReport> {
  return copyFrom(copyEnvironment(session), parseCopy(cql));
}

/** Runs every statement of a text. */
export async function runScript(session: Session, cql: string): Promise<void> {
  const splitter = new StatementSplitter();
  splitter.push(cql);
  splitter.end();
  for (let statement = splitter.next(); statement !== null; statement = splitter.next()) {
    await session.execute(statement.text);
  }
}

/** The cells of a SELECT as text of their bytes, a row a string. */
export async function cellBytes(session: Session, cql: string): Promise<string[]> {
  return readRows(session, cql, (cell) => (cell === null ? 'null' : Buffer.from(cell).toString('hex')));
}

/** The rows of a SELECT JSON. */
export async function jsonRows(session: Session, cql: string): Promise<string[]> {
  return readRows(session, cql, (cell) => (cell === null ? 'null' : Buffer.from(cell).toString('utf8')));
}

async function readRows(session: Session, cql: string, show: (cell: Uint8Array | null) => string): Promise<string[]> {
  const result = await session.execute(cql);
  if (result.kind !== 'rows') return [];
  const rows: string[] = [];
  const width = result.columns.length;
  for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) {
    for (let row = 0; row < chunk.rowCount; row++) {
      rows.push(
        chunk.cells
          .slice(row * width, (row + 1) * width)
          .map(show)
          .join(' '),
      );
    }
  }
  return rows;
}

/** The first row that differs; null when none does. Short, where a diff of all rows would be pages long. */
export function firstDifference(actual: readonly string[], expected: readonly string[]): string | null {
  for (let i = 0; i < Math.max(actual.length, expected.length); i++) {
    if (actual[i] !== expected[i]) return `row ${i}: ${actual[i]}\nexpected ${expected[i]}`.slice(0, 4000);
  }
  return null;
}
