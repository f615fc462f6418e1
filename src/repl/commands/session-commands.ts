import { isSystemKeyspace } from '../../schema/keyspace-names.ts';
import type { Result } from '../../session/session.ts';
import { CommandError, type CommandOutcome, type ShellCommand, type ShellContext } from './shell-command.ts';

export const exit: ShellCommand = {
  names: ['EXIT', 'QUIT', '.quit', '.exit'],
  syntax: 'EXIT',
  summary: 'leave the shell',
  run: () => 'exit',
};

export const clear: ShellCommand = {
  names: ['CLEAR', 'CLS'],
  syntax: 'CLEAR',
  summary: 'clear the screen',
  run: () => 'clear-screen',
};

export const edit: ShellCommand = {
  names: ['.edit', '\\e'],
  syntax: '.edit',
  summary: 'edit the last statement in $EDITOR',
  run: () => 'edit',
};

export const history: ShellCommand = {
  names: ['HISTORY'],
  syntax: 'HISTORY [n]',
  summary: 'show the last n inputs',
  run(context, argument) {
    const count = argument === '' ? 50 : Number(argument);
    if (!Number.isInteger(count) || count < 1) throw new CommandError('HISTORY takes a number of entries.');
    for (const entry of context.history.slice(-count)) context.printCql(entry);
    return 'continue';
  },
};

export const login: ShellCommand = {
  names: ['LOGIN'],
  syntax: "LOGIN user ['password']",
  summary: 'change the user (clusters only)',
  run(context) {
    if (context.session.description.kind !== 'cluster') {
      throw new CommandError(
        'LOGIN: a directory has no users to log in as; whoever may read its files may read its data.',
      );
    }
    throw new CommandError('LOGIN: not yet');
  },
};

export const unicode: ShellCommand = {
  names: ['UNICODE'],
  syntax: 'UNICODE',
  summary: 'show the encodings in use',
  run(context) {
    context.print('Encoding: utf-8');
    context.print(`LANG: ${process.env['LC_ALL'] ?? process.env['LC_CTYPE'] ?? process.env['LANG'] ?? ''}`);
    return 'continue';
  },
};

export const show: ShellCommand = {
  names: ['SHOW'],
  syntax: 'SHOW VERSION | HOST | SESSION id | REPLICAS token [keyspace] | TABLES',
  summary: 'versions and what is open',
  argument: ['VERSION', 'HOST', 'SESSION', 'REPLICAS', 'TABLES'],
  async run(context, argument): Promise<CommandOutcome> {
    const [what, ...rest] = argument.split(/\s+/);
    const { description } = context.session;
    switch (what.toUpperCase()) {
      case 'VERSION':
        context.print('[cassette | Cassandra 5.0.8 | CQL spec 3.4.7 | Native protocol v5]');
        return 'continue';
      case 'HOST':
        context.print(`Connected to ${description.name}${description.readOnly ? ' (read-only)' : ''}`);
        return 'continue';
      case 'REPLICAS':
        if (!/^-?\d+$/.test(rest[0] ?? '')) throw new CommandError('SHOW REPLICAS needs a token: a whole number.');
        if (rest.length > 1 && !context.session.schema.keyspaces.has(rest[1])) {
          throw new CommandError(`SHOW REPLICAS: there is no keyspace ${rest[1]}.`);
        }
        context.print(`['${description.name}']`);
        return 'continue';
      case 'SESSION':
        if (rest.length === 0) throw new CommandError('SHOW SESSION needs the id of a traced session.');
        throw new CommandError(`Session ${rest[0]} wasn't found.`);
      case 'TABLES':
        // Explore mode's CQL.
        await context.runCql(`SHOW ${argument}`);
        return 'continue';
      default:
        throw new CommandError('SHOW is followed by VERSION, HOST, SESSION id, REPLICAS token or TABLES.');
    }
  },
};

/** cqlsh prints a DESCRIBE answer as text: lists in columns, elements as their CREATE statements. */
export const describe: ShellCommand = {
  names: ['DESCRIBE', 'DESC'],
  syntax: 'DESCRIBE KEYSPACES | TABLES | TYPES | FUNCTIONS | AGGREGATES | [FULL] SCHEMA | CLUSTER | [kind] name',
  summary: 'show names or CREATE statements',
  async run(context, argument): Promise<CommandOutcome> {
    const { names, rows } = await described(context, argument);
    if (names.includes('create_statement')) {
      const at = names.indexOf('create_statement');
      for (const row of rows) context.showCql(`\n${row[at]}`);
    } else if (names.includes('cluster')) {
      const value = (name: string): string => rows[0]?.[names.indexOf(name)] ?? '';
      context.show(`\nCluster: ${value('cluster')}`);
      // As cqlsh shows them: without their packages.
      context.show(`Partitioner: ${value('partitioner').replace('org.apache.cassandra.dht.', '')}`);
      context.show(`Snitch: ${value('snitch').replace('org.apache.cassandra.locator.', '')}\n`);
    } else printNames(context, names, rows);
    return 'continue';
  },
};

