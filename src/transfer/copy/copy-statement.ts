import { CqlError } from '../../errors/index.ts';
import { type CopyOptions, copyOptions } from './copy-options.ts';

/** `COPY table|(SELECT …) TO|FROM 'file'|STDOUT|STDIN WITH …` */
export interface CopyStatement {
  readonly direction: 'from' | 'to';
  readonly source:
    | {
        readonly kind: 'table';
        readonly keyspace: string | null;
        readonly table: string;
        readonly columns: readonly string[] | null;
      }
    | { readonly kind: 'query'; readonly cql: string };
  /** File names (globs, comma-separated, for FROM); null for STDIN and STDOUT. */
  readonly files: readonly string[] | null;
  readonly options: CopyOptions;
}

/** Options from elsewhere (cqlshrc), by upper-case names, under those of the statement itself. */
export type ConfiguredOptions = (copy: {
  readonly direction: 'from' | 'to';
  /** Undefined for a query. */
  readonly table: { readonly keyspace: string | null; readonly name: string } | undefined;
  /** CONFIGFILE. */
  readonly configFile: string | undefined;
  /** STDOUT, where nothing but rows may stand. */
  readonly isStandardOutput: boolean;
}) => ReadonlyMap<string, string>;

const NAME = `(?:"(?:[^"]|"")+"|[A-Za-z]\\w*)`;
const TABLE = new RegExp(
  `^copy\\s+(?:(${NAME})\\s*\\.\\s*)?(${NAME})\\s*(?:\\(([^)]*)\\))?\\s+(from|to)\\s+([\\s\\S]*)$`,
  'i',
);

/** Throws CqlError SyntaxException when the text is no COPY statement. */
export function parseCopy(text: string, configured: ConfiguredOptions = () => new Map()): CopyStatement {
  const trimmed = text.trim().replace(/;\s*$/, '');
  const query = queryAndRest(trimmed);
  if (query !== null) {
    const match = /^\s*to\s+([\s\S]*)$/i.exec(query.rest);
    if (match === null) throw new CqlError('SyntaxException', 'COPY (SELECT …) goes TO a file');
    const { files, given } = target(match[1], 'to');
    const options = configured({ direction: 'to', table: undefined, ...elsewhere(files, given, 'to') });
    return {
      direction: 'to',
      source: { kind: 'query', cql: query.cql },
      files,
      options: copyOptions('to', new Map([...options, ...given])),
    };
  }
  const match = TABLE.exec(trimmed);
  if (match === null) {
    throw new CqlError(
      'SyntaxException',
      "Improper COPY command: expected COPY table [(columns)] FROM | TO 'file' [WITH option = value AND …]",
    );
  }
  const [, keyspace, table, columns, direction, rest] = match;
  const way = direction.toLowerCase() === 'from' ? 'from' : 'to';
  const name = { keyspace: keyspace === undefined ? null : unquoted(keyspace), name: unquoted(table) };
  const { files, given } = target(rest, way);
  return {
    direction: way,
    source: {
      kind: 'table',
      keyspace: name.keyspace,
      table: name.name,
      columns:
        columns === undefined
          ? null
          : columns
              .split(',')
              .map((name) => unquoted(name.trim()))
              .filter((name) => name !== ''),
    },
    files,
    options: copyOptions(
      way,
      new Map([...configured({ direction: way, table: name, ...elsewhere(files, given, way) }), ...given]),
    ),
  };
}

function elsewhere(files: CopyStatement['files'], given: ReadonlyMap<string, string>, direction: 'from' | 'to') {
  return { configFile: given.get('CONFIGFILE'), isStandardOutput: direction === 'to' && files === null };
}

/** `(SELECT …)` behind COPY, with the parentheses inside it matched. */
function queryAndRest(text: string): { cql: string; rest: string } | null {
  const start = /^copy\s*\(/i.exec(text);
  if (start === null) return null;
  let depth = 1;
  let quote = '';
  for (let i = start[0].length; i < text.length; i++) {
    const character = text[i];
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) {
      return { cql: text.slice(start[0].length, i), rest: text.slice(i + 1) };
    }
  }
  throw new CqlError('SyntaxException', 'COPY: the parenthesis of the query is not closed');
}

function target(
  text: string,
  direction: 'from' | 'to',
): Pick<CopyStatement, 'files'> & { readonly given: ReadonlyMap<string, string> } {
  const match = /^(?:(stdin|stdout)|'((?:[^']|'')*)')\s*(?:with\s+([\s\S]*))?$/i.exec(text.trim());
  if (match === null) {
    throw new CqlError(
      'SyntaxException',
      `COPY: expected 'file' or ${direction === 'from' ? 'STDIN' : 'STDOUT'}, then WITH options`,
    );
  }
  const [, standard, name, options] = match;
  if (standard !== undefined && standard.toLowerCase() !== (direction === 'from' ? 'stdin' : 'stdout')) {
    throw new CqlError('SyntaxException', `COPY ${direction.toUpperCase()} cannot use ${standard.toUpperCase()}`);
  }
  return {
    files:
      standard !== undefined
        ? null
        : name
            .replaceAll("''", "'")
            .split(',')
            .map((file) => file.trim())
            .filter((file) => file !== ''),
    given: parseOptions(options ?? ''),
  };
}

function parseOptions(text: string): Map<string, string> {
  const options = new Map<string, string>();
  const pattern = /\s*([A-Za-z]+)\s*=\s*(?:'((?:[^']|'')*)'|([^\s']+))\s*(and\b|$)/iy;
  while (pattern.lastIndex < text.trimEnd().length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw new CqlError('SyntaxException', `COPY: improper option near '${text.slice(at).trim()}'`);
    options.set(match[1].toUpperCase(), match[2]?.replaceAll("''", "'") ?? match[3]);
  }
  return options;
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}
