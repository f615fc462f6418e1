import { float64At, int32At } from '../../../bytes/index.ts';
import { civilFromDays } from '../../../types/civil.ts';
import { type CqlType, codecOf } from '../../../types/index.ts';
import type { JsonBytes } from './json-bytes.ts';

/** Writes one value as `AbstractType.toJSONString` has it. */
export type ValueJson = (out: JsonBytes, bytes: Uint8Array, start: number, end: number) => void;

/**
 * The writer of a type. The types that most data is made of are written without a string in between; all others, and
 * values that are empty or of a wrong length, go through the type's codec.
 */
export function valueJson(type: CqlType): ValueJson {
  const codec = codecOf(type);
  const general: ValueJson = (out, bytes, start, end) => out.text(codec.toJson(bytes, start, end));
  if (type.kind !== 'native') return general;
  switch (type.name) {
    case 'int':
      return (out, bytes, start, end) =>
        end - start === 4 ? out.integer(int32At(bytes, start)) : general(out, bytes, start, end);
    case 'counter':
      // sstabledump takes the context, which is longer, for its first eight bytes.
      return (out, bytes, start, end) =>
        end - start >= 8
          ? out.int64(int32At(bytes, start), int32At(bytes, start + 4))
          : general(out, bytes, start, end);
    case 'bigint':
      return (out, bytes, start, end) =>
        end - start === 8
          ? out.int64(int32At(bytes, start), int32At(bytes, start + 4))
          : general(out, bytes, start, end);
    case 'text':
    case 'ascii':
      return (out, bytes, start, end) => {
        if (!out.plainString(bytes, start, end)) general(out, bytes, start, end);
      };
    case 'uuid':
    case 'timeuuid':
      return (out, bytes, start, end) => {
        if (end - start !== 16) return general(out, bytes, start, end);
        out.byte(QUOTE);
        out.uuid(bytes, start);
        out.byte(QUOTE);
      };
    case 'boolean':
      return (out, bytes, start, end) =>
        end - start === 1 ? out.raw(bytes[start] === 0 ? FALSE : TRUE) : general(out, bytes, start, end);
    case 'double':
      return (out, bytes, start, end) => {
        const value = end - start === 8 ? float64At(bytes, start) : Number.NaN;
        // Java and JavaScript print the shortest digits alike where no exponent is needed.
        if (Number.isInteger(value) || !isPlain(Math.abs(value))) general(out, bytes, start, end);
        else out.text(String(value));
      };
    case 'timestamp':
      return timestampJson(general);
    default:
      return general;
  }
}

const QUOTE = 0x22;
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

function isPlain(magnitude: number): boolean {
  return magnitude >= 1e-3 && magnitude < 1e7;
}

const MILLIS_PER_DAY = 86_400_000;
/** Years 1 to 9999. */
const FIRST_PLAIN_DAY = -719_162;
const LAST_PLAIN_DAY = 2_932_896;

/** `"2020-11-02 17:15:40.000Z"` */
function timestampJson(general: ValueJson): ValueJson {
  return (out, bytes, start, end) => {
    const millis =
      end - start === 8 ? int32At(bytes, start) * 4294967296 + (int32At(bytes, start + 4) >>> 0) : Number.NaN;
    const day = Math.floor(millis / MILLIS_PER_DAY);
    if (!(day >= FIRST_PLAIN_DAY && day <= LAST_PLAIN_DAY)) return general(out, bytes, start, end);
    const { year, month, day: dayOfMonth } = civilFromDays(day);
    const inDay = millis - day * MILLIS_PER_DAY;
    const second = (inDay / 1000) | 0;
    const fraction = inDay - second * 1000;
    const century = (year / 100) | 0;
    const tenths = (fraction / 10) | 0;
    out.byte(QUOTE);
    // Written over by the next two digits.
    out.padded2(century, DASH);
    out.position--;
    out.padded2(year - century * 100, DASH);
    out.padded2(month, DASH);
    out.padded2(dayOfMonth, SPACE);
    out.padded2((second / 3600) | 0, COLON);
    out.padded2(((second / 60) | 0) % 60, COLON);
    out.padded2(second % 60, POINT);
    out.padded2(tenths, ZERO + fraction - tenths * 10);
    out.byte(ZULU);
    out.byte(QUOTE);
  };
}

const DASH = 0x2d;
const SPACE = 0x20;
const COLON = 0x3a;
const POINT = 0x2e;
const ZERO = 0x30;
const ZULU = 0x5a;
