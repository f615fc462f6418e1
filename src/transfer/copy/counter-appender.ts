import type { TableMetadata } from '../../schema/model/index.ts';
import type { PreparedStatement, RowAppender, Session } from '../../session/session.ts';
import { quoteIdentifier } from '../../types/index.ts';

/**
 * Counters are written by adding: each row becomes `UPDATE … SET c = c + ?`, as cqlsh does. A counter without a value is
 * not touched, a row whose clustering is null has static counters only, and those, which every row of a partition
 * repeats, are added with the first of its rows.
 */
export function counterAppender(session: Session, table: TableMetadata, columns: readonly string[]): RowAppender {
  const statements = new Map<string, Promise<PreparedStatement>>();
  let pending: Promise<unknown>[] = [];
  const settle = async (): Promise<void> => {
    const waiting = pending;
    pending = [];
    await Promise.all(waiting);
  };
  const isKey = columns.map((name) => {
    const kind = table.columns.get(name)?.kind;
    return kind === 'partition_key' || kind === 'clustering';
  });
  const keyAt = table.partitionKey.map((column) => columns.indexOf(column.name));
  const isStatic = columns.map((name) => table.columns.get(name)?.kind === 'static');
  let latestKey = '';
  return {
    types: columns.map((name) => table.columns.get(name)?.type ?? { kind: 'native', name: 'text' }),
    append(cells) {
      const set: number[] = [];
      const where: number[] = [];
      const key = keyAt.map((i) => Buffer.from(cells[i] ?? []).toString('hex')).join();
      const repeats = key === latestKey;
      latestKey = key;
      for (let i = 0; i < columns.length; i++) {
        if (cells[i] === null || (isStatic[i] && repeats)) continue;
        (isKey[i] ? where : set).push(i);
      }
      if (set.length === 0) return;
      const onlyStatics = set.every((i) => isStatic[i]);
      const order = [...set, ...(onlyStatics ? where.filter((i) => keyAt.includes(i)) : where)];
      const values = order.map((i) => cells[i]?.slice() ?? null);
      const shape = order.join();
      let prepared = statements.get(shape);
      if (prepared === undefined) {
        const names = columns.map(quoteIdentifier);
        const sums = set.map((i) => `${names[i]} = ${names[i]} + ?`).join(', ');
        const keys = order
          .slice(set.length)
          .map((i) => `${names[i]} = ?`)
          .join(' AND ');
        const target = `${quoteIdentifier(table.keyspace)}.${quoteIdentifier(table.name)}`;
        prepared = session.prepare(`UPDATE ${target} SET ${sums} WHERE ${keys}`);
        statements.set(shape, prepared);
      }
      pending.push(prepared.then((statement) => session.executePrepared(statement, { values })));
    },
    drain: settle,
    finish: settle,
  };
}
