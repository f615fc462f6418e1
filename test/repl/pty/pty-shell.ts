import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../..');

/** Bundles a program as the release is bundled, in a directory of its own; returns its path. */
export async function buildProgram(source: string): Promise<string> {
  mkdirSync(join(root, 'tmp'), { recursive: true });
  const outdir = mkdtempSync(join(root, 'tmp/pty-'));
  await build({
    entryPoints: { program: join(root, source) },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    alias: { chevrotain: join(root, 'node_modules/chevrotain/lib/chevrotain.min.mjs') },
    jsx: 'automatic',
    outdir,
    outExtension: { '.js': '.mjs' },
    logLevel: 'warning',
  });
  return join(outdir, 'program.mjs');
}

export function removeProgram(entry: string): void {
  rmSync(join(entry, '..'), { recursive: true, force: true });
}

export interface PtyOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly arguments?: readonly string[];
  /** A state directory of its own when absent. */
  readonly home?: string;
  /** Typed into an interactive `sh` instead of run at once: the program is one of its jobs. */
  readonly asJob?: boolean;
}

/** A program in a pseudo-terminal, and what its user would see. */
export class PtyShell {
  readonly home: string;
  /** All that was written, escape sequences included. */
  raw = '';
  exitCode: number | null = null;
  private readonly command: readonly string[];
  private readonly pty: IPty;
  private readonly terminal: InstanceType<typeof xterm.Terminal>;
  private readonly exited: Promise<void>;

  constructor(entry: string, options: PtyOptions = {}) {
    const { columns = 100, rows = 30, environment = {}, home } = options;
    this.home = home ?? mkdtempSync(join(tmpdir(), 'cassette-pty-'));
    this.terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 5_000, allowProposedApi: true });
    this.command = [process.execPath, entry, ...(options.arguments ?? [])];
    const [file, ...args] = options.asJob === true ? ['/bin/sh', '-i'] : this.command;
    this.pty = spawn(file, args, {
      cols: columns,
      rows,
      cwd: this.home,
      env: {
        PATH: process.env['PATH'] ?? '',
        TERM: 'xterm-256color',
        HOME: this.home,
        XDG_STATE_HOME: join(this.home, 'state'),
        XDG_CONFIG_HOME: join(this.home, 'config'),
        PS1: 'job control> ',
        ...environment,
      },
    });
    this.pty.onData((data) => {
      this.raw += data;
      this.terminal.write(data);
    });
    this.exited = new Promise((resolve) => {
      this.pty.onExit(({ exitCode }) => {
        this.exitCode = exitCode;
        resolve();
      });
    });
  }

  /** Types the program into the shell that it is a job of. */
  startJob(): void {
    this.type(`${this.command.map((word) => `'${word}'`).join(' ')}\r`);
  }

  type(keys: string): void {
    this.pty.write(keys);
  }

  paste(text: string): void {
    this.pty.write(`\u001b[200~${text}\u001b[201~`);
  }

  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
    this.pty.resize(columns, rows);
  }

  kill(signal: string): void {
    this.pty.kill(signal);
  }

  /** The rows of the screen, blanks at their ends cut off. */
  screen(): string {
    const { active } = this.terminal.buffer;
    return this.lines(active.baseY, active.baseY + this.terminal.rows);
  }

  /** The screen and all that scrolled off it. */
  everything(): string {
    return this.lines(0, this.terminal.buffer.active.length);
  }

  /** The cursor's row and column on the screen. */
  get cursor(): { row: number; column: number } {
    const { cursorX, cursorY } = this.terminal.buffer.active;
    return { row: cursorY, column: cursorX };
  }

  /** Waits until the screen shows it; the error shows the screen. */
  async until(wanted: string | RegExp | ((screen: string) => boolean), timeoutMs = 8_000): Promise<void> {
    const matches = (screen: string): boolean =>
      typeof wanted === 'string'
        ? screen.includes(wanted)
        : wanted instanceof RegExp
          ? wanted.test(screen)
          : wanted(screen);
    const deadline = performance.now() + timeoutMs;
    while (!matches(this.screen())) {
      if (performance.now() > deadline) throw new Error(`never saw ${String(wanted)} on\n${this.screen()}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Waits for the end of the program; returns its exit code. */
  async end(): Promise<number | null> {
    await this.exited;
    return this.exitCode;
  }

  close(): void {
    if (this.exitCode === null) this.pty.kill('SIGKILL');
    this.terminal.dispose();
  }

  private lines(from: number, to: number): string {
    const { active } = this.terminal.buffer;
    const lines: string[] = [];
    for (let row = from; row < to; row++) lines.push(active.getLine(row)?.translateToString(true) ?? '');
    return lines.join('\n').trimEnd();
  }
}
