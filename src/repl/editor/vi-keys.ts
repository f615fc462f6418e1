import type { KeyEvent } from './key-decoder.ts';
import type { EditorRequest, LineEditor } from './line-editor.ts';
import type { TextBuffer } from './text-buffer.ts';
import * as edit from './text-buffer.ts';
import { joinLines, type Operator, operate, operateOnLines, overwrite, put } from './vi-edits.ts';
import {
  type CharacterSearch,
  characterMotion,
  firstNonBlank,
  lineMotion,
  type Motion,
  motionOf,
  numberedLine,
  operatorWordMotion,
  opposite,
} from './vi-motions.ts';
import { textObject } from './vi-text-objects.ts';

/** Commands that need one more character. */
type Waiting = CharacterSearch['command'] | 'r' | 'g' | 'i' | 'a';

const MAX_COUNT = 1_000;

/**
 * vi's keys over the editor. Insert mode is the editor's own, all that is typed in it one step of undo; normal mode has vi's
 * commands with counts, `d`, `c` and `y` over motions and text objects, and `.`.
 */
export class ViKeys {
  private readonly editor: LineEditor;
  private inserting = true;
  /** Counts before an operator and before its motion are multiplied. */
  private operatorCount = '';
  private count = '';
  private operator: Operator | null = null;
  private waiting: Waiting | null = null;
  private lastSearch: CharacterSearch | null = null;
  /** Keys of the command that is being typed, with what it inserts; null in the insert mode that an input begins with. */
  private command: KeyEvent[] | null = null;
  /** Keys of the last command that changed the text, for `.`. */
  private lastChange: readonly KeyEvent[] = [];
  private textBefore = '';

  constructor(editor: LineEditor) {
    this.editor = editor;
    this.reset();
  }

  /** Each input begins in insert mode. */
  reset(): void {
    this.inserting = true;
    this.command = null;
    this.clearPending();
    this.editor.joinEdits();
  }

  get modeName(): string {
    return this.inserting ? 'INSERT' : 'NORMAL';
  }

  handle(event: KeyEvent): EditorRequest {
    if (event.kind === 'text' && !this.inserting) return this.typed(event.text);
    // Escape followed at once by a key arrives as that key with meta.
    if (event.kind === 'key' && event.meta && !event.ctrl && event.name.length === 1) {
      this.handle(ESCAPE);
      return this.handle({ kind: 'text', text: event.shift ? event.name.toUpperCase() : event.name });
    }
    const wasInserting = this.inserting;
    this.beginCommand(event);
    const request = wasInserting ? this.insertKey(event) : this.normalKey(event);
    this.settle();
    return request;
  }

  /** In normal mode the cursor stands on a character, not behind the last of a line. For texts that are recalled, too. */
  settle(): void {
    if (this.inserting) return;
    const { buffer } = this;
    if (buffer.cursor > edit.lineStart(buffer) && buffer.cursor === edit.lineEnd(buffer)) {
      this.editor.buffer = { ...buffer, cursor: edit.left(buffer) };
    }
    if (this.isPending || this.command === null) return;
    if (this.buffer.text !== this.textBefore) this.lastChange = this.command;
    this.command = null;
  }

  private typed(text: string): EditorRequest {
    let request: EditorRequest = 'none';
    for (const character of text) {
      const event: KeyEvent = { kind: 'text', text: character };
      this.beginCommand(event);
      // What follows a change to insert mode is text.
      request = this.inserting ? this.editor.handle(event) : this.normal(character);
      this.settle();
    }
    return request;
  }

  private beginCommand(event: KeyEvent): void {
    if (this.command === null) {
      // What an input begins with is no command.
      if (this.inserting) return;
      this.command = [];
      this.textBefore = this.buffer.text;
    }
    this.command.push(event);
  }

  private insertKey(event: KeyEvent): EditorRequest {
    if (!isKey(event, 'escape')) return this.editor.handle(event);
    this.inserting = false;
    this.editor.endEdits();
    this.moveTo(Math.max(edit.lineStart(this.buffer), edit.left(this.buffer)));
    return 'none';
  }

