import type { LineEditor } from './line-editor.ts';
import * as edit from './text-buffer.ts';
import { firstNonBlank, motionOf } from './vi-motions.ts';

/** Delete, change, yank. All keep what they take. */
export type Operator = 'd' | 'c' | 'y';

/** Takes `[from, to)`; the cursor stands where it began. */
export function operate(editor: LineEditor, operator: Operator, from: number, to: number): void {
  keep(editor, editor.buffer.text.slice(from, to));
  if (operator === 'y' || from >= to) moveTo(editor, from);
  else editor.replaceRange(from, to, '');
}

/** Takes the lines of both offsets and all between. What is kept of them ends with a line end, by which `put` knows lines. */
export function operateOnLines(editor: LineEditor, operator: Operator, first: number, last: number): void {
  const { buffer } = editor;
  const { text } = buffer;
  const from = edit.lineStart(edit.moveTo(buffer, first));
  const to = edit.lineEnd(edit.moveTo(buffer, last));
  keep(editor, `${text.slice(from, to)}\n`);
  if (operator === 'y') moveTo(editor, Math.min(first, buffer.cursor));
  else if (operator === 'c') editor.replaceRange(from, to, '');
  else {
    // The last line goes with the line end before it.
    const isLast = to === text.length;
    editor.replaceRange(isLast ? Math.max(0, from - 1) : from, isLast ? to : to + 1, '');
    moveTo(editor, firstNonBlank(editor.buffer));
  }
}

/** Puts what was taken last, `count` times: lines below or above this one, other text behind or at the cursor. */
export function put(editor: LineEditor, place: 'before' | 'after', count: number): void {
  const text = editor.pasted.admit(editor.kills.yank().repeat(count));
  const { buffer } = editor;
  if (text.endsWith('\n')) {
    const below = place === 'after';
    const at = below ? edit.lineEnd(buffer) : edit.lineStart(buffer);
    editor.replaceRange(at, at, below ? `\n${text.slice(0, -1)}` : text);
    moveTo(editor, firstNonBlank(edit.moveTo(editor.buffer, below ? at + 1 : at)));
  } else if (text !== '') {
    const at = place === 'after' ? Math.min(edit.right(buffer), edit.lineEnd(buffer)) : buffer.cursor;
    editor.replaceRange(at, at, text);
    moveTo(editor, edit.left(editor.buffer));
  }
}

/** Overwrites as many characters as there are given, or nothing where the line has fewer; the cursor stands behind them. */
export function overwrite(editor: LineEditor, text: string): void {
  const { buffer } = editor;
  const count = [...text].length;
  const to = motionOf('l', buffer, count)?.to ?? buffer.cursor;
  if (to === buffer.cursor || motionOf('l', buffer, count - 1)?.to === to) return;
  editor.replaceRange(buffer.cursor, to, text);
}

/** Puts `count` lines behind this one, each behind a blank, as one edit. */
export function joinLines(editor: LineEditor, count: number): void {
  editor.joinEdits();
  for (let i = 0; i < count; i++) {
    const end = edit.lineEnd(editor.buffer);
    const lineEnd = /^\n[ \t]*/.exec(editor.buffer.text.slice(end));
    if (lineEnd === null) break;
    editor.replaceRange(end, end + lineEnd[0].length, ' ');
    moveTo(editor, end);
  }
  editor.endEdits();
}

function keep(editor: LineEditor, text: string): void {
  editor.kills.endRun();
  editor.kills.kill(editor.pasted.expand(text), 'forward');
  editor.kills.endRun();
}

function moveTo(editor: LineEditor, cursor: number): void {
  editor.buffer = edit.moveTo(editor.buffer, cursor);
}
