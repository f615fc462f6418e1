import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'bin/cassette.js');
/** A build takes seconds: an older lock is left of a test run that was killed. */
const STALE_LOCK_MS = 60_000;

/** The bundle of the sources as they are, built once by whichever test comes first. */
export async function buildProgram(): Promise<void> {
  const lock = join(tmpdir(), `cassette-build-${process.getuid?.() ?? 0}.lock`);
  while (!tryLock(lock)) {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > STALE_LOCK_MS) rmdirSync(lock);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  try {
    execFileSync(process.execPath, [join(ROOT, 'build.mjs'), '--quiet'], { stdio: 'inherit' });
  } finally {
    rmdirSync(lock);
  }
}

function tryLock(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch {
    return false;
  }
}

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly cwd?: string;
  /** Over this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs `cassette` with the arguments, without a terminal. */
export function cassette(args: readonly string[], options: RunOptions = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
    input: options.input ?? '',
    cwd: options.cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...options.environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, stdout, stderr };
}

/** A running program, for what is about time, signals and pipes. */
export function start(args: readonly string[]) {
  return spawn(process.execPath, [PROGRAM, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
}

/** The same through a shell, for pipes between programs. */
export function shell(command: string): Outcome {
  const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command], {
    encoding: 'utf8',
    env: { ...process.env, CASSETTE: `${process.execPath} ${PROGRAM}` },
  });
  return { status, stdout, stderr };
}
