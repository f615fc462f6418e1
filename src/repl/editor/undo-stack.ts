import type { TextBuffer } from './text-buffer.ts';

/** Edits of one kind that follow each other (typing a word) are undone together. */
export type EditKind = 'insert' | 'delete' | 'other';

const MAX_UNDO_STEPS = 500;

/** Undo and redo of one input; cleared when the input is run. */
export class UndoStack {
  private undone: TextBuffer[] = [];
  private done: TextBuffer[] = [];
  private lastKind: EditKind | null = null;
  /** All edits are one step, whatever their kind (vi's insert mode), of which the buffer before is recorded or is not. */
  private joined: 'no' | 'next' | 'begun' = 'no';

  /** Call with the buffer before an edit. `isNew`: it begins a step of its own among those of its kind (a word). */
  record(before: TextBuffer, kind: EditKind, isNew = false): void {
    this.undone = [];
    if (this.joined === 'begun') return;
    if (this.joined === 'next') this.joined = 'begun';
    else if (kind !== 'other' && kind === this.lastKind && !isNew) return;
    this.lastKind = kind;
    this.done.push(before);
    if (this.done.length > MAX_UNDO_STEPS) this.done.shift();
  }

  /** A movement ends a run of edits of one kind, and a joined step. */
  breakRun(): void {
    this.lastKind = null;
    if (this.joined === 'begun') this.joined = 'next';
  }

  /** Edits from here to `endJoined` are one step. */
  beginJoined(): void {
    this.joined = 'next';
  }

  endJoined(): void {
    this.lastKind = null;
    this.joined = 'no';
  }

  undo(current: TextBuffer): TextBuffer | null {
    this.breakRun();
    const previous = this.done.pop();
    if (previous === undefined) return null;
    this.undone.push(current);
    return previous;
  }

  redo(current: TextBuffer): TextBuffer | null {
    this.breakRun();
    const next = this.undone.pop();
    if (next === undefined) return null;
    this.done.push(current);
    return next;
  }

  clear(): void {
    this.done = [];
    this.undone = [];
    this.breakRun();
  }
}
