import type { Session } from '../session/session.ts';

/** The lines above the first prompt: what is open, how to begin, what to know. */
export function greeting(session: Session): string {
  const lines = [
    `cassette · ${openedLine(session)}`,
    'HELP for help, Tab completes, Ctrl-D leaves.',
    ...session.description.notes,
  ];
  return `${lines.join('\n')}\n\n`;
}

/** `database mydb · 2 keyspaces, 5 tables, read-only` */
export function openedLine(session: Session): string {
  const { description, schema } = session;
  const kind = { database: 'database', foreign: 'Cassandra files', cluster: 'cluster' }[description.kind];
  const keyspaces = [...schema.keyspaces.values()].filter(
    (keyspace) => keyspace.virtual !== true && !/^system(_|$)/.test(keyspace.name),
  );
  const tables = keyspaces.reduce((sum, keyspace) => sum + keyspace.tables.size, 0);
  const contents =
    keyspaces.length === 0 ? 'empty' : `${count(keyspaces.length, 'keyspace')}, ${count(tables, 'table')}`;
  const access = description.readOnly ? ', read-only' : '';
  return `${kind} ${description.name} · ${contents}${access}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