  private normalKey(event: KeyEvent): EditorRequest {
    if (isKey(event, 'escape')) {
      this.clearPending();
      return 'none';
    }
    if (isKey(event, 'backspace')) return this.normal('h');
    const { isPending } = this;
    this.clearPending();
    this.command = null;
    if (isKey(event, 'enter')) {
      if (isPending) return 'none';
      // An input that is not complete goes on below it.
      this.moveTo(this.buffer.text.length);
      this.insert();
    }
    return this.editor.handle(event);
  }

  private get buffer(): TextBuffer {
    return this.editor.buffer;
  }

  private get isPending(): boolean {
    return this.operator !== null || this.waiting !== null || this.count !== '' || this.operatorCount !== '';
  }

  private get times(): number {
    return Math.min(MAX_COUNT, Number(this.operatorCount || '1') * Number(this.count || '1'));
  }

  /** One character in normal mode. */
  private normal(key: string): EditorRequest {
    if (this.waiting !== null) return this.completeWaiting(this.waiting, key);
    if (/[1-9]/.test(key) || (key === '0' && this.count !== '')) {
      this.count += key;
      return 'none';
    }
    if ('fFtTrg'.includes(key) || (this.operator !== null && (key === 'i' || key === 'a'))) {
      // The test above names the type's members.
      this.waiting = key as Waiting;
      return 'none';
    }
    if (this.operator === null && (key === 'd' || key === 'c' || key === 'y')) {
      this.operator = key;
      this.operatorCount = this.count;
      this.count = '';
      return 'none';
    }
    const motion = this.motion(key);
    if (motion !== null) return this.applyMotion(motion);
    const request = this.operator === null ? this.simple(key) : 'none';
    this.clearPending();
    return request;
  }

  private motion(key: string): Motion | null {
    const { buffer, operator, times } = this;
    if (key === ';' || key === ',') {
      if (this.lastSearch === null) return null;
      const search = key === ';' ? this.lastSearch : opposite(this.lastSearch);
      return characterMotion(search, buffer, times, true);
    }
    if (key === 'G' && (operator !== null || this.count !== '' || buffer.text.includes('\n', buffer.cursor))) {
      return numberedLine(buffer, this.count === '' ? Number.POSITIVE_INFINITY : times);
    }
    if (operator === null) return motionOf(key, buffer, times);
    if (key === operator) return lineMotion(buffer, times - 1) ?? numberedLine(buffer, Number.POSITIVE_INFINITY);
    if (key === 'j') return lineMotion(buffer, times);
    if (key === 'k') return lineMotion(buffer, -times);
    if (key === 'w' || key === 'W') return operatorWordMotion(key, buffer, times, operator === 'c');
    return motionOf(key, buffer, times);
  }

  private completeWaiting(waiting: Waiting, key: string): EditorRequest {
    this.waiting = null;
    const before = this.buffer.cursor;
    switch (waiting) {
      case 'g':
        if (key === 'g') return this.applyMotion(numberedLine(this.buffer, this.count === '' ? 1 : this.times));
        break;
      case 'r':
        overwrite(this.editor, key.repeat(this.times));
        this.moveTo(Math.max(before, edit.left(this.buffer)));
        break;
      case 'i':
      case 'a': {
        const range = textObject(waiting, key, this.buffer);
        if (range !== null && this.operator !== null) this.operate(this.operator, range.from, range.to);
        break;
      }
      default: {
        this.lastSearch = { command: waiting, character: key };
        const motion = characterMotion(this.lastSearch, this.buffer, this.times, false);
        if (motion !== null) return this.applyMotion(motion);
      }
    }
    this.clearPending();
    return 'none';
  }

  private applyMotion({ to, extent }: Motion): EditorRequest {
    const { operator, buffer } = this;
    this.clearPending();
    if (operator === null) this.moveTo(extent === 'lines' ? firstNonBlank(edit.moveTo(buffer, to)) : to);
    else {
      const from = Math.min(buffer.cursor, to);
      const end = Math.max(buffer.cursor, to);
      if (extent === 'lines') this.operateOnLines(operator, from, end);
      else this.operate(operator, from, extent === 'inclusive' ? edit.right(edit.moveTo(buffer, end)) : end);
    }
    return 'none';
  }

