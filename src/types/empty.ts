import { EMPTY_BYTES } from '../bytes/index.ts';
import { CorruptionError, CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue } from './codec.ts';
import { javaText } from './json.ts';
import { ScalarCodec } from './scalar-codec.ts';

/** `EmptyType`: the value column of some compact tables, which never holds a byte. */
class EmptyCodec extends ScalarCodec {
  constructor() {
    super('empty', 0, true);
  }

  override compare(): number {
    return 0;
  }

  validate(_bytes: Uint8Array, start: number, end: number): void {
    if (start !== end) throw new CorruptionError('EmptyType only accept empty values');
  }

  decode(): null {
    return null;
  }

  encode(value: CqlValue): Uint8Array {
    if (value !== null) this.reject('null', value);
    return EMPTY_BYTES;
  }

  fromString(text: string): Uint8Array {
    if (text !== '') throw CqlError.invalidRequest(`'${text}' is not empty`);
    return EMPTY_BYTES;
  }

  fromJson(value: JsonValue): Uint8Array {
    if (typeof value !== 'string')
      throw CqlError.invalidRequest(`Expected an empty string, but got: ${javaText(value)}`);
    return this.fromString(value);
  }

  override toLiteral(): string {
    return 'null';
  }

  protected text(): string {
    return '';
  }
}

export const emptyCodec = new EmptyCodec();
