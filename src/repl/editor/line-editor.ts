import { nextGrapheme } from './graphemes.ts';
import type { KeyEvent } from './key-decoder.ts';
import { KillRing } from './kill-ring.ts';
import { PastedBlocks } from './pasted-blocks.ts';
import * as edit from './text-buffer.ts';
import { emptyBuffer, type TextBuffer } from './text-buffer.ts';
import { type EditKind, UndoStack } from './undo-stack.ts';

/** What a key asks of the shell; everything about the text itself is done inside the editor. */
export type EditorRequest =
  | 'none'
  | 'submit'
  | 'cancel'
  | 'end-of-input'
  | 'history-previous'
  | 'history-next'
  | 'history-first'
  | 'history-last'
  | 'search-history'
  | 'complete'
  | 'complete-backward'
  | 'clear-screen'
  | 'external-editor'
  | 'page-up'
  | 'page-down';

/**
 * One editable, multi-line input: text, cursor, kills, undo, pasted blocks. Keys are readline's emacs bindings; `ViKeys`
 * wraps this for vi. It knows nothing of terminals: keys in, requests out.
 */
export class LineEditor {
  buffer: TextBuffer = emptyBuffer;
  readonly pasted = new PastedBlocks();
  readonly kills = new KillRing();
  private readonly undoStack = new UndoStack();
  /** Length of what the last key yanked; null when it yanked nothing. */
  private yanked: number | null = null;
  /** Where a paste began of which more may come; null when the last key was none. */
  private openPaste: number | null = null;
  /** Ctrl-X was typed. */
  private afterPrefix = false;

  /** The text to run: pasted blocks put back. */
  get text(): string {
    return this.pasted.expand(this.buffer.text);
  }

  reset(text = ''): void {
    this.buffer = edit.bufferOf(text);
    this.undoStack.clear();
    this.kills.endRun();
    if (text === '') this.pasted.clear();
  }

  /** Puts another text into the buffer (history, completion, $EDITOR) as one undoable step. */
  replace(text: string, cursor = text.length): void {
    this.undoStack.breakRun();
    this.undoStack.record(this.buffer, 'other');
    this.buffer = edit.bufferOf(text, cursor);
  }

  /** Replaces `[from, to)`, as completion does. */
  replaceRange(from: number, to: number, text: string): void {
    this.undoStack.record(this.buffer, 'other');
    this.buffer = edit.insert(edit.remove(this.buffer, from, to), text);
  }

  insertText(text: string): void {
    const { buffer } = this;
    const beginsWord = /^\s/.test(text) && /\S/.test(buffer.text.charAt(buffer.cursor - 1));
    this.change('insert', edit.insert(buffer, text), beginsWord);
  }

  /** All edits until `endEdits` are undone together, as far as the cursor is not moved between them. */
  joinEdits(): void {
    this.undoStack.beginJoined();
  }

  endEdits(): void {
    this.undoStack.endJoined();
  }

  handle(event: KeyEvent): EditorRequest {
    const { yanked, afterPrefix, openPaste } = this;
    this.yanked = null;
    this.openPaste = null;
    this.afterPrefix = false;
    if (afterPrefix) return this.prefixed(event);
    if (event.kind === 'text') {
      this.insertText(event.text);
      return 'none';
    }
    if (event.kind === 'paste') {
      this.paste(event.text, event.bracketed === true, openPaste);
      return 'none';
    }
    if (event.ctrl) return this.control(event.name, event.meta);
    if (event.meta) return this.meta(event.name, yanked);
    return this.plain(event.name, event.shift);
  }

  private plain(name: string, shift: boolean): EditorRequest {
    switch (name) {
      case 'enter':
        if (!shift) return 'submit';
        this.insertText('\n');
        return 'none';
      case 'tab':
        return shift ? 'complete-backward' : 'complete';
      case 'backspace':
        return this.delete(edit.left(this.buffer), this.buffer.cursor);
      case 'delete':
        return this.delete(this.buffer.cursor, edit.right(this.buffer));
      case 'left':
        return this.move(edit.left(this.buffer));
      case 'right':
        return this.move(edit.right(this.buffer));
      case 'up':
        return this.vertical(-1);
      case 'down':
        return this.vertical(1);
      case 'home':
        return this.move(edit.lineStart(this.buffer));
      case 'end':
        return this.move(edit.lineEnd(this.buffer));
      case 'pageup':
        return 'page-up';
      case 'pagedown':
        return 'page-down';
      default:
        return 'none';
    }
  }

