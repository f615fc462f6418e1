import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

const ROOT = join(import.meta.dirname, '../..');
const TARGET = join(ROOT, 'docs/compatibility.md');

/** One outcome: a check of a table in a format. */
interface Outcome {
  readonly table: string;
  readonly format: string;
  readonly check: string;
}

/** What a test of a table-driven suite is about; null for other tests of its file. `path` is its suites' names and its own. */
type Place = (path: readonly string[]) => Outcome | null;

const SELECT_CHECKS: ReadonlyMap<string, string> = new Map([
  ['gives the rows of SELECT JSON *, in order', 'SELECT JSON *'],
  ['gives the same rows backward', 'reversed'],
  ['finds each partition and each row by its key', 'point reads'],
]);

const LEGACY_FILE = /^([^/]+)\/sstables\/([^/]+)\//;

const PLACES: ReadonlyMap<string, Place> = new Map<string, Place>([
  [
    'test/storage/corpus-select.test.ts',
    ([corpus, directory, test]) => {
      const check = SELECT_CHECKS.get(test);
      return check === undefined ? null : { table: tableOf(directory), format: lastWord(corpus), check };
    },
  ],
  [
    'test/storage/sstable/dump/corpus-dump.test.ts',
    ([suite, test]) => {
      const [keyspace, table] = test.split('.');
      return suite.startsWith('dump of ')
        ? { table: `${keyspace}.${table}`, format: lastWord(suite), check: 'dump' }
        : null;
    },
  ],
  [
    'test/storage/sstable/verify/corpus-verify.test.ts',
    ([suite, test]) =>
      lastWord(suite) === 'legacy'
        ? legacy(test, 'verify')
        : { table: tableOf(test), format: lastWord(suite), check: 'verify' },
  ],
  ['test/storage/sstable/dump/legacy-dump.test.ts', ([, test]) => legacy(test, 'dump')],
  [
    'test/storage/legacy-select.test.ts',
    ([suite, test]) => ({ table: test, format: lastWord(suite), check: 'SELECT JSON *' }),
  ],
]);

/**
 * Writes docs/compatibility.md from the outcomes of the suites over the corpus, whenever all of them ran in full; not over
 * a corpus of one's own, which has other tables.
 */
export default class CompatibilityReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (process.env['CASSETTE_CORPUS'] !== undefined) return;
    const outcomes = new Map<string, Map<string, Map<string, boolean>>>();
    let modulesSeen = 0;
    for (const module of modules) {
      const place = PLACES.get(relative(ROOT, module.moduleId));
      if (place === undefined) continue;
      modulesSeen++;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'skipped' || state === 'pending') return;
        const outcome = place(pathOf(test));
        if (outcome !== null) note(outcomes, outcome, state === 'passed');
      }
    }
    if (modulesSeen < PLACES.size || outcomes.size === 0) return;
    const text = describeOutcomes(outcomes);
    if (!existsSync(TARGET) || readFileSync(TARGET, 'utf8') !== text) writeFileSync(TARGET, text);
  }
}

function pathOf(test: TestCase): string[] {
  const path = [test.name];
  for (let at = test.parent; at.type === 'suite'; at = at.parent) path.unshift(at.name);
  return path;
}

function legacy(test: string, check: string): Outcome | null {
  const match = LEGACY_FILE.exec(test);
  return match === null ? null : { table: match[2], format: match[1], check };
}

/** Of `KEYSPACE/TABLE-ID…`. */
function tableOf(path: string): string {
  const [keyspace, directory] = path.split('/');
  return `${keyspace}.${directory.replace(/-[0-9a-f]{32}.*$/, '')}`;
}

function lastWord(text: string): string {
  return text.slice(text.lastIndexOf(' ') + 1);
}

type Outcomes = Map<string, Map<string, Map<string, boolean>>>;

/** By table, check and format; a check of several files holds if it holds for each. */
function note(outcomes: Outcomes, { table, check, format }: Outcome, passed: boolean): void {
  const checks = outcomes.get(table) ?? new Map<string, Map<string, boolean>>();
  const formats = checks.get(check) ?? new Map<string, boolean>();
  outcomes.set(table, checks.set(check, formats.set(format, (formats.get(format) ?? true) && passed)));
}

const CHECKS = ['SELECT JSON *', 'dump', 'verify', 'point reads', 'reversed'];
const LEGACY_CHECKS = ['SELECT JSON *', 'dump', 'verify'];

function describeOutcomes(outcomes: Outcomes): string {
  const isLegacy = (table: string): boolean => !table.includes('.');
  const tables = [...outcomes.keys()].sort();
  return `# Compatibility

Written by the tests (\`test/support/compatibility-reporter.ts\`), from what they found; do not edit.

A cell names the formats in which the check holds; in **bold** those in which it does not. A dash: no SSTable, or no answer
by Cassandra to compare with.

- \`SELECT JSON *\`: line for line, in order, what Cassandra 5.0.8 answers. Of older versions' tables, the same rows.
- \`dump\`: line for line what \`sstabledump\` prints. Of older versions, the same content as their own \`sstabledump\`.
- \`verify\`: no damage is found in any SSTable.
- \`point reads\`: partitions and rows read by their keys, through the index, equal the scan's.
- \`reversed\`: read backward the rows are the same, the other way around.

## Cassandra 5.0.8: BIG \`nb\` and \`oa\`, BTI \`da\`

${matrix(
  tables.filter((table) => !isLegacy(table)),
  CHECKS,
  ['nb', 'oa', 'da'],
  outcomes,
)}
## Older Cassandra

${matrix(tables.filter(isLegacy), LEGACY_CHECKS, null, outcomes)}`;
}

/** `formats` in their order; null for those that are there. */
function matrix(
  tables: readonly string[],
  checks: readonly string[],
  formats: readonly string[] | null,
  outcomes: Outcomes,
): string {
  let text = `| table | ${checks.join(' | ')} |\n|---|${checks.map(() => '---|').join('')}\n`;
  for (const table of tables) {
    const cells = checks.map((check) => {
      const found = outcomes.get(table)?.get(check) ?? new Map<string, boolean>();
      const order = formats?.filter((format) => found.has(format)) ?? [...found.keys()].sort();
      return order.map((format) => (found.get(format) ? format : `**${format}**`)).join(' ') || '–';
    });
    text += `| ${table} | ${cells.join(' | ')} |\n`;
  }
  return text;
}
