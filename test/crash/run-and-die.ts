import { spawn } from 'node:child_process';

/** Runs a script, kills it a while after the first line that it said, and resolves to its whole lines. */
export function runAndDie(script: readonly string[], afterMillis: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, script, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let complaints = '';
    let isDoomed = false;
    child.stdout.on('data', (data: Buffer) => {
      // The clock runs from the first line: starting Node is not what is tested.
      if (!isDoomed) setTimeout(() => child.kill('SIGKILL'), afterMillis);
      isDoomed = true;
      out += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      complaints += data.toString();
    });
    child.on('close', (_, signal) => {
      if (signal !== 'SIGKILL') reject(new TypeError(`the process ended by itself: ${complaints}`));
      else resolve(out.split('\n').slice(0, -1));
    });
  });
}