  private control(name: string, meta: boolean): EditorRequest {
    const { buffer } = this;
    switch (name) {
      case 'a':
        return this.move(edit.lineStart(buffer));
      case 'e':
        return this.move(edit.lineEnd(buffer));
      case 'b':
        return this.move(edit.left(buffer));
      case 'f':
        return this.move(edit.right(buffer));
      case 'left':
        return this.move(edit.wordLeft(buffer));
      case 'right':
        return this.move(edit.wordRight(buffer));
      case 'home':
        return this.move(0);
      case 'end':
        return this.move(buffer.text.length);
      case 'c':
        return 'cancel';
      case 'd':
        return buffer.text === '' ? 'end-of-input' : this.delete(buffer.cursor, edit.right(buffer));
      case 'h':
        return this.delete(edit.left(buffer), buffer.cursor);
      case 'k':
        return this.kill(buffer.cursor, this.endOfKill(), 'forward');
      case 'u':
        return this.kill(edit.lineStart(buffer), buffer.cursor, 'backward');
      case 'w':
        return this.kill(edit.blankWordLeft(buffer), buffer.cursor, 'backward');
      case 'backspace':
        return this.kill(edit.wordLeft(buffer), buffer.cursor, 'backward');
      case 'delete':
        return this.kill(buffer.cursor, edit.wordRight(buffer), 'forward');
      case 'y':
        return this.yank(buffer, this.kills.yank());
      case 't':
        return this.rewrite(edit.transpose(buffer));
      case '_':
      case 'z':
        // Ctrl-Z comes here where there are no jobs to stop.
        return meta ? this.redo() : this.undo();
      case 'l':
        return 'clear-screen';
      case 'p':
        return this.vertical(-1);
      case 'n':
        return this.vertical(1);
      case 'o':
        this.insertText('\n');
        return 'none';
      case 'r':
        return 'search-history';
      case 'x':
        this.afterPrefix = true;
        return 'none';
      default:
        return 'none';
    }
  }

  private meta(name: string, yanked: number | null): EditorRequest {
    const { buffer } = this;
    switch (name) {
      case 'b':
      case 'left':
        return this.move(edit.wordLeft(buffer));
      case 'f':
      case 'right':
        return this.move(edit.wordRight(buffer));
      case 'd':
        return this.kill(buffer.cursor, edit.wordRight(buffer), 'forward');
      case 'backspace':
        return this.kill(edit.wordLeft(buffer), buffer.cursor, 'backward');
      case 'y':
        if (yanked === null) return 'none';
        return this.yank(edit.remove(buffer, buffer.cursor - yanked, buffer.cursor), this.kills.yankPop());
      case 'u':
        return this.rewrite(edit.changeWordCase(buffer, 'upper'));
      case 'l':
        return this.rewrite(edit.changeWordCase(buffer, 'lower'));
      case 'c':
        return this.rewrite(edit.changeWordCase(buffer, 'capital'));
      case '<':
        return 'history-first';
      case '>':
        return 'history-last';
      case 'enter':
        this.insertText('\n');
        return 'none';
      case '_':
      case 'z':
        return this.redo();
      default:
        return 'none';
    }
  }

  /** What comes without marks comes in several reads: as long as they follow each other, all of it is one paste. */
  private paste(text: string, isWhole: boolean, openPaste: number | null): void {
    const { buffer } = this;
    const begun = isWhole ? null : openPaste;
    if (begun === null) this.undoStack.record(buffer, 'other');
    const from = begun ?? buffer.cursor;
    const before = buffer.text.slice(from, buffer.cursor);
    if (!this.pasted.extend(before, text)) {
      this.buffer = edit.insert(edit.remove(buffer, from, buffer.cursor), this.pasted.admit(before + text));
    }
    this.openPaste = isWhole ? null : from;
  }

  /** Behind Ctrl-X. */
  private prefixed(event: KeyEvent): EditorRequest {
    if (event.kind !== 'key' || !event.ctrl || event.meta) return 'none';
    if (event.name === 'e') return 'external-editor';
    if (event.name === 'u') return this.undo();
    return event.name === 'c' ? 'cancel' : 'none';
  }

  /** Kills to the end of the line, or the line end itself when the cursor stands there. */
  private endOfKill(): number {
    const end = edit.lineEnd(this.buffer);
    return end === this.buffer.cursor ? nextGrapheme(this.buffer.text, end) : end;
  }

  private vertical(direction: -1 | 1): EditorRequest {
    const moved = edit.verticalMove(this.buffer, direction);
    if (moved === null) return direction === -1 ? 'history-previous' : 'history-next';
    this.buffer = moved;
    this.endRuns();
    return 'none';
  }

  private move(cursor: number): EditorRequest {
    this.buffer = edit.moveTo(this.buffer, cursor);
    this.endRuns();
    return 'none';
  }

  private delete(from: number, to: number): EditorRequest {
    if (from < to) this.change('delete', edit.remove(this.buffer, from, to));
    return 'none';
  }

  private kill(from: number, to: number, direction: 'forward' | 'backward'): EditorRequest {
    if (from >= to) return 'none';
    this.undoStack.record(this.buffer, 'other');
    this.kills.kill(this.pasted.expand(this.buffer.text.slice(from, to)), direction);
    this.buffer = edit.remove(this.buffer, from, to);
    return 'none';
  }

  /** What was killed may come back in a later input, without the blocks of this one. */
  private yank(into: TextBuffer, text: string): EditorRequest {
    const admitted = this.pasted.admit(text);
    this.change('other', edit.insert(into, admitted));
    this.yanked = admitted.length;
    return 'none';
  }

  private rewrite(next: TextBuffer): EditorRequest {
    if (next.text === this.buffer.text) this.move(next.cursor);
    else this.change('other', next);
    return 'none';
  }

  private change(kind: EditKind, next: TextBuffer, isNewStep = false): void {
    this.undoStack.record(this.buffer, kind, isNewStep);
    this.kills.endRun();
    this.buffer = next;
  }

  private endRuns(): void {
    this.undoStack.breakRun();
    this.kills.endRun();
  }

  undo(): EditorRequest {
    this.buffer = this.undoStack.undo(this.buffer) ?? this.buffer;
    return 'none';
  }

  redo(): EditorRequest {
    this.buffer = this.undoStack.redo(this.buffer) ?? this.buffer;
    return 'none';
  }
}
