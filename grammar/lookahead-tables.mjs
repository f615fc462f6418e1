// Computes what one token decides in each parser and writes grammar/lookahead-tables.ts; run it after a change of the
// rules (a test says when):
//     node grammar/lookahead-tables.mjs
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = join(root, 'tmp/lookahead-grammar.mjs');
mkdirSync(dirname(bundle), { recursive: true });
await build({
  stdin: {
    contents: `export { QueryParser } from './grammar/query-rules.ts';
export { DefinitionParser } from './grammar/definition-rules.ts';
export { tableOf } from './grammar/decision-table.ts';`,
    resolveDir: root,
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  outfile: bundle,
});
const { QueryParser, DefinitionParser, tableOf } = await import(pathToFileURL(bundle));
rmSync(bundle);

function tableText(name, parser) {
  const rows = Object.entries(tableOf(parser)).map(([key, row]) => `  '${key}': '${row}',`);
  return `export const ${name}: DecisionTable = {\n${rows.join('\n')}\n};\n`;
}

const file = join(root, 'grammar/lookahead-tables.ts');
writeFileSync(
  file,
  `// Made by lookahead-tables.mjs from the rules; see decision-table.ts.
import type { DecisionTable } from './decision-table.ts';

${tableText('QUERY_DECISIONS', new QueryParser())}
${tableText('DEFINITION_DECISIONS', new DefinitionParser())}`,
);
execFileSync('npx', ['biome', 'format', '--write', file], { cwd: root, stdio: 'ignore' });
