// Whole processes, start-up included, over a million one-row partitions: `SELECT count(*)` and `dump` beside sstabledump.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cassette, oracle, perfData, report, timeProcess } from './peers.mjs';

const JVM = { JTOOL_OPTS: '-XX:TieredStopAtLevel=4', TOOL_HEAP: '2g' };

export default async function bench() {
  const directory = join(perfData(), 'perf/users');
  const data = join(
    directory,
    readdirSync(directory).find((name) => name.endsWith('-Data.db')),
  );
  const dumped = timeProcess([join(oracle, 'sstabledump.sh'), data, '-l', '-t'], { runs: 3, env: JVM });
  const counted = timeProcess([
    ...cassette,
    data,
    '--schema',
    join(perfData(), 'schema.cql'),
    '-e',
    'SELECT count(*) FROM perf.users',
  ]);
  report('SELECT count(*)', counted.median, dumped.median, 'sstabledump');
  const ours = timeProcess([...cassette, 'dump', '-l', '-t', data], { runs: 3 });
  report('dump -l -t', ours.median, dumped.median, 'sstabledump');
  const bare = timeProcess([process.execPath, '-e', '0']);
  console.log(
    `bare node ${(bare.median * 1000).toFixed(0)} ms; count(*) printed ${JSON.stringify(counted.output.trim().split('\n')[2]?.trim())}`,
  );
}
