import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRowFormat, FileSink, type FormatOptions, isBrokenPipe, StreamSink } from '../../output/index.ts';
import type { RowsResult } from '../../session/session.ts';
import type { CaptureState, RedirectTarget, ShellSettings } from '../commands/shell-command.ts';
import type { Progress } from '../progress.ts';
import { TeeSink } from '../script/tee-sink.ts';
import type { ScreenSink } from '../terminal/screen-sink.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { LiveArea } from '../view/live-area.ts';

interface TargetSurroundings {
  readonly terminal: Terminal;
  readonly screen: ScreenSink;
  readonly live: LiveArea;
  readonly progress: Progress;
}

/** What results are piped to. */
interface RunningProgram {
  readonly process: ChildProcess;
  readonly sink: StreamSink;
}

/** Where the interactive shell's results go: the screen, or a file or program (`.output`, `.once`); CAPTURE's file besides. */
export class ResultTarget {
  /** Formatted rows; on the screen CAPTURE's file gets its copy from `captured` and `show`. */
  readonly sink: TeeSink;
  private readonly with: TargetSurroundings;
  private target: RedirectTarget = { kind: 'stdout' };
  /** A result went to the target that is not the screen. */
  private isUsed = false;
  private captureFile: FileSink | null = null;
  private program: RunningProgram | null = null;

  constructor(surroundings: TargetSurroundings) {
    this.with = surroundings;
    this.sink = new TeeSink(surroundings.screen);
  }

  get isOnScreen(): boolean {
    return this.target.kind === 'stdout';
  }

  readonly capture: CaptureState & { path: string | null } = {
    path: null,
    start: (path) => {
      this.captureFile = new FileSink(path, 'a');
      this.sink.tee(this.captureFile);
      this.capture.path = path;
    },
    stop: () => {
      this.sink.tee(null);
      this.captureFile = null;
      this.capture.path = null;
    },
  };

  /** Throws, and all stays as it is, when a file cannot be written. */
  redirect(target: RedirectTarget): void {
    const file = target.kind === 'file' ? new FileSink(target.path) : null;
    this.closeProgram();
    this.target = target;
    this.isUsed = false;
    if (target.kind !== 'pipe') this.sink.redirect(file);
    else {
      const child = spawn(target.command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'] });
      const sink = new StreamSink(child.stdin);
      this.program = { process: child, sink };
      this.sink.redirect({
        write: (data) => sink.write(data),
        drain: () => sink.drain(),
        close: () => child.stdin.end(),
      });
    }
  }

  /** A result comes, and goes elsewhere than to the screen if results do. */
  use(): void {
    this.isUsed = !this.isOnScreen;
  }

  /** A result that is text: as `onScreen` has it there, else plain. */
  show(onScreen: string, plain: string): void {
    if (this.isOnScreen) {
      this.with.screen.write(`${onScreen}\n`);
      this.captureFile?.write(`${plain}\n`);
    } else {
      this.use();
      this.sink.write(`${plain}\n`);
    }
  }

  /** Runs one item; a program that its results are piped to has the terminal until it ends. */
  async withProgram(run: () => Promise<void>): Promise<void> {
    const { program } = this;
    if (program === null) return run();
    const { terminal, progress, live } = this.with;
    progress.stop();
    live.clear();
    await terminal.lendWhile(async () => {
      await run().catch(unlessBrokenPipe);
      if (this.program !== program || !this.isUsed) return;
      await program.sink.drain().catch(unlessBrokenPipe);
      program.process.stdin?.end();
      if (program.process.exitCode === null && program.process.signalCode === null) await once(program.process, 'exit');
      this.redirect({ kind: 'stdout' });
    });
  }

  /** Pipes one result to a program. */
  async pipe(command: string, write: () => Promise<void>): Promise<void> {
    this.redirect({ kind: 'pipe', command, once: true });
    this.use();
    await this.withProgram(write);
  }

  /** `.once` ends with the statement or command that it was for; files hold all of what went to them. */
  async endItem(): Promise<void> {
    if (this.program === null) await this.sink.drain();
    if (this.target.kind !== 'stdout' && this.target.once && this.isUsed) this.redirect({ kind: 'stdout' });
  }

  /** The same result; what passes through it also goes to CAPTURE's file, whole and without colours. */
  async captured(result: RowsResult, settings: ShellSettings, values: Partial<FormatOptions>): Promise<RowsResult> {
    const { captureFile } = this;
    if (captureFile === null) return result;
    const name = settings.expand ? 'expanded' : settings.format;
    const format = await createRowFormat(name, result.columns, captureFile, { color: false, ...values });
    let isOpen = true;
    const end = async (): Promise<void> => {
      if (!isOpen) return;
      isOpen = false;
      await format.end();
      await captureFile.drain();
    };
    format.begin();
    return {
      ...result,
      next: async () => {
        const chunk = await result.next();
        if (chunk === null) await end();
        else format.rows(chunk);
        return chunk;
      },
      close: () => {
        void end();
        result.close();
      },
    };
  }

  close(): void {
    this.capture.stop();
    this.redirect({ kind: 'stdout' });
  }

  private closeProgram(): void {
    this.program?.process.stdin?.end();
    this.program = null;
  }
}

/** A program may end before it has read all, as pagers do. */
function unlessBrokenPipe(error: unknown): void {
  if (!isBrokenPipe(error)) throw error;
}
