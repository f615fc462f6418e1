import { EventEmitter } from 'node:events';
import { type Instance, render } from 'ink';
import { ShellView, type ShellViewState } from './shell-view.tsx';
import type { Theme } from './theme.ts';

/** Lays frames out with Ink, and keeps Ink away from the terminal: what it writes is taken as rows. */
export class InkFrame {
  private readonly canvas = new Canvas();
  private instance: Instance | null = null;

  /** The rows of a frame, styled, none wider than `columns`. */
  layOut(state: ShellViewState, theme: Theme, columns: number, popupRows: number): string[] {
    this.canvas.columns = columns;
    const view = <ShellView state={state} theme={theme} columns={columns} popupRows={popupRows} />;
    if (this.instance === null) {
      this.instance = render(view, {
        // Ink asks of its stream no more than the canvas has.
        stdout: this.canvas as unknown as NodeJS.WriteStream,
        // A debugging Ink writes each frame whole and at once, which is what is wanted of it here.
        debug: true,
        exitOnCtrlC: false,
        patchConsole: false,
      });
    } else this.instance.rerender(view);
    return this.canvas.frame.split('\n');
  }

  close(): void {
    this.instance?.unmount();
    this.instance?.cleanup();
    this.instance = null;
  }
}

/** A stream that keeps the last frame Ink wrote. */
class Canvas extends EventEmitter {
  columns = 80;
  rows = 24;
  frame = '';
  readonly isTTY = false;

  readonly write = (frame: string): boolean => {
    this.frame = frame;
    return true;
  };
}
