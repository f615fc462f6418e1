// Asks Cassandra's own parser (no daemon; JDK 17 and ORACLE_HOME's jars) about every statement of acceptance.txt and every
// word in every template of keywords.txt, and writes its verdicts back into these files:
//     node test-data/cql/record.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const lib = join(process.env.ORACLE_HOME ?? join(homedir(), '.cache/cassandra-oracle'), 'lib');
const jars = readdirSync(lib).filter((name) => name.endsWith('.jar')).map((name) => join(lib, name));

function verdicts(statements) {
  const classes = mkdtempSync(join(tmpdir(), 'acceptance-'));
  try {
    execFileSync('javac', ['-cp', jars.join(':'), '-d', classes, join(here, 'Acceptance.java')]);
    const input = statements.map((statement) => Buffer.from(statement).toString('base64')).join('\n');
    const options = ['-Xmx400m', '-XX:TieredStopAtLevel=1', '-cp', [...jars, classes].join(':'), 'Acceptance'];
    const output = execFileSync('java', options, { input, stdio: ['pipe', 'pipe', 'ignore'] }).toString();
    return output.split('\n').filter((line) => line === '+' || line === '-');
  } finally {
    rmSync(classes, { recursive: true });
  }
}

function linesOf(file) {
  return readFileSync(join(here, file), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const statements = linesOf('acceptance.txt').map((line) => line.slice(2));
const accepted = verdicts(statements);
writeFileSync(
  join(here, 'acceptance.txt'),
  `# Statements that Cassandra 5.0.8's parser takes (+) or refuses (-), recorded by record.mjs.\n${statements
    .map((statement, i) => `${accepted[i]} ${statement}`)
    .join('\n')}\n`,
);

const [wordLine, ...templateLines] = linesOf('keywords.txt');
const words = wordLine.split(' ');
const templates = templateLines.map((line) => line.split('\t')[0]);
const answers = verdicts(templates.flatMap((template) => words.map((word) => template.replaceAll('$', word))));
const rows = templates.map((template, i) => {
  const refused = words.filter((_, j) => answers[i * words.length + j] === '-');
  return `${template}\t${refused.join(' ')}`;
});
writeFileSync(
  join(here, 'keywords.txt'),
  `# The words; then templates, each with the words that Cassandra 5.0.8's parser refuses in the place of $. By record.mjs.\n${words.join(' ')}\n${rows.join('\n')}\n`,
);
