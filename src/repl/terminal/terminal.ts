/** The sides of a terminal: `process.stdin` and `process.stdout`, or twins in tests. */
export interface TerminalInput extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  setRawMode?(mode: boolean): unknown;
}

export interface TerminalOutput extends NodeJS.WritableStream {
  readonly columns?: number;
  readonly rows?: number;
}

const PASTE_ON = '\u001b[?2004h';
const PASTE_OFF = '\u001b[?2004l';
const ALTERNATE_ON = '\u001b[?1049h\u001b[2J\u001b[H';
const ALTERNATE_OFF = '\u001b[?1049l';
const SHOW_CURSOR = '\u001b[?25h';
const RESET_STYLE = '\u001b[0m';

const FALLBACK_COLUMNS = 80;
const FALLBACK_ROWS = 24;

/**
 * The terminal's modes: raw input, bracketed paste, alternate screen. Whatever ends the process, `exit` included, puts
 * them back.
 */
export class Terminal {
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  private active = false;
  private alternate = false;

  constructor(input: TerminalInput, output: TerminalOutput) {
    this.input = input;
    this.output = output;
  }

  get columns(): number {
    return this.output.columns || FALLBACK_COLUMNS;
  }

  get rows(): number {
    return this.output.rows || FALLBACK_ROWS;
  }

  write(text: string): void {
    this.output.write(text);
  }

  /**
   * Switches to raw input. `onHangUp` hears SIGTERM and SIGHUP, after the terminal is as it was; `onReturn` that the process
   * goes on after it was stopped.
   */
  start(onHangUp: (signal: NodeJS.Signals) => void, onReturn: () => void): void {
    this.enter();
    process.on('exit', this.restore);
    // Ctrl-C while the terminal is lent to another program is for that program.
    this.listen('SIGINT', () => {});
    for (const signal of HANG_UPS) {
      this.listen(signal, () => {
        this.restore();
        onHangUp(signal);
      });
    }
    if (process.platform === 'win32') return;
    this.listen('SIGCONT', () => {
      // A program that the terminal is lent to looks after it itself.
      if (!this.active) return;
      this.comeBack(this.alternate);
      onReturn();
    });
  }

  private listen(signal: NodeJS.Signals, listener: () => void): void {
    this.listeners.push([signal, listener]);
    process.on(signal, listener);
  }

  stop(): void {
    this.restore();
    process.off('exit', this.restore);
    for (const [signal, listener] of this.listeners) process.off(signal, listener);
    this.listeners.length = 0;
  }

  /** Hands the terminal to another program (`$EDITOR`, `.shell`) while `run` lasts. */
  lend<T>(run: () => T): T {
    this.restore();
    try {
      return run();
    } finally {
      this.enter();
    }
  }

  /**
   * Stops the process group as Ctrl-Z does, and returns when its user goes on with it, or at once where no shell above it
   * could. The terminal is as it was before until then.
   */
  suspend(): void {
    const { alternate } = this;
    this.restore();
    process.kill(0, 'SIGTSTP');
    this.comeBack(alternate);
  }

  /** The process was stopped, by whomever: its shell has set the terminal to its own taste. */
  private comeBack(alternate: boolean): void {
    this.restore();
    this.enter();
    if (alternate) this.enterAlternateScreen();
    // The terminal may have another size than it had; Node looks at this signal only.
    process.kill(process.pid, 'SIGWINCH');
  }

  enterAlternateScreen(): void {
    this.alternate = true;
    this.write(ALTERNATE_ON);
  }

  leaveAlternateScreen(): void {
    if (!this.alternate) return;
    this.alternate = false;
    this.write(ALTERNATE_OFF);
  }

  /** The same for a program that is waited for: a pager that results are piped to. */
  async lendWhile<T>(run: () => Promise<T>): Promise<T> {
    this.restore();
    try {
      return await run();
    } finally {
      this.enter();
    }
  }

  private readonly listeners: [NodeJS.Signals, () => void][] = [];

  private enter(): void {
    this.active = true;
    this.input.setRawMode?.(true);
    this.input.resume();
    this.write(PASTE_ON);
  }

  private readonly restore = (): void => {
    if (!this.active) return;
    this.active = false;
    try {
      this.leaveAlternateScreen();
      this.write(PASTE_OFF + SHOW_CURSOR + RESET_STYLE);
      this.input.setRawMode?.(false);
      this.input.pause();
    } catch {
      // The terminal is gone already.
    }
  };
}

const HANG_UPS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP'];