  private simple(key: string): EditorRequest {
    const { buffer, editor, times } = this;
    const { cursor } = buffer;
    const lineEnd = edit.lineEnd(buffer);
    const toRight = Math.min(lineEnd, motionOf('l', buffer, times)?.to ?? cursor);
    switch (key) {
      case 'i':
        return this.insertAt(cursor);
      case 'a':
        return this.insertAt(Math.min(edit.right(buffer), lineEnd));
      case 'I':
        return this.insertAt(firstNonBlank(buffer));
      case 'A':
        return this.insertAt(lineEnd);
      case 'o':
        this.insertAt(lineEnd);
        editor.insertText('\n');
        return 'none';
      case 'O':
        this.insertAt(edit.lineStart(buffer));
        editor.insertText('\n');
        this.moveTo(edit.left(this.buffer));
        return 'none';
      case 'x':
        return this.operate('d', cursor, toRight);
      case 'X':
        return this.operate('d', motionOf('h', buffer, times)?.to ?? cursor, cursor);
      case 's':
        return this.operate('c', cursor, toRight);
      case 'D':
        return this.operate('d', cursor, lineEnd);
      case 'C':
        return this.operate('c', cursor, lineEnd);
      case 'S':
        return this.operateOnLines('c', cursor, cursor);
      case 'Y':
        return this.operateOnLines('y', cursor, cursor);
      case 'p':
      case 'P':
        put(editor, key === 'p' ? 'after' : 'before', times);
        return 'none';
      case '~':
        overwrite(editor, otherCase(buffer.text.slice(cursor, toRight)));
        return 'none';
      case 'J':
        joinLines(editor, Math.max(1, times - 1));
        return 'none';
      case 'u':
        return this.again(() => editor.undo());
      case 'U':
        return this.again(() => editor.redo());
      case '.':
        return this.again(() => this.repeatChange());
      case 'j':
        return this.again(() => editor.handle(DOWN));
      case 'k':
        return this.again(() => editor.handle(UP));
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

  /** As often as the count says, or until something is asked of the shell: a step into the history is one. */
  private again(step: () => EditorRequest): EditorRequest {
    const { times } = this;
    let request: EditorRequest = 'none';
    for (let i = 0; i < times && request === 'none'; i++) request = step();
    this.command = null;
    return request;
  }

  private repeatChange(): EditorRequest {
    const { lastChange } = this;
    this.clearPending();
    this.command = null;
    for (const event of lastChange) this.handle(event);
    this.lastChange = lastChange;
    return 'none';
  }

  private operate(operator: Operator, from: number, to: number): EditorRequest {
    if (operator === 'c') this.insert();
    operate(this.editor, operator, from, to);
    return 'none';
  }

  private operateOnLines(operator: Operator, first: number, last: number): EditorRequest {
    if (operator === 'c') this.insert();
    operateOnLines(this.editor, operator, first, last);
    return 'none';
  }

  private insert(): void {
    this.inserting = true;
    this.editor.joinEdits();
  }

  private insertAt(cursor: number): EditorRequest {
    this.moveTo(cursor);
    this.insert();
    return 'none';
  }

  private moveTo(cursor: number): void {
    this.editor.buffer = edit.moveTo(this.buffer, cursor);
  }

  private clearPending(): void {
    this.operatorCount = '';
    this.count = '';
    this.operator = null;
    this.waiting = null;
  }
}

function keyOf(name: string): KeyEvent {
  return { kind: 'key', name, ctrl: false, meta: false, shift: false };
}

const ESCAPE = keyOf('escape');
const UP = keyOf('up');
const DOWN = keyOf('down');

function isKey(event: KeyEvent, name: string): boolean {
  return event.kind === 'key' && event.name === name && !event.ctrl && !event.meta;
}

function otherCase(text: string): string {
  return [...text]
    .map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))
    .join('');
}
