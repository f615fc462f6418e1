import type { KeyEvent } from './key-decoder.ts';
import type { EditorRequest, LineEditor } from './line-editor.ts';
import type { TextBuffer } from './text-buffer.ts';
import * as edit from './text-buffer.ts';

type Operator = 'd' | 'c' | 'y';

/** Where a motion goes; `inclusive` ones take the character that they end on with them. */
interface Motion {
  readonly to: number;
  readonly inclusive: boolean;
}

/** vi's keys over the editor: insert mode is the editor's own, command mode has vi's common commands. */
export class ViKeys {
  private readonly editor: LineEditor;
  private inserting = true;
  private count = '';
  private operator: Operator | null = null;
  /** A command that waits for its character: `f`, `F`, `t`, `T`, `r`, `g`. */
  private waiting: string | null = null;

  constructor(editor: LineEditor) {
    this.editor = editor;
  }

  /** Each input begins in insert mode. */
  reset(): void {
    this.inserting = true;
    this.clearPending();
  }

  get modeName(): string {
    return this.inserting ? 'INSERT' : 'NORMAL';
  }

  handle(event: KeyEvent): EditorRequest {
    const isEscape = event.kind === 'key' && event.name === 'escape' && !event.ctrl;
    if (isEscape) {
      if (this.inserting) this.moveTo(Math.max(edit.lineStart(this.buffer), edit.left(this.buffer)));
      this.inserting = false;
      this.clearPending();
      return 'none';
    }
    if (this.inserting) return this.editor.handle(event);
    // Escape followed at once by a key arrives as that key with meta.
    if (event.kind === 'key' && event.meta && event.name.length === 1) return this.command(event.name);
    if (event.kind !== 'text') return this.editor.handle(event);
    let request: EditorRequest = 'none';
    for (const character of event.text) {
      // What follows a change to insert mode is text.
      request = this.inserting ? this.editor.handle({ kind: 'text', text: character }) : this.command(character);
    }
    return request;
  }

  private get buffer(): TextBuffer {
    return this.editor.buffer;
  }

  private command(character: string): EditorRequest {
    if (this.waiting !== null) return this.completeWaiting(this.waiting, character);
    if (/[1-9]/.test(character) || (character === '0' && this.count !== '')) {
      this.count += character;
      return 'none';
    }
    if ('fFtTrg'.includes(character)) {
      this.waiting = character;
      return 'none';
    }
    if (this.operator !== null && character === this.operator) return this.wholeLine(this.operator);
    if (character === 'd' || character === 'c' || character === 'y') {
      this.operator = character;
      return 'none';
    }
    const motion = this.motion(character);
    if (motion !== null) return this.applyMotion(motion);
    const request = this.simple(character);
    this.clearPending();
    return request;
  }

  private simple(character: string): EditorRequest {
    const { buffer, editor } = this;
    switch (character) {
      case 'i':
        return this.insertAt(buffer.cursor);
      case 'a':
        return this.insertAt(Math.min(edit.right(buffer), edit.lineEnd(buffer)));
      case 'I':
        return this.insertAt(edit.lineStart(buffer));
      case 'A':
        return this.insertAt(edit.lineEnd(buffer));
      case 'o':
        this.insertAt(edit.lineEnd(buffer));
        editor.insertText('\n');
        return 'none';
      case 'O':
        this.insertAt(edit.lineStart(buffer));
        editor.insertText('\n');
        this.moveTo(edit.left(this.buffer));
        return 'none';
      case 'x':
        return this.remove(
          'd',
          buffer.cursor,
          this.repeat(buffer.cursor, (at) => edit.right(at)),
        );
      case 'X':
        return this.remove('d', edit.left(buffer), buffer.cursor);
      case 's':
        return this.remove('c', buffer.cursor, edit.right(buffer));
      case 'D':
        return this.remove('d', buffer.cursor, edit.lineEnd(buffer));
      case 'C':
        return this.remove('c', buffer.cursor, edit.lineEnd(buffer));
      case 'S':
        return this.wholeLine('c');
      case 'p':
        this.moveTo(Math.min(edit.right(buffer), edit.lineEnd(buffer)));
        editor.insertText(editor.kills.yank());
        return 'none';
      case 'P':
        editor.insertText(editor.kills.yank());
        return 'none';
      case 'u':
        return editor.undo();
      case 'U':
        return editor.redo();
      case 'j':
        return editor.handle({ kind: 'key', name: 'down', ctrl: false, meta: false, shift: false });
      case 'k':
        return editor.handle({ kind: 'key', name: 'up', ctrl: false, meta: false, shift: false });
      case 'G':
        return 'history-last';
      case '/':
        return 'search-history';
      case 'v':
        return 'external-editor';
      default:
        return 'none';
    }
  }

