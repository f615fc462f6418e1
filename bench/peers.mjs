// What the benches share: the data that Cassandra's own writer makes, whole-process timing, and the peers' commands.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const oracle = process.env['CASSETTE_ORACLE'] ?? join(root, '../shared/oracle');
export const cassette = [process.execPath, join(root, 'bin/cassette.js')];

/** The directory with perf.users and perf.events of `rows` rows; made once by the oracle's data maker. */
export function perfData(rows = 1_000_000) {
  const directory = process.env['CASSETTE_PERF'] ?? join(tmpdir(), `cassette-perf-${rows}`);
  if (!existsSync(join(directory, 'perf'))) {
    const made = spawnSync(join(oracle, 'perf-data.sh'), [directory, String(rows)], { stdio: 'inherit' });
    if (made.status !== 0) throw new Error(`${oracle}/perf-data.sh failed; the benches need the oracle`);
  }
  return directory;
}

/** Seconds of wall time of each of `runs` runs of a command, after one that is not counted. */
export function timeProcess(command, { runs = 5, env = {} } = {}) {
  const seconds = [];
  let output = '';
  for (let run = 0; run <= runs; run++) {
    const started = process.hrtime.bigint();
    const result = spawnSync(command[0], command.slice(1), {
      env: { ...process.env, ...env },
      maxBuffer: 1 << 30,
      stdio: ['ignore', output === '' && run === 0 ? 'pipe' : 'ignore', 'inherit'],
    });
    if (result.status !== 0) throw new Error(`${command.join(' ')} exited with ${result.status}`);
    if (run === 0) output = String(result.stdout).slice(0, 2000);
    else seconds.push(Number(process.hrtime.bigint() - started) / 1e9);
  }
  return { median: median(seconds), seconds, output };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

export function report(name, ours, peer, peerName) {
  const ratio = peer / ours;
  console.log(
    `${name.padEnd(44)} ${(ours * 1000).toFixed(0).padStart(7)} ms   ${peerName} ${(peer * 1000).toFixed(0).padStart(7)} ms   ` +
      `${ratio.toFixed(1)} times as fast`,
  );
}
