import type { TableMetadata } from '../../schema/model/index.ts';
import type { PreparedStatement, RowAppender, Session } from '../../session/session.ts';
import { quoteIdentifier } from '../../types/index.ts';

/** Counters are written by adding: each row becomes `UPDATE … SET c = c + ?`, as cqlsh does. */
export function counterAppender(session: Session, table: TableMetadata, columns: readonly string[]): RowAppender {
  const isKey = (name: string): boolean => {
    const kind = table.columns.get(name)?.kind;
    return kind === 'partition_key' || kind === 'clustering';
  };
  const counters = columns.filter((name) => !isKey(name));
  const keys = columns.filter(isKey);
  const order = [...counters, ...keys].map((name) => columns.indexOf(name));
  const set = counters.map((name) => `${quoteIdentifier(name)} = ${quoteIdentifier(name)} + ?`).join(', ');
  const where = keys.map((name) => `${quoteIdentifier(name)} = ?`).join(' AND ');
  const cql = `UPDATE ${quoteIdentifier(table.keyspace)}.${quoteIdentifier(table.name)} SET ${set} WHERE ${where}`;
  let prepared: Promise<PreparedStatement> | null = null;
  let pending: Promise<unknown>[] = [];
  const settle = async (): Promise<void> => {
    const waiting = pending;
    pending = [];
    await Promise.all(waiting);
  };
  return {
    types: columns.map((name) => table.columns.get(name)?.type ?? { kind: 'native', name: 'text' }),
    append(cells) {
      const values = order.map((i) => cells[i]?.slice() ?? null);
      prepared ??= session.prepare(cql);
      pending.push(prepared.then((statement) => session.executePrepared(statement, { values })));
    },
    drain: settle,
    finish: settle,
  };
}
