import { describe, expect, it } from 'vitest';
import { KeyDecoder } from '../../../src/repl/editor/key-decoder.ts';
import { LineEditor } from '../../../src/repl/editor/line-editor.ts';
import { ViKeys } from '../../../src/repl/editor/vi-keys.ts';

/** Types raw input with vi's keys, each Escape on its own; `|` marks the cursor. */
function typed(raw: string): string {
  const editor = new LineEditor();
  const keys = new ViKeys(editor);
  const decoder = new KeyDecoder();
  for (const part of raw.split(/(?<=\u001b)/)) {
    for (const event of [...decoder.push(part), ...decoder.flush()]) keys.handle(event);
  }
  const { text, cursor } = editor.buffer;
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

const ESC = '\u001b';

describe('ViKeys', () => {
  it.each([
    ['begins in insert mode', 'hjkl', 'hjkl|'],
    ['escape steps back', `abc${ESC}`, 'ab|c'],
    ['h and l', `abc${ESC}hhl`, 'a|bc'],
    ['line ends', `abc def${ESC}0`, '|abc def'],
    ['dollar', `abc def${ESC}0$`, 'abc def|'],
    ['words', `one two three${ESC}0w`, 'one |two three'],
    ['counted words', `one two three${ESC}02w`, 'one two |three'],
    ['word back', `one two${ESC}b`, 'one |two'],
    ['delete word', `one two three${ESC}0dw`, '|two three'],
    ['change word', `one two${ESC}0cwx${ESC}`, '|xtwo'],
    ['change to end of word', `one two${ESC}0cex${ESC}`, '|x two'],
    ['delete to end', `one two${ESC}0wD`, 'one |'],
    ['delete line', `a${ESC}`.replace('a', 'one') + 'dd', '|'],
    ['yank and put', `ab${ESC}0ylp`, 'aa|b'],
    ['x with a count', `abcd${ESC}02x`, '|cd'],
    ['replace', `abc${ESC}0rx`, '|xbc'],
    ['find', `a,b,c${ESC}0f,`, 'a|,b,c'],
    ['delete till', `a(b)${ESC}0dt)`, '|)'],
    ['open below', `abc${ESC}od`, 'abc\nd|'],
    ['append at end', `abc${ESC}0Ad`, 'abcd|'],
    ['undo', `abc${ESC}0Du`, '|abc'],
    ['first and last of the buffer', `abc${ESC}oxyz${ESC}gg`, '|abc\nxyz'],
  ])('%s', (_name, raw, expected) => {
    expect(typed(raw)).toBe(expected);
  });

  it('tells its mode', () => {
    const keys = new ViKeys(new LineEditor());
    expect(keys.modeName).toBe('INSERT');
    keys.handle({ kind: 'key', name: 'escape', ctrl: false, meta: false, shift: false });
    expect(keys.modeName).toBe('NORMAL');
    keys.reset();
    expect(keys.modeName).toBe('INSERT');
  });
});
