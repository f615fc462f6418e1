import { describe, expect, test } from 'vitest';
import { describeSchema } from '../../../src/schema/describe/index.ts';
import { emptySchema, type Schema } from '../../../src/schema/model/index.ts';
import { schemaFromCql } from '../../../src/schema/sources/cql-source.ts';
import { schemaFromJson, schemaToJson } from '../../../src/schema/sources/index.ts';
import { systemKeyspaces } from '../../../src/schema/system/index.ts';
import { type Answer, Replay, readAnswers } from './replay.ts';

const systemSchema: Schema = {
  ...emptySchema,
  keyspaces: new Map(systemKeyspaces.map((keyspace) => [keyspace.name, keyspace])),
};

/**
 * Statements of which we differ from Cassandra knowingly. `kind`: a bug of Cassandra's ends in a server error (or nothing)
 * where we refuse; `message`: Cassandra prints Java's own object names; `skip`: not the schema's business.
 */
const KNOWN: readonly { readonly pattern: RegExp; readonly differs: 'kind' | 'message' | 'skip' }[] = [
  { pattern: /^TRUNCATE/, differs: 'skip' },
  { pattern: /^CREATE FUNCTION broken/, differs: 'skip' },
  { pattern: /^DESCRIBE KEYSPACES/, differs: 'skip' },
  { pattern: /^(ALTER KEYSPACE|CREATE FUNCTION) system_/, differs: 'skip' },
  { pattern: /AS SELECT k, c, (v AS x|writetime)/, differs: 'message' },
];

for (const [file, authentication] of [
  ['answers.jsonl', false],
  ['answers-2.jsonl', false],
  ['roles-answers.jsonl', true],
  ['permissions-answers.jsonl', true],
] as const) {
  describe(file, () => {
    const replay = new Replay({ authentication, systemSchema });
    for (const answer of readAnswers(file)) {
      const known = KNOWN.find(({ pattern }) => pattern.test(answer.cql));
      if (known?.differs === 'skip') continue;
      test(answer.cql.slice(0, 160), () => {
        if (authentication) replay.user = answer.user ?? 'cassandra';
        const ours = replay.run(answer.cql);
        if (answer.error === 'ServerError') {
          expect(ours.error, 'refused in some way').toBeDefined();
          return;
        }
        expect(comparable(ours, known?.differs === 'message')).toEqual(
          comparable(answer, known?.differs === 'message'),
        );
      });
    }
  });
}

test.each(['random-answers.jsonl.gz', 'random-options-answers.jsonl.gz'])('random statements of %s', (file) => {
  const replay = new Replay();
  for (const answer of readAnswers(file)) {
    const ours = replay.run(answer.cql);
    if (answer.error === 'ServerError') expect(ours.error, answer.cql).toBeDefined();
    else expect(comparable(ours), answer.cql).toEqual(comparable(answer));
  }
  // What all of it has made outlives a change of form.
  const text = describeSchema(replay.schema, { internals: true });
  expect(describeSchema(schemaFromJson(schemaToJson(replay.schema, 'x'), 'x')!, { internals: true })).toBe(text);
  expect(describeSchema(schemaFromCql(text).schema, { internals: true })).toBe(text);
});

/** Of a SyntaxException only the kind counts; sets that Java prints in any order are sorted. */
function comparable(answer: Answer, kindOnly = false): unknown {
  const { error, message } = answer;
  if (error !== undefined)
    return error === 'SyntaxException' || kindOnly ? { error } : { error, message: sortedNames(message ?? '') };
  return { warnings: [...new Set(answer.warnings)].sort(), columns: answer.columns, rows: answer.rows };
}

/** Names that come out of a HashSet of objects: indexes, restricted columns, functions. */
function sortedNames(message: string): string {
  return message
    .replace(/(?<=dependent secondary indexes \(|used by functions )[^)]*/, (names) =>
      names.split(', ').sort().join(', '),
    )
    .replace(/(?<=\(got: ).*(?= restricted illegally)/, (names) => names.split(',').sort().join(','));
}
