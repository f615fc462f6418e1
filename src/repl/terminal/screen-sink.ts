import type { OutputSink } from '../../output/index.ts';
import type { Terminal } from './terminal.ts';

/** Results on the terminal: the live area goes away first, and nothing is kept back, so that rows show at once. */
export class ScreenSink implements OutputSink {
  /** What was written last ended its line: a progress line may stand below it. */
  atLineStart = true;
  private readonly terminal: Terminal;
  private readonly beforeWrite: () => void;

  constructor(terminal: Terminal, beforeWrite: () => void) {
    this.terminal = terminal;
    this.beforeWrite = beforeWrite;
  }

  write(data: string | Uint8Array): void {
    if (data.length === 0) return;
    this.beforeWrite();
    this.terminal.output.write(data);
    this.atLineStart = typeof data === 'string' ? data.endsWith('\n') : data.at(-1) === 0x0a;
  }

  async drain(): Promise<void> {
    const { output } = this.terminal;
    if (!('writableNeedDrain' in output) || output.writableNeedDrain !== true) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        output.off('drain', done);
        output.off('close', done);
        resolve();
      };
      output.on('drain', done);
      output.on('close', done);
    });
  }
}
