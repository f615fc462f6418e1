import type { FormatName, OutputSink } from '../../output/index.ts';
import type { Session } from '../../session/session.ts';
import type { ProgressReport } from '../progress.ts';
import type { LongResults } from '../results/present-rows.ts';

/** What the shell's commands can change, and what every statement is run with. */
export interface ShellSettings {
  format: FormatName;
  /** EXPAND: `table` is shown as `expanded`. */
  expand: boolean;
  paging: boolean;
  pageSize: number;
  /** On a terminal: what becomes of results longer than a screen. */
  longResults: LongResults;
  /** On a terminal: rows too wide for it are shown as if EXPAND were on. */
  autoExpand: boolean;
  /** On a terminal: longer values are cut to so many characters; 0 shows all. */
  maxValueWidth: number;
  tracing: boolean;
  /** `.timer`, ELAPSED: the time a statement took stands after its result. */
  timer: boolean;
  consistency: string;
  serialConsistency: string;
  nullText: string;
  typeRow: boolean;
  /** EXPLAIN before every SELECT. */
  explain: boolean;
  dialect: 'strict' | 'explore' | undefined;
  floatPrecision: number;
  doublePrecision: number;
  /** How timestamps look in tables: strftime's notation, and a zone of the IANA database. */
  timeFormat: string;
  timeZone: string;
}

export const defaultSettings: Readonly<ShellSettings> = Object.freeze({
  format: 'table',
  expand: false,
  paging: true,
  pageSize: 100,
  longResults: 'cut',
  autoExpand: true,
  maxValueWidth: 200,
  tracing: false,
  timer: false,
  consistency: 'ONE',
  serialConsistency: 'SERIAL',
  nullText: 'null',
  typeRow: false,
  explain: false,
  dialect: undefined,
  floatPrecision: 5,
  doublePrecision: 5,
  timeFormat: '%Y-%m-%d %H:%M:%S.%f%z',
  timeZone: 'UTC',
});

/** What a command works on. Interactive shells and scripts give the same commands different surroundings. */
export interface ShellContext {
  session: Session;
  readonly settings: ShellSettings;
  /** Where results go now; `.output` and CAPTURE change it. */
  readonly out: OutputSink;
  /** Messages that are no results. */
  print(text: string): void;
  /** CQL to be read, as HELP has it; in colours on a terminal. */
  printCql(text: string): void;
  /** Text that was asked for and goes where results go: to `.output` and CAPTURE as well. */
  show(text: string): void;
  /** The same of CQL: DESCRIBE, `.dump`. */
  showCql(text: string): void;
  /** Runs statements and commands of a text, as typed (`SOURCE`, `.read`). Errors do not stop it. */
  runFile(path: string): Promise<void>;
  /** Opens another database in place of this one (`.open`). */
  reopen(path: string): Promise<void>;
  /** `CAPTURE`: results also go to the file; null ends it. */
  readonly capture: CaptureState;
  /** `.output FILE`, `.once FILE`, `| command`. */
  redirect(target: RedirectTarget): void;
  readonly interactive: boolean;
  /** The rows of COPY FROM STDIN: standard input, or what is typed at a terminal. */
  input(): AsyncIterable<Uint8Array>;
  /** Of the terminal; 80 where there is none. */
  readonly columns: number;
  /** On a terminal: how far the command is, to be asked while it runs. */
  follow?(report: () => ProgressReport): void;
  /** CHART: draws the last result; throws CommandError where there is no screen. */
  drawChart(argument: string): void;
  /** Earlier inputs, oldest first. */
  readonly history: readonly string[];
  /** The directory that relative file names of a script count from. */
  readonly directory: string;
  runCql(cql: string): Promise<void>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

export interface CaptureState {
  readonly path: string | null;
  start(path: string): void;
  stop(): void;
}

export type RedirectTarget =
  | { readonly kind: 'stdout' }
  | { readonly kind: 'file'; readonly path: string; readonly once: boolean }
  | { readonly kind: 'pipe'; readonly command: string; readonly once: boolean };

export type CommandOutcome = 'continue' | 'exit' | 'clear-screen' | 'edit';

/** What a command's argument is: a name or file to complete, or one of these words. */
export type ArgumentKind = 'file' | 'table' | 'keyspace' | 'topic' | readonly string[];

export interface ShellCommand {
  /** Upper-case first word, or `.name`. */
  readonly names: readonly string[];
  readonly syntax: string;
  readonly summary: string;
  /** What its argument is, for completion. */
  readonly argument?: ArgumentKind;
  /** It runs a program that needs the terminal for itself. */
  readonly usesTerminal?: boolean;
  run(context: ShellContext, argument: string): CommandOutcome | Promise<CommandOutcome>;
}

/** A command's own complaint; shown as one line. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
