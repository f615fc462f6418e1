import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Literal } from '../../src/parser/index.ts';
import {
  isComplete,
  parse,
  parseSplit,
  printStatement,
  type SplitStatement,
  StatementSplitter,
  splitSingle,
} from '../../src/parser/index.ts';
import { slotOffsetsOf } from '../../src/parser/shape.ts';
import { query } from './ast-arbitraries.ts';
import { withoutPositions } from './without-positions.ts';

function split(...chunks: string[]): SplitStatement[] {
  const splitter = new StatementSplitter();
  const found: SplitStatement[] = [];
  const drain = (): void => {
    for (let statement = splitter.next(); statement !== null; statement = splitter.next()) found.push(statement);
  };
  for (const chunk of chunks) {
    splitter.push(chunk);
    drain();
  }
  splitter.end();
  drain();
  return found;
}

/** All literals of an AST with a slot, in the slots' order. */
function slotLiterals(node: unknown, into: Literal[] = []): Literal[] {
  if (Array.isArray(node)) for (const each of node) slotLiterals(each, into);
  else if (typeof node === 'object' && node !== null) {
    if ('kind' in node && node.kind === 'literal') {
      // A node of kind `literal` is a Literal.
      const literal = node as Literal;
      if (literal.slot >= 0) into[literal.slot] = literal;
    }
    for (const value of Object.values(node)) slotLiterals(value, into);
  }
  return into;
}

/** The AST of a shape with other literals put into its slots. */
function bind(node: unknown, literals: SplitStatement['literals']): unknown {
  if (Array.isArray(node)) return node.map((each) => bind(each, literals));
  if (typeof node !== 'object' || node === null) return node;
  if ('kind' in node && node.kind === 'literal' && 'slot' in node) {
    // The parser numbers slots; -1 is a literal that belongs to the shape.
    const slot = node.slot as number;
    return slot < 0 ? node : { ...node, ...literals[slot] };
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, bind(value, literals)]));
}

