import { spawn } from 'node:child_process';

const NEWLINE = 0x0a;

/**
 * Runs a script, kills it a while after it said so many lines, and resolves to its whole lines. Lines count the work that
 * was done, however slow the machine is.
 */
export function runAndDie(script: readonly string[], afterMillis: number, afterLines = 1): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, script, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let complaints = '';
    let isDoomed = false;
    let lines = 0;
    child.stdout.on('data', (data: Buffer) => {
      for (const byte of data) if (byte === NEWLINE) lines++;
      // The clock runs from a line: starting Node is not what is tested.
      if (!isDoomed && lines >= afterLines) {
        setTimeout(() => child.kill('SIGKILL'), afterMillis);
        isDoomed = true;
      }
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
