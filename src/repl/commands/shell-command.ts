import type { FormatName, OutputSink } from '../../output/index.ts';
import type { Session } from '../../session/session.ts';

/** What the shell's commands can change, and what every statement is run with. */
export interface ShellSettings {
  format: FormatName;
  /** EXPAND: `table` is shown as `expanded`. */
  expand: boolean;
  paging: boolean;
  pageSize: number;
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
}

export const defaultSettings: Readonly<ShellSettings> = Object.freeze({
  format: 'table',
  expand: false,
  paging: true,
  pageSize: 100,
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
});

/** What a command works on. Interactive shells and scripts give the same commands different surroundings. */
export interface ShellContext {
  session: Session;
  readonly settings: ShellSettings;
  /** Where results go now; `.output` and CAPTURE change it. */
  readonly out: OutputSink;
  /** Messages that are no results. */
  print(text: string): void;
  /** Runs statements and commands of a text, as typed (`SOURCE`, `.read`). Errors do not stop it. */
  runFile(path: string): Promise<void>;
  /** Opens another database in place of this one (`.open`). */
  reopen(path: string): Promise<void>;
  /** `CAPTURE`: results also go to the file; null ends it. */
  readonly capture: CaptureState;
  /** `.output FILE`, `.once FILE`, `| command`. */
  redirect(target: RedirectTarget): void;
  readonly interactive: boolean;
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

export interface ShellCommand {
  /** Upper-case first word, or `.name`. */
  readonly names: readonly string[];
  readonly syntax: string;
  readonly summary: string;
  run(context: ShellContext, argument: string): CommandOutcome | Promise<CommandOutcome>;
}

/** A command's own complaint; shown as one line. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
