import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { quoteString } from '../../parser/print/name.ts';
import { findTable } from '../../schema/model/index.ts';
import { copy } from './copy.ts';
import { filePath } from './files.ts';
import { CommandError, type CommandOutcome, type ShellCommand } from './shell-command.ts';

const JSON_EXTENSIONS = new Set(['.json', '.jsonl', '.ndjson']);

/** `.import FILE TABLE`: COPY FROM with what the file's name says; the table is made when there is none. */
export const importRows: ShellCommand = {
  names: ['.import'],
  syntax: '.import FILE TABLE',
  summary: 'CSV with a header, TSV or JSON lines into a table, made when there is none',
  argument: 'file',
  async run(context, argument): Promise<CommandOutcome> {
    const match = /^('(?:[^']|'')*'|"[^"]*"|\S+)\s+(\S+)$/.exec(argument);
    if (match === null) throw new CommandError('.import takes a file and a table');
    const path = filePath(context, match[1]);
    if (!existsSync(path)) throw new CommandError(`Could not open '${path}': no such file`);
    const [, , table] = match;
    const extension = extname(path).toLowerCase();
    const isJson = JSON_EXTENSIONS.has(extension);
    if (!tableExists(context.session, table)) {
      const { inferTable } = await import('./infer-table.ts');
      const statement = inferTable(path, table, isJson);
      context.printCql(`${statement};`);
      await context.runCql(statement);
    }
    const delimiter = extension === '.tsv' ? " AND DELIMITER = '\t'" : '';
    const options = isJson ? "FORMAT = 'jsonl'" : `HEADER = true AND ESCAPE = '"'${delimiter}`;
    return copy.run(context, `${table} FROM ${quoteString(path)} WITH ${options}`);
  },
};

function tableExists(
  { schema, keyspace }: { schema: Parameters<typeof findTable>[0]; keyspace: string | null },
  table: string,
): boolean {
  const [first, second] = table.split('.');
  const [space, name] = second === undefined ? [keyspace, first] : [first, second];
  if (space === null) throw new CommandError(`no keyspace is in use: write KEYSPACE.${name}`);
  return findTable(schema, space, name) !== undefined;
}
