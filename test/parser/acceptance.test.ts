import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CqlError } from '../../src/errors/index.ts';
import { parse } from '../../src/parser/index.ts';

const DATA = new URL('../../test-data/cql/', import.meta.url);

function lines(file: string): string[] {
  return readFileSync(new URL(file, DATA), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Whether strict mode takes a statement: it parses, and uses nothing that only explore knows. */
function isAccepted(statement: string): boolean {
  try {
    return parse(statement).extensions.length === 0;
  } catch (error) {
    if (error instanceof CqlError && error.kind === 'SyntaxException') return false;
    throw error;
  }
}

/** Where we differ from Cassandra's parser, and why. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ['SELECT a FROM t WHERE a = (foo) -1', 'a cast to an unknown type there, a subtraction here'],
  ['SELECT (a) -1 FROM t', 'a cast to an unknown type there, a subtraction here'],
  ["CREATE TABLE t (a 'nope' PRIMARY KEY)", 'classes of types are looked up by the schema'],
  ["SELECT ('x') a FROM t", 'classes of types are looked up by the schema'],
  ['GRANT EXECUTE ON FUNCTION ks.f(int) TO r', 'the schema is asked later'],
  ['GRANT EXECUTE ON FUNCTION f() TO r', 'the schema is asked later'],
]);

describe("Cassandra's parser and ours", () => {
  it('take and refuse the same statements', () => {
    const differing = lines('acceptance.txt')
      .map((line) => ({ expected: line.startsWith('+'), statement: line.slice(2) }))
      .filter(({ expected, statement }) => isAccepted(statement) !== expected && !DIFFERENCES.has(statement));
    expect(differing).toEqual([]);
  });

  it('differ only where the list says so', () => {
    const recorded = new Map(lines('acceptance.txt').map((line) => [line.slice(2), line.startsWith('+')]));
    for (const statement of DIFFERENCES.keys()) {
      expect(recorded.has(statement), statement).toBe(true);
      expect(isAccepted(statement), statement).not.toBe(recorded.get(statement));
    }
  });

  const [wordLine, ...templateLines] = lines('keywords.txt');
  const words = wordLine!.split(' ');

  it.each(templateLines.map((line) => line.split('\t')))('take the same words as $ in %s', (template, refused) => {
    const ours = words.filter((word) => !isAccepted(template!.replaceAll('$', word)));
    expect(ours).toEqual((refused ?? '').split(' ').filter((word) => word !== ''));
  });
});
