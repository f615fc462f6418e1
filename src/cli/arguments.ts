import { parseArgs } from 'node:util';
import { UsageError } from '../errors/index.ts';
import { FORMAT_NAMES, type FormatName } from '../output/row-format.ts';

/** What the command line asked for (INTERFACE.md, Command line). */
export interface CommandLine {
  readonly command: Command;
  /** What stands after the subcommand's name, or the PATHs. */
  readonly operands: readonly string[];
  readonly options: Options;
}

const SUBCOMMANDS = [
  'dump',
  'inspect',
  'verify',
  'schema',
  'stats',
  'write-stats',
  'flush',
  'compact',
  'maintenance',
  'export-sstable',
  'import',
  'serve',
  'connect',
] as const;
export type Command = 'shell' | (typeof SUBCOMMANDS)[number];

export interface Options {
  readonly statements: readonly Source[];
  readonly interactive: boolean;
  readonly keyspace: string | undefined;
  readonly table: string | undefined;
  readonly schema: string | undefined;
  readonly readOnly: boolean;
  readonly writeDirectory: string | undefined;
  readonly format: FormatName | undefined;
  readonly output: string | undefined;
  readonly dialect: 'strict' | 'explore' | undefined;
  readonly asOf: string | undefined;
  readonly durability: 'sync' | 'periodic' | 'none' | undefined;
  readonly continueOnError: boolean;
  readonly flush: boolean;
  readonly mutations: readonly string[];
  readonly mutationsFile: string | undefined;
  readonly stats: boolean;
  readonly color: boolean | undefined;
  readonly history: boolean;
  readonly debug: boolean;
  readonly quiet: boolean;
  readonly help: boolean;
  readonly version: boolean;
  readonly initConfig: boolean;
  readonly component: string | undefined;
  readonly lines: boolean;
  readonly rawTimestamps: boolean;
  readonly keys: readonly string[];
  readonly excludedKeys: readonly string[];
  readonly keysOnly: boolean;
  readonly debugDump: boolean;
  readonly budgetMs: number | undefined;
  readonly sstableFormat: 'nb' | 'oa' | 'da' | undefined;
  readonly generation: number | undefined;
  readonly noValidate: boolean;
  readonly noCompact: boolean;
  readonly host: string | undefined;
  readonly port: number | undefined;
}

/** A piece of CQL to run, in the order given on the command line. */
export type Source = { readonly kind: 'text'; readonly cql: string } | { readonly kind: 'file'; readonly path: string };

