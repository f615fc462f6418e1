// Milliseconds of Cassette's queries in one process: session-queries.ts PERF QUERIES.json [ONLY].
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSession } from '../../src/session/open-session.ts';

const [directory, file, only] = process.argv.slice(2);
const queries: { name: string; cql: string }[] = JSON.parse(readFileSync(file, 'utf8'));
const PASSES = 7;

const session = await openSession({
  paths: [directory],
  schemaFile: join(directory, 'schema.cql'),
  dialect: 'explore',
});

async function run(cql: string): Promise<number> {
  const result = await session.execute(cql);
  if (result.kind !== 'rows') return 0;
  let rows = 0;
  for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) rows += chunk.rowCount;
  return rows;
}

const answers: { millis: number; rows: number }[] = [];
for (const { name, cql } of queries) {
  if (only !== undefined && !name.includes(only)) continue;
  const times: number[] = [];
  let rows = 0;
  for (let pass = 0; pass < PASSES; pass++) {
    const started = performance.now();
    rows = await run(cql);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  answers.push({ millis: times[PASSES >> 1], rows });
}
process.stdout.write(`${JSON.stringify(answers)}\n`);
await session.close();