describe('splitter', () => {
  it.each([
    ['', []],
    [' ;; \n ; ', []],
    ['-- only a comment', []],
    ['SELECT 1', ['SELECT 1']],
    ['SELECT 1;', ['SELECT 1']],
    ['SELECT 1 ; SELECT 2 ;', ['SELECT 1', 'SELECT 2']],
    ["SELECT ';' ; SELECT 2", ["SELECT ';'", 'SELECT 2']],
    ["SELECT 'it''s;' ; SELECT 2", ["SELECT 'it''s;'", 'SELECT 2']],
    ['SELECT $$;$;$$; SELECT 2', ['SELECT $$;$;$$', 'SELECT 2']],
    ['SELECT "a;""b" FROM t; SELECT 2', ['SELECT "a;""b" FROM t', 'SELECT 2']],
    ['SELECT 1 -- a; b\n; SELECT 2', ['SELECT 1', 'SELECT 2']],
    ['SELECT 1 // a; b\n; SELECT 2', ['SELECT 1', 'SELECT 2']],
    ['SELECT 1 /* a; b */ + 1; SELECT 2', ['SELECT 1 /* a; b */ + 1', 'SELECT 2']],
    ['/* a; */ SELECT 1; -- b;\nSELECT 2', ['SELECT 1', 'SELECT 2']],
    [
      'BEGIN BATCH INSERT INTO t (a) VALUES (1); DELETE FROM t WHERE a=1; APPLY BATCH; SELECT 2',
      ['BEGIN BATCH INSERT INTO t (a) VALUES (1); DELETE FROM t WHERE a=1; APPLY BATCH', 'SELECT 2'],
    ],
    [
      'EXPLAIN BEGIN BATCH DELETE FROM t WHERE a=1; APPLY BATCH; SELECT 2',
      ['EXPLAIN BEGIN BATCH DELETE FROM t WHERE a=1; APPLY BATCH', 'SELECT 2'],
    ],
    [
      'begin unlogged batch insert into t (a) values (1) apply batch; SELECT 2',
      ['begin unlogged batch insert into t (a) values (1) apply batch', 'SELECT 2'],
    ],
    [
      'BEGIN BATCH DELETE FROM t WHERE a=1; SELECT 2; SELECT 3',
      ['BEGIN BATCH DELETE FROM t WHERE a=1;', 'SELECT 2', 'SELECT 3'],
    ],
    ["SELECT 'unclosed; SELECT 2", ["SELECT 'unclosed; SELECT 2"]],
    ['\ufeffSELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']],
  ])('cuts %j', (script, expected) => {
    expect(split(script).map(({ text }) => text)).toEqual(expected);
  });

  it('says where statements begin', () => {
    const places = split('SELECT 1;\n\n  SELECT 2; SELECT\n3;\nSELECT 4').map(
      ({ offset, line, column, isTerminated }) => [offset, line, column, isTerminated],
    );
    expect(places).toEqual([
      [0, 1, 0, true],
      [13, 3, 2, true],
      [23, 3, 12, true],
      [33, 5, 0, false],
    ]);
  });

  it('gives a statement as soon as its semicolon is there', () => {
    const splitter = new StatementSplitter();
    splitter.push('SELECT 1;');
    expect(splitter.next()?.text).toBe('SELECT 1');
    expect(splitter.next()).toBeNull();
    splitter.push("SELECT 'a");
    expect(splitter.next()).toBeNull();
    splitter.push("';");
    expect(splitter.next()?.text).toBe("SELECT 'a'");
  });

  const piece = fc.constantFrom(
    "INSERT INTO t (a, b) VALUES (1, 'x''y');\n",
    'INSERT INTO t (a, b) VALUES (-2.5, null);\n',
    'INSERT INTO t (a, b) VALUES (0xff, $$;$$);\n',
    'UPDATE t SET a = a -1 WHERE k = 1h30m;',
    '-- a comment; with a semicolon\n',
    '/* another; */',
    'BEGIN BATCH INSERT INTO t (a) VALUES (1); APPLY BATCH;\n',
    'SELECT * FROM "t;" LIMIT 10;',
    "CREATE TABLE t (a int PRIMARY KEY) WITH comment = ';';",
    'SELECT e79ff158-75ef-11eb-bd28-e90f3e546350;',
  );

  it('does not depend on how the text is cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(400), { maxLength: 12 }), (pieces, cuts) => {
        const script = pieces.join('');
        const places = [0, ...cuts.map((cut) => Math.min(cut, script.length)), script.length].sort((a, b) => a - b);
        const chunks = places.slice(1).map((end, i) => script.slice(places[i], end));
        expect(split(...chunks)).toEqual(split(script));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a statement without end instead of keeping all of it', () => {
    const splitter = new StatementSplitter();
    const chunk = 'x'.repeat(16 * 1024 * 1024);
    splitter.push("SELECT 1;\n  SELECT '");
    const pushAll = (): void => {
      for (let i = 0; i < 20; i++) {
        while (splitter.next() !== null);
        splitter.push(chunk);
      }
    };
    expect(pushAll).toThrow(
      expect.objectContaining({ kind: 'SyntaxException', position: { offset: 12, line: 2, column: 2 } }),
    );
  });

  it('keeps memory flat over a long script', () => {
    const splitter = new StatementSplitter();
    const chunk = "INSERT INTO t (a, b) VALUES (1, 'x');\n".repeat(1000);
    let count = 0;
    for (let i = 0; i < 200; i++) {
      splitter.push(chunk.slice(0, 700 + i));
      while (splitter.next() !== null) count++;
      splitter.push(chunk.slice(700 + i));
      while (splitter.next() !== null) count++;
    }
    expect(count).toBe(200_000);
    // @ts-expect-error: the buffer is private; that it does not grow is the point.
    expect(splitter.buffer.length).toBeLessThan(2 * chunk.length);
  });
});

