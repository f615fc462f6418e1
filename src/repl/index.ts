import type { Session } from '../session/session.ts';
import type { ShellSettings } from './commands/index.ts';

export interface InteractiveOptions {
  /** False: nothing is read from or written to the history file. */
  readonly history: boolean;
  readonly color: boolean;
  /** Of the command line and what ran before; otherwise the configuration has them. */
  readonly settings: Partial<ShellSettings>;
  /** No greeting. */
  readonly quiet: boolean;
  /** The database is not a temporary one: what is dropped there is missed. */
  readonly confirmLoss: boolean;
  /** Opens another database for `.open`. */
  readonly open?: (path: string) => Promise<Session>;
}

/** 128 and the signal's number, as shells report it. */
const SIGNAL_EXIT_CODES = { SIGTERM: 143, SIGHUP: 129 } as const;

/** The shell on this process's terminal; resolves with the exit code. React, Ink and the rest load here and not before. */
export async function runInteractiveShell(session: Session, options: InteractiveOptions): Promise<number> {
  // Chalk, inside Ink, reads this once while it loads and knows nothing of NO_COLOR.
  if (!options.color) process.env['FORCE_COLOR'] = '0';
  const [{ loadConfig }, { History }, { Shell }, { greeting }] = await Promise.all([
    import('./config/config.ts'),
    import('./history/history.ts'),
    import('./shell.ts'),
    import('./greeting.ts'),
  ]);
  const config = await loadConfig();
  const { settings } = config;
  const shell = new Shell(session, {
    input: process.stdin,
    output: process.stdout,
    config: { ...config, settings: { ...settings, ...options.settings } },
    history: new History(options.history && config.keepHistory ? config.historyFile : null),
    color: options.color,
    confirmLoss: options.confirmLoss,
    open: options.open,
  });
  const end = await shell.run(options.quiet ? '' : greeting(session));
  if (end.kind === 'exit') return 0;
  return end.signal === 'SIGHUP' ? SIGNAL_EXIT_CODES.SIGHUP : SIGNAL_EXIT_CODES.SIGTERM;
}
