import { int32At, utf8At } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import type { FunctionFactory, ScalarFunction } from '../../planner/index.ts';
import { scalar } from './define-function.ts';
import { intBytes } from './numbers.ts';
import { scalarFactory } from './variadic.ts';

type Bytes = Uint8Array | null;

/** explore's functions of texts. Positions count characters (code points) from 1, as in SQL. */
export function textFunctions(): ScalarFunction[] {
  const ofEither = (['text', 'ascii'] as const).flatMap((type) => [
    ofText('lower', type, (text) => text.toLowerCase()),
    ofText('upper', type, (text) => text.toUpperCase()),
    ofText('trim', type, (text) => text.trim()),
    scalar({
      name: 'length',
      argumentTypes: [type],
      returnType: 'int',
      evaluate: ([bytes]) => (bytes === null ? null : intBytes([...textOf(bytes)].length)),
    }),
    scalar({ name: 'substring', argumentTypes: [type, 'int'], returnType: type, evaluate: substring }),
    scalar({ name: 'substring', argumentTypes: [type, 'int', 'int'], returnType: type, evaluate: substring }),
  ]);
  return [...ofEither, replaceFunction, regexpMatches()];
}

export function textFactories(): FunctionFactory[] {
  return [
    scalarFactory('concat', 'text', (args) => {
      const texts = args.filter((bytes) => bytes !== null);
      return texts.length === 0 ? null : Buffer.concat(texts);
    }),
  ];
}

const replaceFunction = scalar({
  name: 'replace',
  argumentTypes: ['text', 'text', 'text'],
  returnType: 'text',
  evaluate: ([bytes, from, to]) =>
    bytes === null || from === null || to === null
      ? null
      : Buffer.from(textOf(bytes).replaceAll(textOf(from), textOf(to))),
});

function ofText(name: string, type: 'text' | 'ascii', change: (text: string) => string): ScalarFunction {
  return scalar({
    name,
    argumentTypes: [type],
    returnType: type,
    evaluate: ([bytes]) => (bytes === null ? null : Buffer.from(change(textOf(bytes)))),
  });
}

export function textOf(bytes: Uint8Array): string {
  return utf8At(bytes, 0, bytes.length);
}

function substring([bytes, from, count]: readonly Bytes[]): Bytes {
  if (bytes === null || from === null || count === null) return null;
  const characters = [...textOf(bytes)];
  const start = int32At(from, 0) - 1;
  const end = count === undefined ? characters.length : start + Math.max(0, int32At(count, 0));
  return Buffer.from(characters.slice(Math.max(0, start), Math.max(0, end)).join(''));
}

/** `regexp_matches(text, pattern)`: whether the pattern (a JavaScript regular expression) is found in the text. */
function regexpMatches(): ScalarFunction {
  let source: string | null = null;
  let pattern: RegExp | null = null;
  return scalar({
    name: 'regexp_matches',
    argumentTypes: ['text', 'text'],
    returnType: 'boolean',
    evaluate: ([bytes, wanted]) => {
      if (bytes === null || wanted === null) return null;
      const text = textOf(wanted);
      if (pattern === null || source !== text) {
        pattern = compilePattern(text);
        source = text;
      }
      return Uint8Array.of(pattern.test(textOf(bytes)) ? 1 : 0);
    },
  });
}

function compilePattern(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw CqlError.invalidRequest(`not a regular expression: ${error.message}`);
  }
}
