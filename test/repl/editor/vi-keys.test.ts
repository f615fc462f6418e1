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
    ['h stays in its line', `ab\ncd${ESC}hhhh`, 'ab\n|cd'],
    ['l stops on the last character', `abc\nd${ESC}k0llll`, 'ab|c\nd'],
    ['backspace moves', `abc${ESC}\u007f`, 'a|bc'],
    ['line ends', `abc def${ESC}0`, '|abc def'],
    ['dollar is the last character', `abc def${ESC}0$`, 'abc de|f'],
    ['first that is no blank', `  abc${ESC}^`, '  |abc'],
    ['words', `one two three${ESC}0w`, 'one |two three'],
    ['counted words', `one two three${ESC}02w`, 'one two |three'],
    ['words of punctuation', `a.b c${ESC}0w`, 'a|.b c'],
    ['blank-separated words', `a.b c${ESC}0W`, 'a.b |c'],
    ['word back', `one two${ESC}b`, 'one |two'],
    ['back over punctuation', `a = (b)${ESC}bbb`, 'a |= (b)'],
    ['blank-separated word back', `a.b c.d${ESC}B`, 'a.b |c.d'],
    ['end of word', `one two${ESC}0ee`, 'one tw|o'],
    ['end of blank-separated word', `a.b c${ESC}0E`, 'a.|b c'],
    ['bracket', `f(a(b)c)d${ESC}0%`, 'f(a(b)c|)d'],
    ['bracket back', `f(a(b)c)${ESC}%`, 'f|(a(b)c)'],
    ['delete word', `one two three${ESC}0dw`, '|two three'],
    ['delete the last word of a line', `one two\nthree${ESC}k0wdw`, 'one| \nthree'],
    ['delete counted words', `a b c d e f g${ESC}02d3w`, '|g'],
    ['delete back', `one two${ESC}db`, 'one |o'],
    ['change word leaves the blank', `one two${ESC}0cwx${ESC}`, '|x two'],
    ['change two words', `one two three${ESC}0c2wx${ESC}`, '|x three'],
    ['change to end of word', `one two${ESC}0cex${ESC}`, '|x two'],
    ['delete to end', `one two${ESC}0wD`, 'one| '],
    ['change to end', `one two${ESC}0wCx${ESC}`, 'one |x'],
    ['delete a bracket and what is in it', `f(a, b) c${ESC}0f(d%`, 'f| c'],
    ['delete line', `one${ESC}dd`, '|'],
    ['delete the last line', `one\ntwo${ESC}dd`, '|one'],
    ['delete counted lines', `a\nb\nc\nd${ESC}gg2dd`, '|c\nd'],
    ['delete more lines than there are', `a\nb${ESC}9dd`, '|a'],
    ['delete this line and the next', `a\nb\nc${ESC}ggdj`, '|c'],
    ['delete this line and the one before', `a\nb\nc${ESC}dk`, '|a'],
    ['delete to the end of the buffer', `a\nb\nc${ESC}ggjdG`, '|a'],
    ['delete to its beginning', `a\nb\nc${ESC}kdgg`, '|c'],
    ['change line', `a\nbcd${ESC}ccx${ESC}`, 'a\n|x'],
    ['S is the same', `a\nbcd${ESC}Sx${ESC}`, 'a\n|x'],
    ['put lines below', `a\nb${ESC}ggyyjp`, 'a\nb\n|a'],
    ['put lines above', `a\nb${ESC}yyggP`, '|b\na\nb'],
    ['move a line down', `a\nb${ESC}ggddp`, 'b\n|a'],
    ['Y yanks the line', `a\nb${ESC}Yp`, 'a\nb\n|b'],
    ['yank and put', `ab${ESC}0ylp`, 'a|ab'],
    ['put with a count', `ab${ESC}0yl3P`, 'aa|aab'],
    ['exchange two characters', `ab${ESC}0xp`, 'b|a'],
    ['x with a count', `abcd${ESC}02x`, '|cd'],
    ['x stays in its line', `ab\ncd${ESC}k05x`, '|\ncd'],
    ['x at the end', `abc${ESC}x`, 'a|b'],
    ['X', `abcd${ESC}2X`, 'a|d'],
    ['s', `abc${ESC}0sxy${ESC}`, 'x|ybc'],
    ['replace', `abc${ESC}0rx`, '|xbc'],
    ['replace with a count', `abc${ESC}02rx`, 'x|xc'],
    ['replace no more than there is', `abc${ESC}5rx`, 'ab|c'],
    ['replace no line end', `\nabc${ESC}ggrx`, '|\nabc'],
    ['tilde', `abC${ESC}02~`, 'AB|C'],
    ['tilde at the end', `abc${ESC}~`, 'ab|C'],
    ['join lines', `a\n  b\nc${ESC}ggJ`, 'a| b\nc'],
    ['find', `a,b,c${ESC}0f,`, 'a|,b,c'],
    ['find the second', `a,b,c${ESC}02f,`, 'a,b|,c'],
    ['find back', `a,b,c${ESC}F,`, 'a,b|,c'],
    ['find again and back', `a,b,c,d${ESC}0f,;;,`, 'a,b|,c,d'],
    ['till again', `a,b,c${ESC}0t,;`, 'a,|b,c'],
    ['find stays in its line', `a\n,${ESC}ggf,`, '|a\n,'],
    ['delete till', `a(b)${ESC}0dt)`, '|)'],
    ['delete back to', `a(b)${ESC}dF(`, 'a|)'],
    ['open below', `abc${ESC}od`, 'abc\nd|'],
    ['open above', `abc${ESC}Od`, 'd|\nabc'],
    ['append at end', `abc${ESC}0Ad`, 'abcd|'],
    ['append', `abc${ESC}0ad`, 'ad|bc'],
    ['append at the end of a line stays in it', `ab\nc${ESC}k$ad`, 'abd|\nc'],
    ['insert before the first that is no blank', `  abc${ESC}Id`, '  d|abc'],
    ['undo', `abc${ESC}0Du`, '|abc'],
    ['undo of a change and its text', `one two${ESC}0cwthree${ESC}u`, '|one two'],
    ['undo of one insertion of two', `abc${ESC}0ix${ESC}Ay${ESC}u`, 'xab|c'],
    ['undo twice', `abc${ESC}xx2u`, 'ab|c'],
    ['redo', `abc${ESC}xuU`, 'a|b'],
    ['repeat a deletion', `one two three${ESC}0dw.`, '|three'],
    ['repeat a change', `one two${ESC}0cwx${ESC}w.`, 'x |x'],
    ['repeat with a count', `abcd${ESC}0x2.`, '|d'],
    ['repeat what an insertion typed', `a${ESC}Ab${ESC}.`, 'ab|b'],
    ['a motion is not repeated', `one two${ESC}0xw.`, 'ne |wo'],
    ['inner word', `one two three${ESC}0wlciwx${ESC}`, 'one |x three'],
    ['a word', `one two three${ESC}0wldaw`, 'one |three'],
    ['inner quotes', `WHERE a = 'x y' AND${ESC}0ci'z${ESC}`, `WHERE a = '|z' AND`],
    ['a quoted name', `SELECT "a b" c${ESC}0da"`, 'SELECT | c'],
    ['inner brackets', `VALUES (1, (2), 3)${ESC}F,di(`, 'VALUES (|)'],
    ['a bracket over lines', `f(\n1\n) x${ESC}ggjda)`, 'f| x'],
    ['an operator that finds nothing', `abc${ESC}0dfxx`, '|bc'],
    ['two operators are none', `abc${ESC}0dcx`, '|bc'],
    ['first and last of the buffer', `abc${ESC}oxyz${ESC}gg`, '|abc\nxyz'],
    ['last line', `a\n b\nc${ESC}ggG`, 'a\n b\n|c'],
    ['a line by its number', `a\n b\nc${ESC}2G`, 'a\n |b\nc'],
    ['combining characters go whole', `e\u0301x${ESC}0x`, '|x'],
  ])('%s', (_name, raw, expected) => {
    expect(typed(raw)).toBe(expected);
  });

  it('takes Escape and a key that came at once for two keys', () => {
    const editor = new LineEditor();
    const keys = new ViKeys(editor);
    for (const event of new KeyDecoder().push(`one two${ESC}Ithe `)) keys.handle(event);
    expect(editor.text).toBe('the one two');
    expect(keys.modeName).toBe('INSERT');
  });

  it('goes on below an input that is not complete', () => {
    const editor = new LineEditor();
    const keys = new ViKeys(editor);
    for (const event of new KeyDecoder().push(`one${ESC}0`)) keys.handle(event);
    expect(keys.handle({ kind: 'key', name: 'enter', ctrl: false, meta: false, shift: false })).toBe('submit');
    expect(editor.buffer.cursor).toBe(3);
    expect(keys.modeName).toBe('INSERT');
  });

  it('steps through the history and opens the editor', () => {
    const keys = new ViKeys(new LineEditor());
    const request = (typed: string) => keys.handle({ kind: 'text', text: typed });
    keys.handle({ kind: 'key', name: 'escape', ctrl: false, meta: false, shift: false });
    expect(request('k')).toBe('history-previous');
    expect(request('j')).toBe('history-next');
    expect(request('G')).toBe('history-last');
    expect(request('/')).toBe('search-history');
    expect(request('v')).toBe('external-editor');
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
