// Draws every rule of the grammar as a railroad diagram, in static HTML with inline SVG:
//     node grammar/railroad.mjs        writes docs/railroad/*.html
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'docs/railroad');

/** The pages: a file of rules each, and what its heading says. */
const PAGES = [
  ['query-rules', 'Queries'],
  ['expression-rules', 'Expressions'],
  ['type-rules', 'Names and types'],
  ['table-rules', 'Tables, views, indexes, triggers'],
  ['keyspace-rules', 'Keyspaces, types, functions, aggregates'],
  ['role-rules', 'Roles and permissions'],
  ['definition-rules', 'CREATE, ALTER, DROP, DESCRIBE'],
];

// ---- Layout: a box is its size about the line that runs through it, and a function that draws it ----

const HEIGHT = 24;
const GAP = 10;
const ARC = 10;

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const path = (d) => `<path d="${d}"/>`;
const line = (x, y, length) => (length > 0 ? path(`M${x} ${y}h${length}`) : '');

function label(text, isTerminal, href) {
  const width = text.length * 8 + 20;
  const draw = (x, y) => {
    const box = `<rect x="${x}" y="${y - HEIGHT / 2}" width="${width}" height="${HEIGHT}"${isTerminal ? ' rx="12"' : ''}/>`;
    const words = `<text x="${x + width / 2}" y="${y + 4}">${escape(text)}</text>`;
    return href === undefined ? box + words : `<a href="${href}">${box}${words}</a>`;
  };
  return { width, up: HEIGHT / 2, down: HEIGHT / 2, draw };
}

const skip = { width: 0, up: 0, down: 0, draw: () => '' };

function sequence(boxes) {
  if (boxes.length === 0) return skip;
  const width = boxes.reduce((sum, box) => sum + box.width, 0) + GAP * (boxes.length - 1);
  const draw = (x, y) => {
    let at = x;
    return boxes
      .map((box, i) => {
        const gap = i > 0 ? line(at, y, GAP) : '';
        at += i > 0 ? GAP : 0;
        const drawn = gap + box.draw(at, y);
        at += box.width;
        return drawn;
      })
      .join('');
  };
  return { width, up: Math.max(...boxes.map(({ up }) => up)), down: Math.max(...boxes.map(({ down }) => down)), draw };
}

/** The first box on the line, the others below it. */
function choice(boxes) {
  if (boxes.length === 1) return boxes[0];
  const inner = Math.max(...boxes.map(({ width }) => width));
  const offsets = [0];
  for (let i = 1; i < boxes.length; i++) {
    offsets.push(Math.max(offsets[i - 1] + boxes[i - 1].down + 8 + boxes[i].up, i === 1 ? 2 * ARC : 0));
  }
  const draw = (x, y) =>
    boxes
      .map((box, i) => {
        const left = x + 2 * ARC;
        const right = left + inner;
        const at = y + offsets[i];
        const drawn = box.draw(left, at) + line(left + box.width, at, inner - box.width);
        if (i === 0) return line(x, y, 2 * ARC) + drawn + line(right, y, 2 * ARC);
        const drop = offsets[i] - 2 * ARC;
        const into = path(`M${x} ${y}a${ARC} ${ARC} 0 0 1 ${ARC} ${ARC}v${drop}a${ARC} ${ARC} 0 0 0 ${ARC} ${ARC}`);
        const back = path(
          `M${right} ${at}a${ARC} ${ARC} 0 0 0 ${ARC} ${-ARC}v${-drop}a${ARC} ${ARC} 0 0 1 ${ARC} ${-ARC}`,
        );
        return into + drawn + back;
      })
      .join('');
  return { width: inner + 4 * ARC, up: boxes[0].up, down: offsets.at(-1) + boxes.at(-1).down, draw };
}

/** A box, and a way back under it through `separator`. */
function loop(box, separator) {
  const inner = Math.max(box.width, separator.width);
  const drop = box.down + 8 + Math.max(separator.up, ARC);
  const draw = (x, y) => {
    const left = x + ARC;
    const right = left + inner;
    const under = y + drop;
    const middle = left + (inner - separator.width) / 2;
    return [
      line(x, y, ARC),
      box.draw(left, y),
      line(left + box.width, y, inner - box.width + ARC),
      path(`M${right} ${y}a${ARC} ${ARC} 0 0 1 ${ARC} ${ARC}v${drop - 2 * ARC}a${ARC} ${ARC} 0 0 1 ${-ARC} ${ARC}`),
      line(left, under, middle - left),
      separator.draw(middle, under),
      line(middle + separator.width, under, right - middle - separator.width),
      path(
        `M${left} ${under}a${ARC} ${ARC} 0 0 1 ${-ARC} ${-ARC}v${2 * ARC - drop}a${ARC} ${ARC} 0 0 1 ${ARC} ${-ARC}`,
      ),
    ].join('');
  };
  return { width: inner + 2 * ARC, up: box.up, down: drop + Math.max(separator.down, 4), draw };
}