/** Throws UsageError for what it does not know. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const command = subcommandOf(argv);
  const rest = command === 'shell' ? argv : argv.slice(1);
  const parsed = tokens(rest, command);
  const { values } = parsed;
  const statements: Source[] = [];
  for (const token of parsed.tokens) {
    if (token.kind !== 'option' || token.value === undefined) continue;
    if (token.name === 'execute') statements.push({ kind: 'text', cql: token.value });
    if (token.name === 'file') statements.push({ kind: 'file', path: token.value });
  }
  return {
    command,
    operands: parsed.positionals,
    options: {
      statements: command === 'dump' ? [] : statements,
      interactive: values.interactive === true,
      keyspace: values.keyspace,
      table: values.table,
      schema: values.schema,
      readOnly: values['read-only'] === true,
      writeDirectory: values['write-dir'],
      format: oneOf('--format', values.format, FORMAT_NAMES),
      output: values.output,
      dialect: values.strict ? 'strict' : values.explore ? 'explore' : undefined,
      asOf: values['as-of'],
      durability: oneOf('--durability', values.durability, ['sync', 'periodic', 'none'] as const),
      continueOnError: values['continue-on-error'] === true,
      flush: values.flush === true,
      mutations: values.mutation ?? [],
      mutationsFile: values['mutations-file'],
      stats: values.stats === true,
      color: values.color ? true : values['no-color'] ? false : undefined,
      history: values['no-history'] !== true,
      debug: values.debug === true,
      quiet: values.quiet === true,
      help: values.help === true,
      version: values.version === true,
      initConfig: values['init-config'] === true,
      component: values.component,
      lines: values.lines === true,
      rawTimestamps: values['raw-timestamps'] === true,
      keys: command === 'dump' ? (values.key ?? []) : [],
      excludedKeys: values['exclude-key'] ?? [],
      keysOnly: values['keys-only'] === true,
      debugDump: values['debug-dump'] === true,
      budgetMs: wholeNumber('--budget-ms', values['budget-ms']),
      sstableFormat: oneOf('--sstable-format', values['sstable-format'], ['nb', 'oa', 'da'] as const),
      generation: wholeNumber('--generation', values.generation),
      noValidate: values['no-validate'] === true,
      noCompact: values['no-compact'] === true,
      host: values.host,
      port: wholeNumber('--port', values.port),
    },
  };
}

function subcommandOf(argv: readonly string[]): Command {
  // A path that happens to have a subcommand's name is written ./dump.
  return SUBCOMMANDS.find((name) => name === argv[0]) ?? 'shell';
}

const COMMON = {
  schema: { type: 'string' },
  format: { type: 'string' },
  output: { type: 'string', short: 'o' },
  stats: { type: 'boolean' },
  color: { type: 'boolean', short: 'C' },
  'no-color': { type: 'boolean' },
  debug: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  component: { type: 'string' },
  'exclude-key': { type: 'string', short: 'x', multiple: true },
  'raw-timestamps': { type: 'boolean', short: 't' },
  lines: { type: 'boolean', short: 'l' },
  table: { type: 'string' },
  'budget-ms': { type: 'string' },
  'sstable-format': { type: 'string' },
  generation: { type: 'string' },
  'no-validate': { type: 'boolean' },
  'no-compact': { type: 'boolean' },
  host: { type: 'string' },
  port: { type: 'string' },
  'read-only': { type: 'boolean' },
  writable: { type: 'boolean' },
  'write-dir': { type: 'string' },
  strict: { type: 'boolean' },
  explore: { type: 'boolean' },
  'as-of': { type: 'string' },
  durability: { type: 'string' },
  'continue-on-error': { type: 'boolean' },
  flush: { type: 'boolean' },
  mutation: { type: 'string', multiple: true },
  'mutations-file': { type: 'string' },
  'no-history': { type: 'boolean' },
  'init-config': { type: 'boolean' },
  interactive: { type: 'boolean', short: 'i' },
  file: { type: 'string', short: 'f', multiple: true },
} as const;

/** `-k`, `-e` and `-d` mean other things to `dump`, where they are sstabledump's. */
const SHELL = {
  ...COMMON,
  keyspace: { type: 'string', short: 'k' },
  execute: { type: 'string', short: 'e', multiple: true },
  key: { type: 'string', multiple: true },
  'keys-only': { type: 'boolean' },
  'debug-dump': { type: 'boolean' },
} as const;

const DUMP = {
  ...COMMON,
  keyspace: { type: 'string' },
  execute: { type: 'string', multiple: true },
  key: { type: 'string', short: 'k', multiple: true },
  'keys-only': { type: 'boolean', short: 'e' },
  'debug-dump': { type: 'boolean', short: 'd' },
} as const;

function tokens(argv: readonly string[], command: Command) {
  try {
    return parseArgs({
      args: command === 'dump' ? [...argv] : withStatementsJoined(argv),
      options: command === 'dump' ? DUMP : SHELL,
      allowPositionals: true,
      strict: true,
      tokens: true,
    });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message.replace(/\. To specify a positional.*$/s, ''));
    throw error;
  }
}

/**
 * parseArgs takes no value that begins with a dash, but CQL may: `-e '-- a comment'`. Such a statement is joined to its
 * option, unless it has the form of an option itself, which is then a forgotten statement.
 */
function withStatementsJoined(argv: readonly string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const value = argv[i + 1];
    const option = /^(?:(-[A-Za-z]*)e|--execute)$/.exec(argv[i]);
    if (argv[i] === '--') return [...joined, ...argv.slice(i)];
    if (option === null || value === undefined || !/^-/.test(value) || /^--?[A-Za-z][\w-]*(=.*)?$/.test(value)) {
      joined.push(argv[i]);
      continue;
    }
    if (option[1] !== undefined && option[1] !== '-') joined.push(option[1]);
    joined.push(`--execute=${value}`);
    i++;
  }
  return joined;
}

function oneOf<T extends string>(option: string, value: string | undefined, allowed: readonly T[]): T | undefined {
  if (value === undefined) return undefined;
  const found = allowed.find((name) => name === value);
  if (found === undefined) throw new UsageError(`${option} is one of ${allowed.join(', ')}; got '${value}'`);
  return found;
}

function wholeNumber(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw new UsageError(`${option} takes a whole number; got '${value}'`);
  return Number(value);
}
