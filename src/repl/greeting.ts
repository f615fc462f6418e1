import type { Session } from '../session/session.ts';

/** The lines above the first prompt: what this is, what is open, what to know about it. */
export function greeting(session: Session): string {
  const { description, schema } = session;
  const kind = { database: 'database', foreign: 'Cassandra files', cluster: 'cluster' }[description.kind];
  const keyspaces = [...schema.keyspaces.values()].filter(
    (keyspace) => keyspace.virtual !== true && !/^system(_|$)/.test(keyspace.name),
  );
  const tables = keyspaces.reduce((sum, keyspace) => sum + keyspace.tables.size, 0);
  const contents =
    keyspaces.length === 0 ? 'empty' : `${count(keyspaces.length, 'keyspace')}, ${count(tables, 'table')}`;
  const access = description.readOnly ? ', read-only' : '';
  const lines = [
    `cassette · ${kind} ${description.name} · ${contents}${access}`,
    'HELP for help, Tab completes, Ctrl-D leaves.',
    ...description.notes,
  ];
  return `${lines.join('\n')}\n\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