  private motion(character: string): Motion | null {
    const { buffer } = this;
    const exclusive = (step: (at: TextBuffer) => number): Motion => ({
      to: this.repeat(buffer.cursor, step),
      inclusive: false,
    });
    switch (character) {
      case 'h':
        return exclusive(edit.left);
      case 'l':
      case ' ':
        return exclusive(edit.right);
      case '0':
        return { to: edit.lineStart(buffer), inclusive: false };
      case '^':
        return { to: firstNonBlank(buffer), inclusive: false };
      case '$':
        return { to: edit.lineEnd(buffer), inclusive: false };
      case 'w':
        return exclusive(nextWordStart);
      case 'b':
        return exclusive(edit.wordLeft);
      case 'e':
        return { to: this.repeat(buffer.cursor, wordEnd), inclusive: true };
      default:
        return null;
    }
  }

  private completeWaiting(command: string, character: string): EditorRequest {
    this.waiting = null;
    const { text, cursor } = this.buffer;
    if (command === 'g') {
      if (character === 'g') return this.applyMotion({ to: 0, inclusive: false });
    } else if (command === 'r') {
      this.editor.replaceRange(cursor, edit.right(this.buffer), character);
      this.moveTo(edit.left(this.buffer));
    } else {
      const forward = command === 'f' || command === 't';
      const found = forward ? text.indexOf(character, cursor + 1) : text.lastIndexOf(character, cursor - 1);
      if (found !== -1) {
        const to = command === 't' ? found - 1 : command === 'T' ? found + 1 : found;
        return this.applyMotion({ to, inclusive: forward });
      }
    }
    this.clearPending();
    return 'none';
  }

  private applyMotion({ to, inclusive }: Motion): EditorRequest {
    const { operator } = this;
    const { cursor } = this.buffer;
    this.clearPending();
    if (operator === null) {
      this.moveTo(to);
      return 'none';
    }
    const end = inclusive ? edit.right({ ...this.buffer, cursor: to }) : to;
    return this.remove(operator, Math.min(cursor, to), Math.max(cursor, end));
  }

  private wholeLine(operator: Operator): EditorRequest {
    this.clearPending();
    const { buffer } = this;
    const start = edit.lineStart(buffer);
    const end = edit.lineEnd(buffer);
    // The line goes with its line end, except where it is changed.
    return this.remove(operator, start, operator === 'c' ? end : Math.min(end + 1, buffer.text.length));
  }

  private remove(operator: Operator, from: number, to: number): EditorRequest {
    this.editor.kills.endRun();
    this.editor.kills.kill(this.buffer.text.slice(from, to), 'forward');
    this.editor.kills.endRun();
    if (operator === 'y') this.moveTo(from);
    else if (from < to) this.editor.replaceRange(from, to, '');
    if (operator === 'c') this.inserting = true;
    return 'none';
  }

  private repeat(from: number, step: (at: TextBuffer) => number): number {
    let at = from;
    for (let i = 0; i < Math.min(Number(this.count || '1'), MAX_COUNT); i++) at = step({ ...this.buffer, cursor: at });
    return at;
  }

  private insertAt(cursor: number): EditorRequest {
    this.moveTo(cursor);
    this.inserting = true;
    return 'none';
  }

  private moveTo(cursor: number): void {
    this.editor.buffer = edit.moveTo(this.buffer, cursor);
  }

  private clearPending(): void {
    this.count = '';
    this.operator = null;
    this.waiting = null;
  }
}

const MAX_COUNT = 1_000;

function firstNonBlank(buffer: TextBuffer): number {
  const start = edit.lineStart(buffer);
  return start + (/^[ \t]*/.exec(buffer.text.slice(start))?.[0].length ?? 0);
}

function nextWordStart(buffer: TextBuffer): number {
  const rest = buffer.text.slice(buffer.cursor);
  return buffer.cursor + (/^(?:[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]+)?\s*/u.exec(rest)?.[0].length ?? 0);
}

function wordEnd(buffer: TextBuffer): number {
  const rest = buffer.text.slice(buffer.cursor + 1);
  const length = /^\s*(?:[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]+)?/u.exec(rest)?.[0].length ?? 0;
  return Math.min(buffer.text.length, buffer.cursor + length);
}