export const tables: ShellCommand = {
  names: ['.tables'],
  syntax: '.tables [PATTERN]',
  summary: 'list tables, by keyspace where none is in use; those whose name holds PATTERN (% is any text)',
  async run(context, argument): Promise<CommandOutcome> {
    const { names, rows } = await described(context, 'TABLES');
    const parts = argument.split('%').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const pattern = new RegExp(parts.join('.*'), 'i');
    const found = rows.filter(
      ([keyspace, , name]) => pattern.test(name) && (context.session.keyspace !== null || !isSystemKeyspace(keyspace)),
    );
    if (found.length === 0) context.print(argument === '' ? 'no tables' : `no table like '${argument}'`);
    else printNames(context, names, found);
    return 'continue';
  },
};

export const schema: ShellCommand = {
  names: ['.schema'],
  syntax: '.schema [TABLE]',
  summary: 'the CREATE statements of all, or of one table',
  argument: 'table',
  run: (context, argument) => describe.run(context, argument === '' ? 'SCHEMA' : argument),
};

export interface DescribedElement {
  /** Both as CQL takes them. */
  readonly keyspace: string;
  readonly name: string;
  /** `keyspace`, `type`, `function`, `aggregate`, `table`, `index`, `materialized_view`. */
  readonly type: string;
  readonly createStatement: string;
}

/** What `DESCRIBE argument` answers, for an argument that asks for CREATE statements. */
export async function describedElements(context: ShellContext, argument: string): Promise<DescribedElement[]> {
  const { names, rows } = await described(context, argument);
  if (!names.includes('create_statement'))
    throw new CommandError(`'${argument}' is no keyspace, table, type or function`);
  return rows.map(([keyspace, type, name, createStatement]) => ({ keyspace, type, name, createStatement }));
}

async function described(context: ShellContext, argument: string): Promise<{ names: string[]; rows: string[][] }> {
  const result = await context.session.execute(`DESCRIBE ${argument.replace(/^columnfamil(y|ies)\b/i, tablesWord)}`);
  if (result.kind !== 'rows') return { names: [], rows: [] };
  return { names: result.columns.map((column) => column.name), rows: await textRows(result) };
}

function tablesWord(word: string): string {
  return word.toLowerCase().endsWith('ies') ? 'TABLES' : 'TABLE';
}

async function textRows(result: Extract<Result, { kind: 'rows' }>): Promise<string[][]> {
  const rows: string[][] = [];
  const width = result.columns.length;
  for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) {
    for (let row = 0; row < chunk.rowCount; row++) {
      rows.push(
        chunk.cells
          .slice(row * width, (row + 1) * width)
          .map((cell) => (cell === null ? '' : Buffer.from(cell).toString())),
      );
    }
  }
  return rows;
}

/** Names in columns, per keyspace with a rule where no keyspace is in use. */
function printNames(context: ShellContext, columns: readonly string[], rows: readonly string[][]): void {
  const nameAt = columns.indexOf('name');
  const keyspaceAt = columns.indexOf('keyspace_name');
  const onlyKeyspaces = rows.every((row) => row[columns.indexOf('type')] === 'keyspace');
  if (onlyKeyspaces || context.session.keyspace !== null) {
    context.show(
      `\n${inColumns(
        rows.map((row) => row[nameAt]),
        context.columns,
      )}\n`,
    );
    return;
  }
  for (const keyspace of new Set(rows.map((row) => row[keyspaceAt]))) {
    const title = `Keyspace ${keyspace}`;
    const names = rows.filter((row) => row[keyspaceAt] === keyspace).map((row) => row[nameAt]);
    context.show(`\n${title}\n${'-'.repeat(title.length)}\n${inColumns(names, context.columns)}`);
  }
  context.show('');
}

/** cqlsh's lists are so wide on every terminal. */
const LIST_WIDTH = 80;

/** As Python's `cmd.columnize`: down, then across, two blanks between, at most LIST_WIDTH wide. */
export function inColumns(names: readonly string[], columns: number): string {
  const width = Math.min(LIST_WIDTH, columns);
  for (let lineCount = 1; lineCount <= names.length; lineCount++) {
    const columnCount = Math.ceil(names.length / lineCount);
    const widths = Array.from({ length: columnCount }, (_, column) =>
      Math.max(...names.slice(column * lineCount, (column + 1) * lineCount).map((name) => name.length)),
    );
    if (widths.reduce((sum, each) => sum + each + 2, -2) <= width || lineCount === names.length) {
      return Array.from({ length: lineCount }, (_, line) =>
        widths
          .map((each, column) => (names[column * lineCount + line] ?? '').padEnd(each))
          .join('  ')
          .trimEnd(),
      ).join('\n');
    }
  }
  return '';
}