// ---- The grammar's productions as boxes ----

function boxOf(node, pageOf) {
  const inside = () => sequence(node.definition.map((each) => boxOf(each, pageOf)));
  switch (node.constructor.name) {
    case 'Terminal':
      return terminal(node.terminalType);
    case 'NonTerminal': {
      const name = node.nonTerminalName;
      return label(name, false, `${pageOf(name)}.html#${name}`);
    }
    case 'Alternation':
      return choice(node.definition.map((each) => boxOf(each, pageOf)));
    case 'Option':
      return choice([skip, inside()]);
    case 'Repetition':
      return choice([skip, loop(inside(), skip)]);
    case 'RepetitionMandatory':
      return loop(inside(), skip);
    case 'RepetitionWithSeparator':
      return choice([skip, loop(inside(), terminal(node.separator))]);
    case 'RepetitionMandatoryWithSeparator':
      return loop(inside(), terminal(node.separator));
    default:
      return inside();
  }
}

function terminal(type) {
  return label(type.LABEL ?? type.name, true);
}

function diagram(rule, pageOf) {
  const box = sequence(rule.definition.map((each) => boxOf(each, pageOf)));
  const top = box.up + 6;
  const height = top + box.down + 6;
  const drawn = line(0, top, 20) + box.draw(20, top) + line(20 + box.width, top, 20);
  return `<svg width="${box.width + 40}" height="${height}" viewBox="0 0 ${box.width + 40} ${height}">${drawn}</svg>`;
}

const STYLE = `body{font:15px system-ui,sans-serif;margin:2em;max-width:100%}h2{font:600 15px monospace;margin:1.6em 0 .3em}
div{overflow-x:auto}nav a{margin-right:1em}path{fill:none;stroke:#555;stroke-width:1.5}rect{fill:#eef3fb;stroke:#555}
rect[rx]{fill:#e6f4e6}text{font:13px monospace;text-anchor:middle;fill:#111}svg a text{fill:#0645ad}
@media(prefers-color-scheme:dark){body{background:#161616;color:#ddd}path,rect{stroke:#999}rect{fill:#24304a}
rect[rx]{fill:#20402a}text{fill:#eee}svg a text,a{fill:#8ab4f8;color:#8ab4f8}}`;

function page(title, body) {
  const links = PAGES.map(([file, heading]) => `<a href="${file}.html">${heading}</a>`).join('');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>CQL: ${title}</title><style>${STYLE}</style>
<h1>CQL: ${title}</h1><nav>${links}</nav>\n${body}</html>\n`;
}

const bundle = join(root, 'tmp/railroad-grammar.mjs');
await build({
  stdin: {
    contents: `export { QueryParser } from './grammar/query-rules.ts';
export { DefinitionParser } from './grammar/definition-rules.ts';`,
    resolveDir: root,
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  outfile: bundle,
});
const { QueryParser, DefinitionParser } = await import(pathToFileURL(bundle));
rmSync(bundle);

const queries = new QueryParser().getGAstProductions();
const definitions = new DefinitionParser().getGAstProductions();
const pages = PAGES.map(([file, title]) => {
  const source = readFileSync(join(root, 'grammar', `${file}.ts`), 'utf8');
  return { file, title, names: [...source.matchAll(/this\.RULE\(\s*'(\w+)'/g)].map((match) => match[1]) };
});
const pageOf = (name) => pages.find(({ names }) => names.includes(name)).file;

mkdirSync(out, { recursive: true });
for (const { file, title, names } of pages) {
  const rules = names.every((name) => queries[name] !== undefined) ? queries : definitions;
  const body = names
    .filter((name) => rules[name] !== undefined)
    .map((name) => `<h2 id="${name}">${name}</h2><div>${diagram(rules[name], pageOf)}</div>`);
  writeFileSync(join(out, `${file}.html`), page(title, body.join('\n')));
}
const contents = pages.map(
  ({ file, title, names }) =>
    `<h2>${title}</h2><p>${names.map((name) => `<a href="${file}.html#${name}">${name}</a>`).join(' ')}</p>`,
);
writeFileSync(join(out, 'index.html'), page('grammar', contents.join('\n')));
