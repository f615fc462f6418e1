import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../errors/index.ts';
import { FORMAT_NAMES } from '../../output/index.ts';
import { defaultSettings, type ShellSettings } from '../commands/index.ts';
import { LONG_RESULTS } from '../results/present-rows.ts';
import { THEME_NAMES, type ThemeName } from '../view/theme.ts';
import { parseIni } from './ini.ts';

/** What the user's files say of the shell; the command line stands above it. */
export interface ShellConfig {
  /** How each session begins. */
  readonly settings: Readonly<ShellSettings>;
  readonly theme: ThemeName | 'auto';
  readonly keys: 'emacs' | 'vi';
  readonly statusLine: boolean;
  /** Ask before DROP, TRUNCATE and whole-partition DELETE. */
  readonly confirm: boolean;
  /** `own`, or a command line such as `less -S`. */
  readonly pager: string;
  readonly historyFile: string;
  /** False keeps the history in memory only. */
  readonly keepHistory: boolean;
}

/** One option: where it stands in config.toml, what it is, how it changes the configuration. */
interface Option {
  readonly section: string;
  readonly key: string;
  readonly comment: string;
  /** Its default as TOML. */
  readonly shown: string;
  readonly apply: (config: MutableConfig, value: unknown) => void;
}

type MutableConfig = { -readonly [K in keyof ShellConfig]: ShellConfig[K] } & { settings: ShellSettings };

/** Every option of config.toml: read, checked and written by `--init-config` from here. */
export const OPTIONS: readonly Option[] = [
  option('ui', 'theme', '"auto", "dark", "light", "none"', '"auto"', (config, value) => {
    config.theme = word(value, [...THEME_NAMES, 'auto'] as const);
  }),
  option('ui', 'keys', '"emacs" or "vi"', '"emacs"', (config, value) => {
    config.keys = word(value, ['emacs', 'vi'] as const);
  }),
  option('ui', 'status_line', 'database, mode and counts under the prompt', 'true', (config, value) => {
    config.statusLine = flag(value);
  }),
  option('ui', 'confirm', 'ask before DROP, TRUNCATE and deletes of whole partitions', 'true', (config, value) => {
    config.confirm = flag(value);
  }),
  option('ui', 'pager', '"own", or a command such as "less -S" ($PAGER)', '"own"', (config, value) => {
    config.pager = text(value);
  }),
  option('results', 'format', FORMAT_NAMES.map((name) => `"${name}"`).join(', '), '"table"', (config, value) => {
    config.settings.format = word(value, FORMAT_NAMES);
  }),
  option(
    'results',
    'long',
    'results longer than a screen: "cut" shows both ends, "more" pages, "pager", "all"',
    '"cut"',
    (config, value) => {
      config.settings.longResults = word(value, LONG_RESULTS);
    },
  ),
  option('results', 'page_size', 'rows a page', '100', (config, value) => {
    config.settings.pageSize = count(value, 1);
  }),
  option('results', 'expand', 'a line a column, as EXPAND ON', 'false', (config, value) => {
    config.settings.expand = flag(value);
  }),
  option('results', 'auto_expand', 'expand rows that are wider than the terminal', 'true', (config, value) => {
    config.settings.autoExpand = flag(value);
  }),
  option('results', 'type_row', 'a row of types under the header', 'false', (config, value) => {
    config.settings.typeRow = flag(value);
  }),
  option('results', 'max_value_width', 'cut longer values on the screen; 0 never', '200', (config, value) => {
    config.settings.maxValueWidth = count(value, 0);
  }),
  option('results', 'null', 'what stands for null', '"null"', (config, value) => {
    config.settings.nullText = text(value);
  }),
  option('results', 'timer', 'the time a statement took, after its result', 'false', (config, value) => {
    config.settings.timer = flag(value);
  }),
  option('results', 'float_precision', 'significant digits of float', '5', (config, value) => {
    config.settings.floatPrecision = count(value, 1);
  }),
  option('results', 'double_precision', 'significant digits of double', '5', (config, value) => {
    config.settings.doublePrecision = count(value, 1);
  }),
  option(
    'results',
    'time_format',
    'how timestamps look, as strftime has it',
    '"%Y-%m-%d %H:%M:%S.%f%z"',
    (config, value) => {
      config.settings.timeFormat = text(value);
    },
  ),
  option('results', 'timezone', 'the zone that timestamps are shown in', '"UTC"', (config, value) => {
    config.settings.timeZone = zone(value);
  }),
  option('history', 'enabled', 'keep inputs between sessions', 'true', (config, value) => {
    config.keepHistory = flag(value);
  }),
  option('history', 'file', 'where; the default is in the XDG state directory', '""', (config, value) => {
    if (text(value) !== '') config.historyFile = homePath(text(value));
  }),
];

