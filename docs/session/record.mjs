// Makes docs/session/session.txt: the statements of session.cql with what the program answers, on a copy of the sample.
//   node build.mjs && node docs/session/record.mjs
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { copySample, removeSample } from './sample.mjs';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const program = file('../../bin/cassette.js');
const sample = copySample();
try {
  const recorded = readFileSync(file('session.cql'), 'utf8')
    .trim()
    .split(/\n\s*\n/)
    .map((input) => `${prompted(input)}\n${answer(input).trimEnd()}\n`)
    .join('\n');
  writeFileSync(file('session.txt'), recorded);
} finally {
  removeSample(sample);
}

/** The input as the shell shows it: comments as they are, statements behind the prompt. */
function prompted(input) {
  let isFirst = true;
  return input
    .split('\n')
    .map((line) => {
      if (line.startsWith('--')) return line;
      const prompt = isFirst ? 'shop> ' : '    | ';
      isFirst = false;
      return `${prompt}${line}`;
    })
    .join('\n');
}

function answer(input) {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [program, sample.database, '--keyspace', 'shop', '--explore', `--execute=${input}`],
    { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', NODE_NO_WARNINGS: '1' } },
  );
  return stdout + stderr;
}
