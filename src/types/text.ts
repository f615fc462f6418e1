import { isUtf8 } from 'node:buffer';
import { utf8At } from '../bytes/index.ts';
import { CorruptionError, CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue } from './codec.ts';
import { quoteJson, unexpectedJson } from './json.ts';
import { ScalarCodec } from './scalar-codec.ts';

/** text (varchar is its other name) and ascii. The empty string is a value like any other. */
class TextCodec extends ScalarCodec {
  constructor(name: 'text' | 'ascii' = 'text') {
    super(name, -1, true);
  }

  validate(bytes: Uint8Array, start: number, end: number): void {
    if (!isUtf8(bytes.subarray(start, end))) throw new CorruptionError(`String didn't validate.`);
  }

  decode(bytes: Uint8Array, start: number, end: number): string {
    return utf8At(bytes, start, end);
  }

  encode(value: CqlValue): Uint8Array {
    if (typeof value !== 'string') this.reject('a string', value);
    return this.fromString(value);
  }

  /** A surrogate without its partner becomes `?`, as in Java. */
  fromString(text: string): Uint8Array {
    return Buffer.from(text.replace(LONE_SURROGATES, '?'), 'utf8');
  }

  fromJson(value: JsonValue): Uint8Array {
    if (typeof value !== 'string') throw unexpectedJson('a UTF-8 string', value);
    return this.fromString(value);
  }

  override toJson(bytes: Uint8Array, start: number, end: number): string {
    return quoteJson(this.text(bytes, start, end));
  }

  override toLiteral(bytes: Uint8Array, start: number, end: number): string {
    const text = this.text(bytes, start, end);
    // U+FFFD may stand for bytes that are not text, which a literal would lose.
    if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end))) return this.bytesLiteral(bytes, start, end);
    return quoteLiteral(text);
  }

  protected text(bytes: Uint8Array, start: number, end: number): string {
    return utf8At(bytes, start, end);
  }
}

class AsciiCodec extends TextCodec {
  constructor() {
    super('ascii');
  }

  override validate(bytes: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end; at++) {
      if (bytes[at] >= 0x80) throw new CorruptionError(`Invalid byte for ascii: ${bytes[at] - 256}`);
    }
  }

  override fromString(text: string): Uint8Array {
    if (NOT_ASCII.test(text)) {
      const cause = LONE_SURROGATE.test(text) ? 'Malformed' : 'UnmappableCharacter';
      const className = `java.nio.charset.${cause === 'Malformed' ? 'MalformedInput' : cause}Exception`;
      const length = cause === 'UnmappableCharacter' && (text.match(NOT_ASCII)?.[0].length ?? 1);
      throw CqlError.invalidRequest(
        `Invalid ASCII character in string literal: ${className}: Input length = ${length || 1}`,
      );
    }
    return Buffer.from(text, 'latin1');
  }

  override fromJson(value: JsonValue): Uint8Array {
    if (typeof value !== 'string') throw unexpectedJson('an ascii string', value);
    return this.fromString(value);
  }
}

const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATES = /\p{Surrogate}/gu;
const NOT_ASCII = /[^\u0000-\u007f]/u;

/** A CQL string literal. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export const textCodec = new TextCodec();
export const asciiCodec = new AsciiCodec();