describe('shapes', () => {
  it('are one object for statements that differ in their literals only', () => {
    const [first, second, third] = split(
      "INSERT INTO t (a, b) VALUES (1, 'x');INSERT INTO t (a, b) VALUES (null, 2.5); INSERT INTO t (a, c) VALUES (1, 2);",
    );
    expect(second!.shape).toBe(first!.shape);
    expect(third!.shape).not.toBe(first!.shape);
    expect(first!.literals).toEqual([
      { type: 'integer', text: '1' },
      { type: 'string', text: 'x' },
    ]);
    expect(second!.literals).toEqual([
      { type: 'null', text: 'null' },
      { type: 'float', text: '2.5' },
    ]);
  });

  it.each([
    ['SELECT a FROM t LIMIT 1', "SELECT a FROM t LIMIT '1'"],
    ["INSERT INTO t JSON '{}'", 'INSERT INTO t JSON 5'],
    ['UPDATE t SET a = a -1 WHERE k = 1', 'UPDATE t SET a = a - 1 WHERE k = 1'],
    ['INSERT INTO t (a) VALUES (1) USING TTL 5', "INSERT INTO t (a) VALUES (1) USING TTL '5'"],
    ['SELECT a FROM t WHERE a = 1 + 1', "SELECT a FROM t WHERE a = 1 + 'a'"],
    ['SELECT (a) 1 FROM t', 'SELECT (a) -1 FROM t'],
  ])('differ for %s and %s', (a, b) => {
    expect(splitSingle(a)!.shape!.key).not.toBe(splitSingle(b)!.shape!.key);
  });

  it('of other statements than queries are not taken', () => {
    expect(splitSingle("CREATE TABLE t (a int PRIMARY KEY) WITH comment = 'x'")!.shape).toBeUndefined();
  });

  it('have a literal of the AST for each slot, with what was scanned there', () => {
    fc.assert(
      fc.property(query, (statement) => {
        const source = splitSingle(printStatement(statement));
        if (source?.shape === undefined) return;
        const parsed = parseSplit(source);
        if (!parsed.isShareable) return;
        const literals = slotLiterals(parsed.statement).map(({ type, text }) => ({ type, text }));
        expect(literals).toEqual(source.literals);
      }),
      { numRuns: 1000 },
    );
  });

  const value = fc.constantFrom(
    '1',
    '-1',
    "'a'",
    "'it''s'",
    '$$b$$',
    'null',
    'TRUE',
    '1.5',
    'NaN',
    '-Infinity',
    '0xff',
    '1h',
    'P1Y',
    'e79ff158-75ef-11eb-bd28-e90f3e546350',
    '1e10',
    'false',
  );

  it('bound to the literals of another statement equal its full parse', () => {
    const values = fc.array(value, { minLength: 7, maxLength: 7 });
    const templates = fc.constantFrom(
      'INSERT INTO ks.t (a, b, c) VALUES ($, {$: [$, $]}, ($, {x: $})) USING TTL 5',
      'UPDATE t SET a = $, b = [$] + b, c[$] = $, d += {$} WHERE k = $ AND l IN ($) IF m = 5',
      'DELETE a[$] FROM t WHERE k=$ AND (l, m) > ($, $) AND n<$ AND o>=$ AND p IN ($)',
      'SELECT f($, $), [$], (int) 5 FROM t WHERE token(a) > $ AND m[$] = $ AND b BETWEEN 1 AND 2 LIMIT 10',
      'BEGIN BATCH INSERT INTO t (a) VALUES ($); UPDATE t SET b=$ WHERE c = {$, $} AND x = $ AND y = $; DELETE FROM t WHERE z=$; APPLY BATCH',
    );
    const fill = (template: string, list: readonly string[]): string => {
      let next = 0;
      return template.replace(/\$/g, () => list[next++]!);
    };
    fc.assert(
      fc.property(templates, values, values, (template, some, others) => {
        const [first, second] = split(`${fill(template, some)};\n${fill(template, others)};`);
        expect(second!.shape).toBe(first!.shape);
        const shape = parseSplit(first!);
        expect(shape.isShareable).toBe(true);
        expect(withoutPositions(bind(shape.statement, second!.literals))).toEqual(
          withoutPositions(parse(second!.text).statement),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('know where their literals stand', () => {
    const { shape, text } = splitSingle("INSERT INTO t (a, b) VALUES (12, 'x')")!;
    expect(slotOffsetsOf(shape!, text).map((offset) => text.slice(offset, offset + 2))).toEqual(['12', "'x"]);
  });
});

describe('isComplete', () => {
  it.each([
    ['', true],
    ['SELECT 1;', true],
    ['SELECT 1; ', true],
    ['SELECT 1; -- done', true],
    ['SELECT 1', false],
    ["SELECT ';", false],
    ['SELECT 1; /* ', false],
    ['SELECT 1; SELECT', false],
    ['BEGIN BATCH INSERT INTO t (a) VALUES (1);', false],
    ['BEGIN BATCH INSERT INTO t (a) VALUES (1); APPLY BATCH;', true],
    ['SELECT $$;', false],
    ['SELECT ";', false],
  ])('%j: %s', (text, expected) => {
    expect(isComplete(text)).toBe(expected);
  });
});
