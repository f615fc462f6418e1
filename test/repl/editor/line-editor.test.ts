import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyDecoder, type KeyEvent } from '../../../src/repl/editor/key-decoder.ts';
import { LineEditor } from '../../../src/repl/editor/line-editor.ts';

/** Types raw terminal input into an editor; `|` in the result marks the cursor. */
function typed(raw: string): string {
  const editor = new LineEditor();
  const decoder = new KeyDecoder();
  for (const event of decoder.push(raw)) editor.handle(event);
  for (const event of decoder.flush()) editor.handle(event);
  const { text, cursor } = editor.buffer;
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

const ESC = '\u001b';
const ctrl = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) & 0x1f);

describe('LineEditor', () => {
  it.each([
    ['insert', 'abc', 'abc|'],
    ['left arrow', `abc${ESC}[D`, 'ab|c'],
    ['home and end', `abc${ESC}[Hx${ESC}[Fy`, 'xabcy|'],
    ['backspace and delete differ', `abc${ESC}[D\u007f`, 'a|c'],
    ['delete', `abc${ESC}[H${ESC}[3~`, '|bc'],
    ['word left, kill word', `select from t${ESC}b${ESC}b${ESC}d`, 'select | t'],
    ['unix word rubout', `a.b c.d${ctrl('W')}`, 'a.b |'],
    ['kill to end and yank twice', `one two${ESC}b${ctrl('K')}${ctrl('Y')}${ctrl('Y')}`, 'one twotwo|'],
    ['kill to start', `one two${ctrl('U')}x`, 'x|'],
    ['joined kills', `one two${ctrl('W')}${ctrl('W')}${ctrl('Y')}`, 'one two|'],
    ['yank pop', `a${ctrl('U')}b${ctrl('U')}${ctrl('Y')}${ESC}y`, 'a|'],
    ['yank pop twice', `a${ctrl('U')}bcd${ctrl('U')}ef${ctrl('U')}${ctrl('Y')}${ESC}y${ESC}y`, 'a|'],
    ['yank pop goes round', `a${ctrl('U')}bcd${ctrl('U')}${ctrl('Y')}${ESC}y${ESC}y`, 'bcd|'],
    ['yank pop only behind a yank', `a${ctrl('U')}b${ctrl('U')}${ctrl('Y')}x${ESC}y`, 'bx|'],
    ['transpose', `ab${ctrl('T')}`, 'ba|'],
    ['upcase word', `select${ESC}b${ESC}u`, 'SELECT|'],
    ['undo a run of typing', `abc${ctrl('_')}`, '|'],
    ['undo with Ctrl-X Ctrl-U', `abc def${ctrl('X')}${ctrl('U')}`, '|'],
    ['up to an empty first line', `${ESC}\rabc${ESC}[A`, '|\nabc'],
    ['home on an empty first line', `${ESC}\rabc${ESC}[A${ESC}[Hx`, 'x|\nabc'],
    ['Ctrl-X and another key is nothing', `abc${ctrl('X')}x`, 'abc|'],
    ['undo a word in capitals', `abc${ESC}b${ESC}u${ctrl('_')}`, '|abc'],
    ['a transposition of nothing is not undone', `a${ESC}[D${ctrl('T')}${ctrl('_')}`, '|'],
    ['transpose in the middle', `abc${ESC}[D${ctrl('T')}`, 'acb|'],
    ['downcase and capitals', `ABC dEF${ESC}b${ESC}b${ESC}l${ESC}c`, 'abc Def|'],
    ['undo a kill', `abc def${ctrl('W')}${ctrl('_')}`, 'abc def|'],
    ['redo', `abc def${ctrl('W')}${ctrl('_')}${ESC}_`, 'abc |'],
    ['new line by alt-enter', `a${ESC}\rb`, 'a\nb|'],
    ['up keeps the column', `abc${ESC}\rde${ESC}[A`, 'ab|c\nde'],
    ['wide characters move whole', `日本語${ESC}[D${ESC}[D`, '日|本語'],
    ['combining characters delete whole', `e\u0301x${ESC}[D\u007f`, '|x'],
    ['emoji with joiner deletes whole', `a👨‍👩‍👧\u007f`, 'a|'],
    ['bracketed paste keeps line ends', `${ESC}[200~a;\r\nb;${ESC}[201~`, 'a;\nb;|'],
    [
      'unbracketed paste does not submit',
      'INSERT INTO t VALUES (1);\rINSERT INTO t VALUES (2);\r',
      'INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\n|',
    ],
  ])('%s', (_name, raw, expected) => {
    expect(typed(raw)).toBe(expected);
  });

  it('collapses a big paste and runs it in full', () => {
    const editor = new LineEditor();
    const script = Array.from({ length: 500 }, (_, i) => `INSERT INTO t (a) VALUES (${i});`).join('\n');
    editor.handle({ kind: 'paste', text: script });
    expect(editor.pasted.label(editor.buffer.text)).toBe('[pasted 500 lines]');
    expect(editor.text).toBe(script);
    editor.handle({ kind: 'key', name: 'backspace', ctrl: false, meta: false, shift: false });
    expect(editor.text).toBe('');
  });

  it('takes an unbracketed paste that comes in several reads for one', () => {
    const editor = new LineEditor();
    const lines = Array.from({ length: 60 }, (_, i) => `INSERT INTO t (a) VALUES (${i});\n`);
    const paste = (from: number, to: number): void => {
      editor.handle({ kind: 'paste', text: lines.slice(from, to).join('') });
    };
    editor.handle({ kind: 'text', text: 'USE k; ' });
    paste(0, 10);
    paste(10, 40);
    paste(40, 60);
    expect(editor.pasted.label(editor.buffer.text)).toBe('USE k; [pasted 60 lines]');
    expect(editor.text).toBe(`USE k; ${lines.join('')}`);
    editor.handle({ kind: 'text', text: ' ' });
    paste(0, 30);
    expect(editor.pasted.label(editor.buffer.text)).toBe('USE k; [pasted 60 lines] [pasted 30 lines]');
    editor.undo();
    editor.undo();
    editor.undo();
    expect(editor.text).toBe('USE k; ');
  });

  it('undoes typing word by word', () => {
    const editor = new LineEditor();
    for (const letter of 'one  two three') editor.handle({ kind: 'text', text: letter });
    const steps: string[] = [];
    for (let i = 0; i < 4; i++) {
      editor.undo();
      steps.push(editor.text);
    }
    expect(steps).toEqual(['one  two', 'one', '', '']);
  });

  it('yanks a killed paste into a later input', () => {
    const editor = new LineEditor();
    const decoder = new KeyDecoder();
    const script = Array.from({ length: 30 }, (_, i) => `SELECT ${i};`).join('\n');
    for (const event of decoder.push(`${ESC}[200~${script}${ESC}[201~${ctrl('U')}`)) editor.handle(event);
    editor.reset();
    for (const event of decoder.push(ctrl('Y'))) editor.handle(event);
    expect(editor.text).toBe(script);
    expect(editor.pasted.label(editor.buffer.text)).toBe('[pasted 30 lines]');
  });

  it('decodes the same keys wherever the reads are cut', () => {
    const raw = `ab${ESC}[D${ESC}[1;5C${ESC}[200~x\ny${ESC}[201~é日${ctrl('A')}${ESC}f\r`;
    const joinText = (events: KeyEvent[]): unknown[] => {
      const joined: unknown[] = [];
      let text = '';
      for (const event of events) {
        if (event.kind === 'text') text += event.text;
        else {
          if (text !== '') joined.push(text);
          text = '';
          joined.push(event);
        }
      }
      return text === '' ? joined : [...joined, text];
    };
    const whole = joinText(new KeyDecoder().push(raw));
    fc.assert(
      fc.property(fc.array(fc.nat(raw.length), { maxLength: 6 }), (cuts) => {
        const decoder = new KeyDecoder();
        const places = [0, ...cuts.sort((a, b) => a - b), raw.length];
        const events = places.slice(1).flatMap((end, i) => decoder.push(raw.slice(places[i], end)));
        expect(joinText(events)).toEqual(whole);
      }),
    );
  });

  it('never breaks a surrogate pair, whatever is typed', () => {
    const keys = fc.constantFrom(
      'a',
      'é',
      '日',
      '👩‍🚀',
      ' ',
      '\n',
      `${ESC}[D`,
      `${ESC}[C`,
      '\u007f',
      `${ESC}[3~`,
      ctrl('W'),
      ctrl('T'),
      ctrl('Y'),
      ctrl('_'),
      ESC + 'b',
      ESC + 'd',
    );
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 40 }), (sequence) => {
        const editor = new LineEditor();
        const decoder = new KeyDecoder();
        for (const item of sequence) for (const event of decoder.push(item)) editor.handle(event);
        const { text, cursor } = editor.buffer;
        expect(cursor).toBeGreaterThanOrEqual(0);
        expect(cursor).toBeLessThanOrEqual(text.length);
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });
});
