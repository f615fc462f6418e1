import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, type PtyOptions, PtyShell, removeProgram } from './pty-shell.ts';

/** The prompt with nothing behind it, and the status line. Narrow terminals have a short one. */
const PROMPT = /(^|\n)(cassette(:\w+)?)?>\s*(\n[^\n]*)?$/;
const ESC = '\u001b';
const ctrl = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) & 0x1f);

let entry: string;
const open: PtyShell[] = [];
const homes: string[] = [];

beforeAll(async () => {
  entry = await buildProgram('test/repl/pty/shell-entry.ts');
}, 120_000);

afterAll(() => {
  removeProgram(entry);
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

afterEach(() => {
  for (const shell of open.splice(0)) {
    shell.close();
    homes.push(shell.home);
  }
});

/** A shell at its first prompt, in keyspace shop. */
async function start(options: PtyOptions = {}): Promise<PtyShell> {
  const shell = new PtyShell(entry, options);
  open.push(shell);
  await shell.until(PROMPT, 20_000);
  shell.type('USE shop;\r');
  await shell.until((screen) => screen.includes('USE shop;') && PROMPT.test(screen));
  return shell;
}

/** One line, run; waits for what it shows. */
async function run(shell: PtyShell, line: string, wanted: string | RegExp): Promise<void> {
  shell.type(`${line}\r`);
  await shell.until(wanted);
  await shell.until(PROMPT);
}

describe('the shell in a terminal', () => {
  it('runs what is typed and leaves results and inputs in the scrollback', async () => {
    const shell = await start();
    await run(shell, 'SELECT id, name FROM users;', '(2 rows)');
    const screen = shell.screen();
    expect(screen).toContain('cassette:shop> SELECT id, name FROM users;\n\n id |');
    expect(screen).toMatch(/\n {2}0 \| .*text 0/);
    // The status line stands under the prompt and nowhere else.
    expect(screen.match(/mydb · explore/g)).toHaveLength(1);
  });

  it('goes on to a new line until the statement is complete', async () => {
    const shell = await start();
    shell.type('SELECT *\r');
    await shell.until(/SELECT \*\n {11}\.\.\./);
    shell.type('FROM users\r');
    await shell.until(/users\n {11}\.\.\./);
    shell.type('LIMIT 1;\r');
    await shell.until('(1 rows)');
    expect(shell.everything()).toContain('cassette:shop> SELECT *\n           ... FROM users\n           ... LIMIT 1;');
  });

  it('hints after three empty lines, as cqlsh does', async () => {
    const shell = await start();
    shell.type('SELECT *\r');
    await shell.until('...');
    shell.type('\r');
    shell.type('\r');
    shell.type('\r');
    await shell.until("Statements are terminated with a ';'.");
    shell.type(ctrl('c'));
    await shell.until(/\^C\ncassette:shop>/);
  });

  it('completes with Tab, cycles, and takes it back with Escape', async () => {
    const shell = await start();
    shell.type('SELECT * FROM us\t');
    await shell.until('SELECT * FROM users');
    shell.type(' WH\t');
    await shell.until('FROM users WHERE');
    shell.type('\t');
    await shell.until(/id +int partition key/);
    shell.type('\t\t');
    await shell.until(/WHERE active\b/);
    shell.type(ESC);
    await shell.until((screen) => !screen.includes('partition key') && /WHERE *$/m.test(screen));
  });

  it('fills in words that must follow', async () => {
    const shell = await start();
    shell.type('SELECT * FROM events ORD\t');
    await shell.until('ORDER BY');
  });

  it('runs a bracketed paste of 500 lines in full, once Enter is pressed', async () => {
    const shell = await start();
    const lines = Array.from({ length: 500 }, (_, i) => `INSERT INTO users (id, name) VALUES (${i}, 'n');`);
    shell.paste(lines.join('\r'));
    await shell.until('[pasted 500 lines]');
    expect(shell.screen()).not.toContain('rows in memtables');
    shell.type('\r');
    await shell.until('500 rows in memtables', 20_000);
  });

  it('runs an unbracketed paste in full, not half-way', async () => {
    const shell = await start();
    const lines = Array.from({ length: 500 }, (_, i) => `INSERT INTO users (id, name)\rVALUES (${i}, 'n');\r`);
    shell.type(lines.join(''));
    await shell.until('500 rows in memtables', 20_000);
    expect(shell.everything()).not.toContain('Exception');
  });

  it('leaves an unbracketed paste that ends half-way to its user', async () => {
    const shell = await start();
    shell.type('SELECT id,\rname FROM users\r');
    await shell.until(/ name FROM users\n {11}\.\.\./);
    shell.type('LIMIT 1;\r');
    await shell.until('(1 rows)');
  });

  it('keeps its frame whole when the terminal is resized', async () => {
    const shell = await start({ columns: 100, rows: 30 });
    shell.type("SELECT * FROM users WHERE name = 'a name that is rather long' ALLOW FILTERING");
    await shell.until('FILTERING');
    for (const [columns, rows] of [
      [60, 20],
      [30, 12],
      [120, 30],
    ]) {
      shell.resize(columns, rows);
      await shell.until((screen) => {
        const text = screen.replace(/\s+/g, '');
        return text.includes('ALLOWFILTERINGmydb') && (screen.match(/mydb/g) ?? []).length === 1;
      });
    }
    shell.type(';\r');
    await shell.until('(2 rows)');
  });

  it('works in a terminal that is hardly there', async () => {
    const shell = await start({ columns: 18, rows: 6 });
    shell.type('SELECT id FROM users LIMIT 1;\r');
    await shell.until('(1 rows)');
    const before = shell.screen();
    shell.type('SELECT a,\rb,\rc,\rd,\re,\rf,\rg');
    await shell.until(/g$/m);
    expect(before).toContain('(1 rows)');
    shell.type(ctrl('c'));
    await shell.until('^C');
  });

  it('hears a Ctrl-C that was typed ahead', async () => {
    const shell = await start();
    shell.type(`SELECT sleep FROM users;\r${ctrl('c')}`);
    await shell.until(PROMPT);
    await run(shell, 'SELECT id FROM users;', '(2 rows)');
  });

  it('tells how far an input of many statements is', async () => {
    const shell = await start();
    shell.type('USE shop; USE shop; SELECT sleep FROM users; USE shop;\r');
    await shell.until(/3 statements {2}█+░+ 3\d% · 0:0\d/);
    shell.type(ctrl('c'));
    await shell.until(PROMPT);
    expect(shell.screen()).not.toContain('3 statements');
  });

  it('cancels what runs and gives the prompt back', async () => {
    const shell = await start();
    shell.type('SELECT sleep FROM users;\r');
    // The progress line comes after half a second.
    await shell.until(/SELECT sleep {2}0:0\d/);
    shell.type(ctrl('c'));
    await shell.until('Cancelled.');
    await shell.until(PROMPT);
    expect(shell.screen()).not.toContain('0:01');
    await run(shell, 'SELECT id FROM users;', '(2 rows)');
  });

  it('cuts long results in the middle', async () => {
    const shell = await start();
    await run(shell, 'SELECT seq FROM events LIMIT 100000;', '100000 rows (40 shown)');
    expect(shell.everything()).toMatch(/ ⋮ 99960 rows/);
  });

  it('pages as cqlsh with PAGING', async () => {
    const shell = await start();
    await run(shell, 'PAGING 10', 'Page size: 10');
    shell.type('SELECT seq FROM events LIMIT 25;\r');
    await shell.until('---MORE---');
    shell.type(' ');
    await shell.until(/text 19/);
    await shell.until('---MORE---');
    shell.type(' ');
    await shell.until('(25 rows)');
    expect(shell.everything()).not.toContain('---MORE---');
    expect(shell.everything().match(/^-+\+-/gm)).toHaveLength(3);
  });

  it('shows a result in its pager and leaves no trace of it', async () => {
    const shell = await start({ columns: 60, rows: 15 });
    shell.type('.pager on\r');
    await shell.until(/\.pager on\ncassette:shop>/);
    shell.type('SELECT * FROM events LIMIT 5000;\r');
    await shell.until(/rows 1–12 of/);
    shell.type('/text 4321\r');
    await shell.until(/^ *text 4321/m);
    expect(shell.raw).toContain(`${ESC}[7mtext 4321${ESC}[27m`);
    await shell.until(/text 4321: row 4,32\d, 1 of 1/);
    shell.type('n');
    await shell.until('no more of text 4321');
    shell.type(`${ESC}[C${ESC}[C`);
    // The key columns stay, the value comes into sight.
    await shell.until((screen) => screen.startsWith(' sensor'));
    shell.type('q');
    await shell.until(/rows\)\ncassette:shop>/);
    expect(shell.screen()).not.toContain('text 4321');
  });

  it('scrolls its pager sideways to what is found off the screen, and not where it is seen', async () => {
    const shell = await start({ columns: 40, rows: 15 });
    shell.type('.pager on\r');
    await shell.until(/\.pager on\n/);
    shell.type('SELECT * FROM events LIMIT 50;\r');
    await shell.until(/rows 1–12 of/);
    const before = shell.screen().split('\n')[0];
    expect(before).not.toContain('value');
    shell.type('/text 3\r');
    await shell.until('text 3: row');
    expect(shell.screen().split('\n')[0]).toBe(before);
    shell.type('/-44.3\r');
    await shell.until('-44.3: row');
    await shell.until(/^[^\n]*value/);
    expect(shell.screen()).toMatch(/^ *text \d+ .*-44\.3/m);
    shell.type('/text 3\r');
    await shell.until('text 3: row');
    shell.type('q');
    await shell.until(PROMPT);
  });

  it('captures results whole and without colours, whatever the screen shows of them', async () => {
    const shell = await start({ environment: { TEST_COLOR: '1' } });
    await run(shell, "CAPTURE 'out.txt'", "Now capturing query output to '");
    await run(shell, 'SELECT seq, value FROM events LIMIT 300;', '300 rows (40 shown)');
    await run(shell, 'CAPTURE OFF', /CAPTURE OFF/);
    const captured = readFileSync(join(shell.home, 'out.txt'), 'utf8');
    expect(captured).toMatch(/^\n sensor +\| at /);
    expect(captured.split('\n')).toHaveLength(1 + 2 + 300 + 1 + 1 + 1);
    expect(captured.endsWith('\n(300 rows)\n')).toBe(true);
    expect(captured).not.toContain(ESC);
  });

  it('pipes to another pager and takes the terminal back', async () => {
    const home = mkdtempSync(join(tmpdir(), 'cassette-home-'));
    mkdirSync(join(home, 'config/cassette'), { recursive: true });
    const config = '[ui]\npager = "head -5; read -r line < /dev/tty; echo got $line"\n[results]\nlong = "pager"\n';
    writeFileSync(join(home, 'config/cassette/config.toml'), config);
    const shell = await start({ home });
    shell.type('SELECT * FROM events LIMIT 5000;\r');
    await shell.until(/text 1 .*\n$|text 1 [^\n]*$/);
    shell.type('keys\r');
    await shell.until('got keys');
    await shell.until(PROMPT);
    await run(shell, '.output |cat', /\.output \|cat/);
    await run(shell, 'SELECT id FROM users;', '(2 rows)');
  });

  it('needs no pager for what fits on the screen', async () => {
    const shell = await start();
    await run(shell, '.pager on', /\.pager on\n/);
    await run(shell, 'SELECT id, name FROM users;', /\n\(2 rows\)\n/);
    expect(shell.raw).not.toContain(`${ESC}[?1049h`);
    await run(shell, 'EXPAND ON', 'EXPAND set to ON');
    await run(shell, 'SELECT id FROM users;', /@ Row 2\n[\s\S]*\(2 rows\)/);
  });

  it('leaves the pager at Ctrl-C, also while rows are awaited', async () => {
    const shell = await start();
    await run(shell, '.pager on', /\.pager on\n/);
    shell.type('SELECT seq FROM events LIMIT 90000000;\r');
    await shell.until('rows 1–');
    // Typed ahead of the rows that it then ends.
    shell.type(`G${ctrl('c')}`);
    await shell.until(/\(\d+ rows or more\)/);
    await shell.until(PROMPT);
    await run(shell, '.pager all', /\.pager all\n/);
    await run(shell, 'SELECT id FROM users;', '(2 rows)');
  });

  it('outlives Ctrl-C in a program that it runs', async () => {
    const shell = await start();
    shell.type('.shell sleep 20\r');
    await shell.until('.shell sleep 20');
    await new Promise((resolve) => setTimeout(resolve, 300));
    shell.type(ctrl('c'));
    await shell.until(PROMPT);
    await run(shell, 'SELECT id FROM users;', '(2 rows)');
  });

  it('asks before it destroys', async () => {
    const shell = await start();
    shell.type('DROP TABLE users;\r');
    await shell.until('This will DROP TABLE users. Go on? [y/N]');
    shell.type('n\r');
    await shell.until('Not run.');
    await shell.until(PROMPT);
    shell.type("DELETE FROM events WHERE sensor = 'a';\r");
    await shell.until('DELETE whole partitions of events');
    shell.type('y\r');
    await shell.until('1 rows in memtables');
    // One row, not a partition of many.
    shell.type("DELETE FROM events WHERE sensor = 'a' AND at = 0 AND seq = 1;\r");
    await shell.until('2 rows in memtables');
  });

  it('shares its history with other shells, whole entries, mode 0600, without passwords', async () => {
    const home = mkdtempSync(join(tmpdir(), 'cassette-home-'));
    const first = await start({ home });
    const second = await start({ home });
    first.type('SELECT id\r');
    await first.until('...');
    await run(first, 'FROM users LIMIT 1;', '(1 rows)');
    await run(first, "CREATE ROLE r WITH PASSWORD = 'secret';", '1 rows in memtables');
    await run(second, 'SELECT name FROM users LIMIT 1;', '(1 rows)');
    second.type(`${ESC}[A${ESC}[A`);
    await second.until(/SELECT id\n {11}\.\.\. FROM users LIMIT 1;/);
    const path = join(home, 'state/cassette/history');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).not.toContain('secret');
  });

  it('searches the history with Ctrl-R', async () => {
    const shell = await start();
    await run(shell, 'SELECT id FROM users LIMIT 1;', '(1 rows)');
    await run(shell, 'SELECT seq FROM events LIMIT 1;', /seq/);
    shell.type(`${ctrl('r')}users`);
    await shell.until('reverse-search: users');
    await shell.until(/shop> SELECT id FROM users LIMIT 1;\nreverse/);
    shell.type('\r');
    await shell.until((screen) => (screen.match(/SELECT id FROM users/g) ?? []).length === 2);
  });

  it('opens $EDITOR on the input', async () => {
    const shell = await start({ environment: { EDITOR: 'sed -i s/users/events/' } });
    shell.type(`SELECT id FROM users LIMIT 1;${ctrl('x')}${ctrl('e')}`);
    await shell.until('SELECT id FROM events LIMIT 1;');
  });

  it('draws charts of the last result', async () => {
    const shell = await start();
    await run(shell, 'SELECT seq, value FROM events LIMIT 5;', '(5 rows)');
    shell.type('CHART bar value seq\r');
    await shell.until(/│█+/);
  });

  it('puts the cursor behind wide characters', async () => {
    const shell = await start();
    shell.type("SELECT '日本語");
    await shell.until('日本語');
    expect(shell.cursor.column).toBe('cassette:shop> SELECT '.length + 1 + 6);
    shell.type(`${ESC}[D`);
    await shell.until(() => shell.cursor.column === 'cassette:shop> SELECT '.length + 1 + 4);
  });

  it('has no colours with NO_COLOR and some otherwise', async () => {
    const plain = await start();
    await run(plain, 'SELECT id FROM users;', '(2 rows)');
    expect(plain.raw).not.toMatch(/\u001b\[[\d;]*3\d/);
    const coloured = await start({ environment: { TEST_COLOR: '1' } });
    await run(coloured, 'SELECT id FROM users;', '(2 rows)');
    expect(coloured.raw).toContain(`${ESC}[1;34mSELECT`);
  });

  it('stops at Ctrl-Z as a job of its shell, with the terminal as it was, and goes on', async () => {
    const shell = new PtyShell(entry, { asJob: true });
    open.push(shell);
    await shell.until('job control>');
    shell.startJob();
    await shell.until(PROMPT, 20_000);
    shell.type('USE shop;\r');
    await shell.until(/cassette:shop>\s*(\n[^\n]*)?$/);
    shell.type(`SELECT id${ctrl('z')}`);
    await shell.until(/Stopped[\s\S]*job control> *$/);
    expect(shell.screen()).not.toContain('mydb');
    // Echoed: the terminal is not raw.
    shell.type('echo one two\r');
    await shell.until(/echo one two\none two/);
    shell.type('fg\r');
    await shell.until(/cassette:shop> SELECT id\nmydb/);
    shell.type(' FROM users;\r');
    await shell.until('(2 rows)');
    shell.type(ctrl('d'));
    await shell.until(/job control> *$/);
  });

  it('stays when Ctrl-Z finds no shell above it', async () => {
    const shell = await start();
    shell.type(`SELECT id FROM users${ctrl('z')}`);
    await new Promise((resolve) => setTimeout(resolve, 150));
    shell.type(';\r');
    await shell.until('(2 rows)');
  });

  it('leaves at Ctrl-D with the terminal as it was', async () => {
    const shell = await start();
    shell.type(ctrl('d'));
    expect(await shell.end()).toBe(0);
    expect(shell.raw.lastIndexOf(`${ESC}[?2004l`)).toBeGreaterThan(shell.raw.lastIndexOf(`${ESC}[?2004h`));
    expect(shell.screen()).not.toContain('mydb');
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('gives the terminal back when it is killed by %s', async (signal, code) => {
    const shell = await start();
    shell.type('.pager on\r');
    await shell.until(/\.pager on\ncassette:shop>/);
    shell.type('SELECT * FROM events LIMIT 5000;\r');
    await shell.until('rows 1–');
    shell.kill(signal);
    expect(await shell.end()).toBe(code);
    for (const [on, off] of [
      ['?2004h', '?2004l'],
      ['?1049h', '?1049l'],
      ['?25l', '?25h'],
    ]) {
      expect(shell.raw.lastIndexOf(ESC + '[' + off)).toBeGreaterThan(shell.raw.lastIndexOf(ESC + '[' + on));
    }
  });
});
