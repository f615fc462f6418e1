import { quoteIdentifier } from '../../types/index.ts';
import { describedElements } from './session-commands.ts';
import type { CommandOutcome, ShellCommand, ShellContext } from './shell-command.ts';

/** Made after the rows: views are written by nobody but their table, and an index is quicker to build once. */
const AFTER_ROWS: ReadonlySet<string> = new Set(['index', 'materialized_view']);

/** `.dump`: a script that makes the schema and the rows again. Times of writes and TTLs are not in it. */
export const dump: ShellCommand = {
  names: ['.dump'],
  syntax: '.dump [KEYSPACE | TABLE]',
  summary: 'schema and rows as CQL',
  argument: 'table',
  async run(context, argument): Promise<CommandOutcome> {
    const { keyspace } = context.session;
    const all = keyspace === null ? 'SCHEMA' : `KEYSPACE ${quoteIdentifier(keyspace)}`;
    const elements = await describedElements(context, argument === '' ? all : argument);
    const print = (of: readonly { readonly createStatement: string }[]): void => {
      for (const { createStatement } of of) context.showCql(`\n${createStatement}`);
    };
    print(elements.filter(({ type }) => !AFTER_ROWS.has(type)));
    context.show('');
    await dumpRows(
      context,
      elements.filter(({ type }) => type === 'table'),
    );
    print(elements.filter(({ type }) => AFTER_ROWS.has(type)));
    return 'continue';
  },
};

async function dumpRows(
  context: ShellContext,
  tables: readonly { readonly keyspace: string; readonly name: string }[],
): Promise<void> {
  const { settings } = context;
  const before = { ...settings };
  Object.assign(settings, { format: 'insert', explain: false, timer: false, tracing: false });
  try {
    for (const { keyspace, name } of tables) {
      await context.runCql(`SELECT * FROM ${keyspace}.${name}`);
      if (context.signal.aborted) return;
    }
  } finally {
    Object.assign(settings, before);
  }
}
