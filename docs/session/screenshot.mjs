// Makes docs/shell.svg: the interactive shell in a pseudo-terminal, typed into, its screen drawn cell by cell.
//   node build.mjs && node docs/session/screenshot.mjs
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { copySample, removeSample } from './sample.mjs';

const COLUMNS = 112;
const ROWS = 42;
const CELL = { width: 8.4, height: 18 };
const COLORS = { background: '#16181d', foreground: '#d4d7dd', cursor: '#d4d7dd' };
const ANSI = [
  ...['#2b2f38', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#c8ccd4'],
  ...['#6b7280', '#ef8b93', '#b5d99c', '#f0d399', '#8cc4f5', '#d7a1e7', '#86cdd6', '#ffffff'],
];

const sample = copySample();
const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
const shell = spawn(
  process.execPath,
  [fileURLToPath(new URL('../../bin/cassette.js', import.meta.url)), 'sample', '--keyspace', 'shop'],
  {
    cols: COLUMNS,
    rows: ROWS,
    cwd: sample.directory,
    env: {
      PATH: process.env.PATH ?? '',
      TERM: 'xterm-256color',
      COLORTERM: 'truecolor',
      HOME: sample.directory,
      XDG_STATE_HOME: sample.directory,
      XDG_CONFIG_HOME: sample.directory,
    },
  },
);
shell.onData((data) => terminal.write(data));
const exited = new Promise((resolve) => shell.onExit(resolve));

try {
  await shown('shop>');
  await run("SELECT sku, title, price FROM products WHERE price > 250 OR title LIKE '%Kettle%' LIMIT 4;", 'has no OR');
  await run(
    'SELECT status, count(*) AS orders FROM orders_by_customer GROUP BY status ORDER BY orders DESC;',
    '(5 rows)',
  );
  await run('CHART bar orders status', 'delivered ');
  await type('SELECT sku, price FROM products WHERE s');
  await type('\t');
  await pause(600);
  writeFileSync(fileURLToPath(new URL('../shell.svg', import.meta.url)), drawing());
} finally {
  shell.kill();
  await exited;
  removeSample(sample);
}

async function run(input, expected) {
  await type(`${input}\r`);
  await shown(expected);
  await pause(300);
}

/** Key by key, as a person types. */
async function type(input) {
  for (const key of input) {
    shell.write(key);
    await pause(8);
  }
}

async function shown(text) {
  for (let waited = 0; !screen().some((line) => line.includes(text)); waited += 50) {
    if (waited > 20_000) throw new Error(`the screen does not show ${text}:\n${screen().join('\n')}`);
    await pause(50);
  }
}

function screen() {
  const { active } = terminal.buffer;
  return Array.from({ length: ROWS }, (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? '');
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function drawing() {
  const { active } = terminal.buffer;
  const width = COLUMNS * CELL.width + 24;
  const height = ROWS * CELL.height + 24;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<rect width="100%" height="100%" rx="8" fill="${COLORS.background}"/>`,
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="14" xml:space="preserve">',
  ];
  for (let y = 0; y < ROWS; y++) {
    const line = active.getLine(active.baseY + y);
    if (line !== undefined) parts.push(...lineParts(line, y));
  }
  const cursor = place(active.cursorX, active.cursorY);
  parts.push(
    `<rect x="${cursor.x}" y="${cursor.y}" width="2" height="${CELL.height}" fill="${COLORS.cursor}"/>`,
    '</g>',
    '</svg>',
    '',
  );
  return parts.join('\n');
}

/** Runs of cells that look alike are one text each, as wide as their cells. */
function lineParts(line, y) {
  const parts = [];
  for (let x = 0; x < COLUMNS; ) {
    const look = lookOf(line.getCell(x));
    const from = x;
    let text = '';
    while (x < COLUMNS && same(lookOf(line.getCell(x)), look)) {
      const cell = line.getCell(x);
      text += cell.getChars() || ' ';
      x += Math.max(1, cell.getWidth());
    }
    if (look.background === null) text = text.trimEnd();
    if (text === '') continue;
    const { x: left, y: top } = place(from, y);
    const width = (((look.background === null ? from + text.length : x) - from) * CELL.width).toFixed(1);
    if (look.background !== null) {
      parts.push(`<rect x="${left}" y="${top}" width="${width}" height="${CELL.height}" fill="${look.background}"/>`);
    }
    if (text.trim() === '') continue;
    const style = `${look.bold ? ' font-weight="bold"' : ''}${look.dim ? ' opacity="0.6"' : ''}${look.italic ? ' font-style="italic"' : ''}`;
    parts.push(
      `<text x="${left}" y="${(Number(top) + 13.5).toFixed(1)}" fill="${look.foreground}"${style} textLength="${width}">${escaped(text)}</text>`,
    );
  }
  return parts;
}

function lookOf(cell) {
  const foreground = color(cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor());
  const background = color(cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor());
  const isInverse = cell.isInverse() !== 0;
  return {
    foreground: (isInverse ? (background ?? COLORS.background) : foreground) ?? COLORS.foreground,
    background: isInverse ? (foreground ?? COLORS.foreground) : background,
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
  };
}

function same(a, b) {
  return Object.keys(a).every((key) => a[key] === b[key]);
}

/** Null for the terminal's own colour. */
function color(isRgb, isPalette, value) {
  if (isRgb) return `#${value.toString(16).padStart(6, '0')}`;
  if (!isPalette) return null;
  if (value < 16) return ANSI[value];
  if (value >= 232) return rgb(8 + (value - 232) * 10, 8 + (value - 232) * 10, 8 + (value - 232) * 10);
  const level = (part) => (part === 0 ? 0 : 55 + part * 40);
  const cube = value - 16;
  return rgb(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function rgb(...parts) {
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function place(x, y) {
  return { x: (12 + x * CELL.width).toFixed(1), y: (12 + y * CELL.height).toFixed(1) };
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
