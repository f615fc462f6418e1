import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyEvent } from '../../../src/repl/editor/key-decoder.ts';
import { History } from '../../../src/repl/history/history.ts';
import { HistoryCursor } from '../../../src/repl/prompt/history-cursor.ts';
import { HistorySearch } from '../../../src/repl/prompt/history-search.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cassette-history-'));
  path = join(directory, 'state/history');
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const text = (typed: string): KeyEvent => ({ kind: 'text', text: typed });

describe('History', () => {
  it('keeps inputs for the next shell, multi-line ones whole, once each in a row', () => {
    const history = new History(path);
    for (const entry of ['SELECT 1;', 'SELECT *\nFROM t;', 'SELECT *\nFROM t;', '  ']) history.add(entry);
    expect(new History(path).entries).toEqual(['SELECT 1;', 'SELECT *\nFROM t;']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('keeps no secrets', () => {
    const history = new History(path);
    history.add("LOGIN joe 'x';");
    history.add("CREATE ROLE r WITH password = 'x';");
    expect(history.entries).toEqual([]);
  });

  it('takes in what another shell ran, in the order that it was written', () => {
    const [one, other] = [new History(path), new History(path)];
    one.add('a;');
    other.add('b;');
    one.add('c;');
    other.refresh();
    expect(one.entries).toEqual(['a;', 'b;', 'c;']);
    expect(other.entries).toEqual(['a;', 'b;', 'c;']);
  });

  it('loses nothing that another shell appends at the same moment', () => {
    const history = new History(path);
    history.add('a;');
    // Half of another shell's line, as a reader may meet it.
    appendFileSync(path, '"b');
    history.refresh();
    expect(history.entries).toEqual(['a;']);
    appendFileSync(path, ';"\n');
    history.add('c;');
    expect(history.entries).toEqual(['a;', 'b;', 'c;']);
  });

  it('reads the file anew when another shell has cut it, to the same length too', () => {
    const history = new History(path);
    history.add('a;');
    history.add('b;');
    const { length } = readFileSync(path);
    writeFileSync(`${path}.new`, `"${'z'.repeat(length - 3)}"\n`);
    renameSync(`${path}.new`, path);
    history.refresh();
    expect(history.entries).toEqual(['z'.repeat(length - 3)]);
  });

  it('cuts the file when it has grown by a quarter over its size', () => {
    writeFileSync(join(directory, 'long'), Array.from({ length: 6_250 }, (_, i) => `"${i};"\n`).join(''));
    const history = new History(join(directory, 'long'));
    history.add('last;');
    expect(history.entries).toHaveLength(5_000);
    expect(history.entries.at(-1)).toBe('last;');
    expect(new History(join(directory, 'long')).entries).toEqual(history.entries);
    history.add('more;');
    expect(new History(join(directory, 'long')).entries.slice(-2)).toEqual(['last;', 'more;']);
  });

  it('goes on in memory where the file cannot be written', () => {
    writeFileSync(join(directory, 'state'), 'a file where the directory should be');
    const history = new History(path);
    history.add('a;');
    expect(history.entries).toEqual(['a;']);
  });
});

describe('an open prompt beside another shell', () => {
  it('recalls with Up what the other ran since', () => {
    const [mine, other] = [new History(path), new History(path)];
    mine.add('mine;');
    const cursor = new HistoryCursor(mine);
    other.add('theirs;');
    expect(cursor.previous('draft')).toBe('theirs;');
    other.add('later;');
    // What was recalled stays in place until the draft is back.
    expect(cursor.previous('theirs;')).toBe('mine;');
    expect(cursor.next()).toBe('theirs;');
    expect(cursor.last()).toBe('draft');
    expect(cursor.previous('draft')).toBe('later;');
    expect(cursor.first('later;')).toBe('mine;');
    expect(cursor.previous('mine;')).toBeNull();
  });

  it('finds it with Ctrl-R, and Up still begins at the newest', () => {
    const [mine, other] = [new History(path), new History(path)];
    mine.add('mine;');
    const cursor = new HistoryCursor(mine);
    other.add('theirs;');
    const search = new HistorySearch(mine);
    search.handle(text('th'));
    expect(search.match).toBe('theirs;');
    other.add('later;');
    expect(cursor.previous('')).toBe('later;');
  });
});
