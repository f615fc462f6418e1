import { CqlError } from '../errors/index.ts';
import type { JsonNumber, JsonValue } from './codec.ts';
import { doubleToString } from './java-numbers.ts';

/**
 * JSON as Cassandra's Jackson reads and writes it (`utils/JsonUtils`, 5.0.8): numbers keep their text, objects keep the
 * order of their keys, and messages name Java's classes.
 */

/** Inside of a JSON string: quotes, backslashes and control characters escaped, the rest as it is. */
export function escapeJson(text: string): string {
  return MUST_ESCAPE.test(text) ? text.replace(ALL_ESCAPED, escapeCharacter) : text;
}

export function quoteJson(text: string): string {
  return `"${escapeJson(text)}"`;
}

const MUST_ESCAPE = /["\\\u0000-\u001f]/;
const ALL_ESCAPED = /["\\\u0000-\u001f]/g;
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

function escapeCharacter(character: string): string {
  return SHORT_ESCAPES[character] ?? `\\u00${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Deepest nesting read: Jackson's own limit. */
const MAX_DEPTH = 1000;

/** Throws CqlError InvalidRequest when the text is not one JSON value. */
export function parseJson(text: string): JsonValue {
  const reader = new JsonReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y;

class JsonReader {
  private readonly text: string;
  private position = 0;

  constructor(text: string) {
    this.text = text;
  }

  value(depth: number): JsonValue {
    if (depth > MAX_DEPTH) this.fail(`nested deeper than ${MAX_DEPTH}`);
    this.skipBlanks();
    const character = this.text[this.position];
    switch (character) {
      case '{':
        return this.object(depth);
      case '[':
        return this.array(depth);
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  end(): void {
    this.skipBlanks();
    if (this.position < this.text.length) this.unexpected();
  }

  private object(depth: number): JsonValue {
    const entries = new Map<string, JsonValue>();
    this.position++;
    this.skipBlanks();
    if (this.accept('}')) return entries;
    do {
      this.skipBlanks();
      if (this.text[this.position] !== '"') this.unexpected();
      const key = this.string();
      this.skipBlanks();
      this.expect(':');
      entries.set(key, this.value(depth + 1));
      this.skipBlanks();
    } while (this.accept(','));
    this.expect('}');
    return entries;
  }

  private array(depth: number): JsonValue {
    const elements: JsonValue[] = [];
    this.position++;
    this.skipBlanks();
    if (this.accept(']')) return elements;
    do {
      elements.push(this.value(depth + 1));
      this.skipBlanks();
    } while (this.accept(','));
    this.expect(']');
    return elements;
  }

  private string(): string {
    this.position++;
    let result = '';
    for (;;) {
      PLAIN_TEXT.lastIndex = this.position;
      result += PLAIN_TEXT.exec(this.text)?.[0] ?? '';
      this.position = PLAIN_TEXT.lastIndex;
      if (this.accept('"')) return result;
      this.expect('\\');
      result += this.escape();
    }
  }

  private escape(): string {
    const character = this.text[this.position++];
    switch (character) {
      case '"':
      case '\\':
      case '/':
        return character;
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'u': {
        const digits = this.text.slice(this.position, this.position + 4);
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.unexpected();
        this.position += 4;
        return String.fromCharCode(Number.parseInt(digits, 16));
      }
      default:
        this.position--;
        return this.unexpected();
    }
  }

  private number(): JsonNumber {
    NUMBER.lastIndex = this.position;
    const match = NUMBER.exec(this.text);
    if (match === null) return this.unexpected();
    this.position = NUMBER.lastIndex;
    return { kind: 'number', text: match[0] };
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.position)) this.unexpected();
    this.position += word.length;
    return value;
  }

  private skipBlanks(): void {
    const text = this.text;
    for (;;) {
      const character = text[this.position];
      if (character !== ' ' && character !== '\n' && character !== '\r' && character !== '\t') return;
      this.position++;
    }
  }

  private accept(character: string): boolean {
    if (this.text[this.position] !== character) return false;
    this.position++;
    return true;
  }

  private expect(character: string): void {
    if (!this.accept(character)) this.unexpected();
  }

  private unexpected(): never {
    const character = this.text[this.position];
    this.fail(
      character === undefined ? 'unexpected end of input' : `unexpected character ${JSON.stringify(character)}`,
    );
  }

  private fail(what: string): never {
    throw CqlError.invalidRequest(`Error decoding JSON string: ${what} at offset ${this.position}`);
  }
}

export function isJsonNumber(value: JsonValue): value is JsonNumber {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

export function isJsonArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isJsonObject(value: JsonValue): value is ReadonlyMap<string, JsonValue> {
  return value instanceof Map;
}

/** The class Jackson reads a number into; anything with a point or an exponent is a Double. */
export function javaNumberClass(number: JsonNumber): 'Integer' | 'Long' | 'BigInteger' | 'Double' {
  if (!/^-?\d+$/.test(number.text)) return 'Double';
  const value = BigInt(number.text);
  if (BigInt.asIntN(32, value) === value) return 'Integer';
  return BigInt.asIntN(64, value) === value ? 'Long' : 'BigInteger';
}

/** `String.valueOf` of what Jackson read: `1.10` is the double `1.1`, a map is `{a=1}`. */
export function javaText(value: JsonValue): string {
  if (value === null || typeof value !== 'object') return String(value);
  if (isJsonNumber(value)) {
    return javaNumberClass(value) === 'Double' ? doubleToString(Number(value.text)) : BigInt(value.text).toString();
  }
  if (isJsonArray(value)) return `[${value.map(javaText).join(', ')}]`;
  return `{${[...value].map(([key, item]) => `${key}=${javaText(item)}`).join(', ')}}`;
}

export function javaClassName(value: JsonValue): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'Boolean';
  if (typeof value === 'string') return 'String';
  if (isJsonNumber(value)) return javaNumberClass(value);
  return isJsonArray(value) ? 'ArrayList' : 'LinkedHashMap';
}

/** `Expected …, but got a String: x`, the form of nearly all of Cassandra's messages here. */
export function unexpectedJson(expected: string, value: JsonValue): CqlError {
  return CqlError.invalidRequest(`Expected ${expected}, but got a ${javaClassName(value)}: ${javaText(value)}`);
}

/** A fault of a value's JSON that Cassandra tells as it is, where of others it says in which column or function they are. */
export class PlainJsonError extends CqlError {
  constructor(message: string) {
    super('InvalidRequest', message);
  }
}
