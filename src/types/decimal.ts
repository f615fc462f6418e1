import { EMPTY_BYTES, int32At } from '../bytes/index.ts';
import { CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue } from './codec.ts';
import { javaText } from './json.ts';
import { ScalarCodec } from './scalar-codec.ts';
import { compareDecimals, Decimal } from './values/decimal.ts';
import { isShortest, varintAt, varintBytes } from './varint.ts';

/**
 * decimal, ordered by value:
 *
 *   i32     scale
 *   bytes   the unscaled value, a varint
 */
class DecimalCodec extends ScalarCodec {
  constructor() {
    super('decimal', -1, false);
  }

  override compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    if (aStart === aEnd) return bStart === bEnd ? 0 : -1;
    if (bStart === bEnd) return 1;
    return compareDecimals(
      varintAt(a, aStart + 4, aEnd),
      int32At(a, aStart),
      varintAt(b, bStart + 4, bEnd),
      int32At(b, bStart),
    );
  }

  validate(_bytes: Uint8Array, start: number, end: number): void {
    // Cassandra lets four bytes pass here and fails when it reads them: no number is without digits.
    this.expectLength(start === end || end - start > 4, 'Expected 0 or at least 4 bytes', end - start);
  }

  decode(bytes: Uint8Array, start: number, end: number): Decimal | null {
    if (start === end) return null;
    this.validate(bytes, start, end);
    return new Decimal(varintAt(bytes, start + 4, end), int32At(bytes, start));
  }

  /** Takes a Decimal, a bigint, the text of a number, or a finite number (its shortest digits). */
  encode(value: CqlValue): Uint8Array {
    if (value instanceof Decimal) return decimalBytes(value);
    const isNumeric = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
    const decimal = isNumeric ? Decimal.parse(String(value)) : null;
    if (decimal === null) this.reject('a Decimal, or a finite number, bigint or text', value);
    return decimalBytes(decimal);
  }

  fromString(text: string): Uint8Array {
    if (text === '') return EMPTY_BYTES;
    const decimal = Decimal.parse(text);
    if (decimal === null) throw CqlError.invalidRequest(`unable to make BigDecimal from '${text}'`);
    return decimalBytes(decimal);
  }

  /** As Cassandra: a number with a point or an exponent passes through a double. Texts keep all digits. */
  fromJson(value: JsonValue): Uint8Array {
    const text = javaText(value);
    const decimal = Decimal.parse(text);
    if (text === '') return EMPTY_BYTES;
    if (decimal === null) {
      throw CqlError.invalidRequest(`Value '${text}' is not a valid representation of a decimal value`);
    }
    return decimalBytes(decimal);
  }

  override toLiteral(bytes: Uint8Array, start: number, end: number): string {
    if (start === end || !isShortest(bytes, start + 4, end)) return this.bytesLiteral(bytes, start, end);
    return this.text(bytes, start, end);
  }

  protected text(bytes: Uint8Array, start: number, end: number): string {
    return this.decode(bytes, start, end)?.toString() ?? '';
  }
}

function decimalBytes(value: Decimal): Uint8Array {
  const scale = Buffer.allocUnsafe(4);
  scale.writeInt32BE(value.scale);
  return Buffer.concat([scale, varintBytes(value.unscaled)]);
}

export const decimalCodec = new DecimalCodec();
