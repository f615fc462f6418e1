import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/repl/commands/index.ts';
import { ScriptRunner } from '../../../src/repl/script/script-runner.ts';
import type { ExecuteOptions, Result } from '../../../src/session/session.ts';
import { FakeSession } from '../fake-session.ts';

/** Its statements run until they are cancelled. */
class EndlessSession extends FakeSession {
  override execute(_statement: unknown, options?: ExecuteOptions): Promise<Result> {
    return new Promise((_resolve, reject) => {
      options?.signal?.addEventListener('abort', () => reject(options.signal?.reason));
    });
  }
}

describe('ScriptRunner', () => {
  it.each(['SELECT * FROM shop.users;', 'SELECT * FROM shop.users'])('is interrupted within %j', async (cql) => {
    const cancel = new AbortController();
    const told: string[] = [];
    const runner = new ScriptRunner(
      new EndlessSession(),
      { ...defaultSettings },
      { write: () => {}, drain: async () => {} },
      (text) => void told.push(text),
      { formatOptions: { color: false }, continueOnError: false, statistics: false, signal: cancel.signal },
    );
    const status = runner.run([{ kind: 'text', cql }]);
    setImmediate(() => cancel.abort());
    expect(await status).toBe('interrupted');
    expect(told).toEqual([]);
  });
});
