import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/repl/commands/index.ts';
import { CQL_TOPICS } from '../../../src/repl/help/cql-topics.ts';
import { ScriptRunner } from '../../../src/repl/script/script-runner.ts';
import type { EmbeddedSession } from '../../../src/session/embedded/embedded-session.ts';
import { openSession } from '../../../src/session/open-session.ts';

/** What the topics themselves say of these. */
const REFUSED = new Set(
  CQL_TOPICS.filter(({ about }) => /refused, as by|Refused here/.test(about)).map(({ name }) => name),
);

describe('the examples of HELP', () => {
  let directory: string;
  let session: EmbeddedSession;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'cassette-help-'));
    const sample = join(directory, 'sample');
    cpSync(join(import.meta.dirname, '../../../test-data/sample'), sample, { recursive: true });
    const settings = { format: 1, hostId: 'c3a3a3f5-4a1a-4a56-8d43-3a4f7a8f0b1e', compatibility: 'nb' };
    writeFileSync(join(sample, 'cassette.json'), JSON.stringify(settings));
    session = await openSession({ paths: [sample], dialect: 'explore', durability: 'none' });
  });

  afterAll(async () => {
    await session.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it.each(CQL_TOPICS.map((topic) => [topic.name, topic.example]))('%s runs on the sample', async (name, example) => {
    let printed = '';
    const errors: string[] = [];
    const cql = example.replaceAll(/'(\w+\.csv)'/g, `'${directory}/$1'`);
    const runner = new ScriptRunner(
      session,
      { ...defaultSettings },
      { write: (text) => void (printed += text), drain: async () => {} },
      (text) => void errors.push(text),
      {
        formatOptions: { color: false },
        continueOnError: false,
        statistics: false,
        signal: new AbortController().signal,
      },
    );
    const status = await runner.run([{ kind: 'text', cql }]);
    expect({ status, errors: REFUSED.has(name) ? errors.length : errors.filter(isError) }).toEqual(
      REFUSED.has(name) ? { status: 'failed', errors: 1 } : { status: 'done', errors: [] },
    );
    // What reads finds something to show.
    if (/^(SELECT|EXPLAIN)/.test(cql)) expect(printed).not.toMatch(/\(0 rows\)/);
  });
});

function isError(text: string): boolean {
  return text.startsWith('<-e>');
}
