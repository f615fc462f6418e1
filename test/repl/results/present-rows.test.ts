import { describe, expect, it } from 'vitest';
import { type Presentation, presentRows } from '../../../src/repl/results/present-rows.ts';
import { events, madeUpRows, users } from '../fake-session.ts';

async function presented(rows: number, overrides: Partial<Presentation> = {}): Promise<string> {
  let text = '';
  await presentRows(madeUpRows(events, rows), {
    out: { write: (data) => void (text += String(data)), drain: async () => {} },
    formatOptions: { color: false },
    columns: 100,
    expand: false,
    autoExpand: true,
    longResults: 'cut',
    pageSize: 10,
    askForMore: async () => true,
    signal: new AbortController().signal,
    ...overrides,
  });
  return text;
}

const rowNumbers = (text: string): number[] =>
  [...text.matchAll(/^ *text (\d+) \|/gm)].map(([, digits]) => Number(digits));
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('presentRows', () => {
  it.each([0, 1, 39, 40])('shows all of %i rows', async (count) => {
    const text = await presented(count);
    expect(rowNumbers(text)).toEqual(numbers(0, count));
    expect(text.endsWith(`\n\n(${count} rows)\n`)).toBe(true);
  });

  it.each([41, 60, 999, 1_000, 1_001, 1_019, 1_020, 5_003])('cuts %i rows in the middle', async (count) => {
    const text = await presented(count);
    expect(rowNumbers(text)).toEqual([...numbers(0, 20), ...numbers(count - 20, count)]);
    expect(text).toContain(` ⋮ ${count - 40} rows\n`);
    expect(text.endsWith(`\n${count} rows (40 shown)\n`)).toBe(true);
  });

  it('shows every row when asked', async () => {
    expect(rowNumbers(await presented(2_345, { longResults: 'all' }))).toEqual(numbers(0, 2_345));
  });

  it('pages, each page with its header, and stops when told', async () => {
    const whole = await presented(25, { longResults: 'more' });
    expect(whole.match(/ sensor/g)).toHaveLength(3);
    expect(whole).toContain('(25 rows)');
    let asked = 0;
    const stopped = await presented(25, { longResults: 'more', askForMore: async () => ++asked < 2 });
    expect(rowNumbers(stopped)).toEqual(numbers(0, 20));
    expect(stopped).toContain('(stopped after 20 rows)');
  });

  it('expands rows that are wider than the terminal', async () => {
    const text = await presented(2, { columns: 40 });
    expect(text).toContain('@ Row 2\n');
    for (const line of text.split('\n')) if (line.startsWith('-')) expect(line.length).toBeLessThanOrEqual(40);
    expect(await presented(2, { columns: 40, autoExpand: false })).not.toContain('@ Row');
  });

  it('shows the first rows before the last are there', async () => {
    let text = '';
    const result = madeUpRows(events, 100_000);
    let shownAt = -1;
    const watched = {
      ...result,
      next: () => {
        if (shownAt === -1 && text.includes('text 0')) shownAt = result.statistics.rows;
        return result.next();
      },
    };
    await presentRows(watched, {
      out: { write: (data) => void (text += String(data)), drain: async () => {} },
      formatOptions: { color: false },
      columns: 100,
      expand: false,
      autoExpand: true,
      longResults: 'cut',
      pageSize: 10,
      askForMore: async () => true,
      signal: new AbortController().signal,
    });
    expect(shownAt).toBe(1_000);
  });

  it('shortens long values on the screen only when asked to', async () => {
    let text = '';
    const out = { write: (data: string | Uint8Array) => void (text += String(data)), drain: async () => {} };
    const long = madeUpRows(users, 1);
    const options = { out, columns: 200, expand: false, autoExpand: false, longResults: 'cut', pageSize: 10 } as const;
    const signal = new AbortController().signal;
    await presentRows(long, {
      ...options,
      formatOptions: { color: false, maxValueWidth: 4 },
      askForMore: async () => true,
      signal,
    });
    expect(text).toContain('tex…');
    expect(text).not.toContain('text 0');
  });
});