/** Keys of cqlshrc that mean the same here, as `section.key` of config.toml. */
const CQLSHRC_KEYS: Readonly<Record<string, string>> = {
  'ui.float_precision': 'results.float_precision',
  'ui.double_precision': 'results.double_precision',
  'ui.time_format': 'results.time_format',
  'ui.timezone': 'results.timezone',
  'history.disabled': 'history.enabled',
};
const TEXT_KEYS: ReadonlySet<string> = new Set(['results.time_format', 'results.timezone']);

/** What scripts and one-shots follow of the user's files: how values look. Formats are the command line's alone. */
export interface BatchConfig {
  readonly settings: Pick<ShellSettings, 'nullText' | 'floatPrecision' | 'doublePrecision' | 'timeFormat' | 'timeZone'>;
  /** False: no colours, even on a terminal. */
  readonly color: boolean;
}

/** The same files as `loadConfig`, of which scripts and one-shots follow little. Throws UsageError for wrong values. */
export async function loadBatchConfig(environment: NodeJS.ProcessEnv = process.env): Promise<BatchConfig> {
  const { settings, theme } = await loadConfig(environment);
  const { nullText, floatPrecision, doublePrecision, timeFormat, timeZone } = settings;
  return { settings: { nullText, floatPrecision, doublePrecision, timeFormat, timeZone }, color: theme !== 'none' };
}

/** config.toml, and under it what cqlshrc says; defaults where there is neither. Throws UsageError for wrong values. */
export async function loadConfig(environment: NodeJS.ProcessEnv = process.env): Promise<ShellConfig> {
  const config: MutableConfig = {
    settings: { ...defaultSettings },
    theme: 'auto',
    keys: 'emacs',
    statusLine: true,
    confirm: true,
    pager: 'own',
    historyFile: join(stateDirectory(environment), 'cassette', 'history'),
    keepHistory: true,
  };
  applyCqlshrc(config, cqlshrcPath());
  const path = configPath(environment);
  if (existsSync(path)) await applyToml(config, path);
  if (environment['CQL_HISTORY']) config.historyFile = environment['CQL_HISTORY'];
  return config;
}

export function configPath(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'cassette', 'config.toml');
}

/** cqlsh's own file, which need not exist. */
export function cqlshrcPath(): string {
  return join(homedir(), '.cassandra', 'cqlshrc');
}

function stateDirectory(environment: NodeJS.ProcessEnv): string {
  return environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
}

async function applyToml(config: MutableConfig, path: string): Promise<void> {
  const { parse } = await import('smol-toml');
  let sections: Record<string, unknown>;
  try {
    sections = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }
  for (const [section, values] of Object.entries(sections)) {
    if (typeof values !== 'object' || values === null) throw new UsageError(`${path}: ${section} is no section`);
    for (const [key, value] of Object.entries(values)) apply(config, path, `${section}.${key}`, value);
  }
}

function apply(config: MutableConfig, path: string, name: string, value: unknown): void {
  const found = OPTIONS.find(({ section, key }) => `${section}.${key}` === name);
  if (found === undefined) throw new UsageError(`${path}: unknown option ${name}`);
  try {
    found.apply(config, value);
  } catch (error) {
    throw new UsageError(
      `${path}: ${name} ${error instanceof Error ? error.message : ''}; got ${JSON.stringify(value)}`,
    );
  }
}

/** cqlshrc is another program's file: what it holds beyond our keys is its own business. */
function applyCqlshrc(config: MutableConfig, path: string): void {
  if (!existsSync(path)) return;
  for (const [name, value] of parseIni(readFileSync(path, 'utf8'))) {
    const ours = CQLSHRC_KEYS[name];
    if (name === 'ui.color' && /^(off|no|false|0)$/i.test(value)) config.theme = 'none';
    if (ours === undefined) continue;
    apply(config, path, ours, TEXT_KEYS.has(ours) ? value : numberOrNegated(value));
  }
}

/** A number, or the opposite of a switch: cqlshrc says `disabled` where config.toml says `enabled`. */
function numberOrNegated(value: string): number | boolean {
  return /^\d+$/.test(value) ? Number(value) : !/^(on|yes|true|1)$/i.test(value);
}

function option(section: string, key: string, comment: string, shown: string, set: Option['apply']): Option {
  return { section, key, comment, shown, apply: set };
}

function word<T extends string>(value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === value);
  if (found === undefined) throw new UsageError(`is one of ${allowed.join(', ')}`);
  return found;
}

function flag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new UsageError('is true or false');
  return value;
}

function count(value: unknown, least: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least) {
    throw new UsageError(`is a whole number of at least ${least}`);
  }
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new UsageError('is a string');
  return value;
}

function zone(value: unknown): string {
  const name = text(value);
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
  } catch {
    throw new UsageError('is a zone name such as Europe/Lisbon');
  }
  return name;
}

function homePath(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}
