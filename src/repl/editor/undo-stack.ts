import type { TextBuffer } from './text-buffer.ts';

/** Edits of one kind that follow each other (typing a word) are undone together. */
export type EditKind = 'insert' | 'delete' | 'other';

const MAX_UNDO_STEPS = 500;

/** Undo and redo of one input line; cleared when the input is run. */
export class UndoStack {
  private undone: TextBuffer[] = [];
  private done: TextBuffer[] = [];
  private lastKind: EditKind | null = null;

  /** Call with the buffer before an edit. */
  record(before: TextBuffer, kind: EditKind): void {
    this.undone = [];
    if (kind !== 'other' && kind === this.lastKind) return;
    this.lastKind = kind;
    this.done.push(before);
    if (this.done.length > MAX_UNDO_STEPS) this.done.shift();
  }

  /** A movement ends a run of edits of one kind. */
  breakRun(): void {
    this.lastKind = null;
  }

  undo(current: TextBuffer): TextBuffer | null {
    this.lastKind = null;
    const previous = this.done.pop();
    if (previous === undefined) return null;
    this.undone.push(current);
    return previous;
  }

  redo(current: TextBuffer): TextBuffer | null {
    this.lastKind = null;
    const next = this.undone.pop();
    if (next === undefined) return null;
    this.done.push(current);
    return next;
  }

  clear(): void {
    this.done = [];
    this.undone = [];
    this.lastKind = null;
  }
}
