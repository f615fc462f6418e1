import { CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue } from './codec.ts';
import { unexpectedJson } from './json.ts';
import { ScalarCodec } from './scalar-codec.ts';

const TRUE = Uint8Array.of(1);
const FALSE = Uint8Array.of(0);

/**
 * boolean: one byte, 0 is false and all else true. An empty value prints as `""` in JSON, as the other types' do;
 * Cassandra's own SELECT JSON fails on it.
 */
class BooleanCodec extends ScalarCodec {
  constructor() {
    super('boolean', 1, false);
  }

  override compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    if (aStart === aEnd) return bStart === bEnd ? 0 : -1;
    if (bStart === bEnd) return 1;
    return (a[aStart] === 0 ? 0 : 1) - (b[bStart] === 0 ? 0 : 1);
  }

  validate(_bytes: Uint8Array, start: number, end: number): void {
    this.expectLength(end - start <= 1, 'Expected 1 or 0 byte value', end - start);
  }

  decode(bytes: Uint8Array, start: number, end: number): boolean | null {
    if (start === end) return null;
    this.validate(bytes, start, end);
    return bytes[start] !== 0;
  }

  encode(value: CqlValue): Uint8Array {
    if (typeof value !== 'boolean') this.reject('a boolean', value);
    return value ? TRUE : FALSE;
  }

  fromString(text: string): Uint8Array {
    const lower = text.toLowerCase();
    if (lower === 'true') return TRUE;
    if (lower === 'false' || lower === '') return FALSE;
    throw CqlError.invalidRequest(`Unable to make boolean from '${text}'`);
  }

  fromJson(value: JsonValue): Uint8Array {
    if (typeof value === 'string') return this.fromString(value);
    if (typeof value !== 'boolean') throw unexpectedJson('a boolean value', value);
    return value ? TRUE : FALSE;
  }

  override toLiteral(bytes: Uint8Array, start: number, end: number): string {
    if (start === end || bytes[start] > 1) return this.bytesLiteral(bytes, start, end);
    return this.text(bytes, start, end);
  }

  protected text(bytes: Uint8Array, start: number, end: number): string {
    return start === end ? '' : String(bytes[start] !== 0);
  }
}

export const booleanCodec = new BooleanCodec();
