import { float64At, int32At } from '../../../bytes/index.ts';
import { type CqlType, codecOf } from '../../../types/index.ts';
import { DayText } from './day-text.ts';
import { type JsonBytes, Piece } from './json-bytes.ts';

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
      return (out, bytes, start, end) =>
        end - start === 16 ? out.uuid(bytes, start) : general(out, bytes, start, end);
    case 'boolean':
      return (out, bytes, start, end) =>
        end - start === 1 ? out.piece(bytes[start] === 0 ? FALSE : TRUE) : general(out, bytes, start, end);
    case 'double':
      return (out, bytes, start, end) => {
        const value = end - start === 8 ? float64At(bytes, start) : Number.NaN;
        if (out.decimal(value)) return;
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

const TRUE = Piece.of('true');
const FALSE = Piece.of('false');

function isPlain(magnitude: number): boolean {
  return magnitude >= 1e-3 && magnitude < 1e7;
}

/** `"2020-11-02 17:15:40.000Z"` */
function timestampJson(general: ValueJson): ValueJson {
  const days = new DayText(' ');
  return (out, bytes, start, end) => {
    const millis =
      end - start === 8 ? int32At(bytes, start) * 4294967296 + (int32At(bytes, start + 4) >>> 0) : Number.NaN;
    const seconds = Math.floor(millis / 1000);
    if (!days.put(out, seconds, POINT)) return general(out, bytes, start, end);
    out.padded3(millis - seconds * 1000);
    out.byte(ZULU);
    out.byte(QUOTE);
  };
}

const POINT = 0x2e;
const ZULU = 0x5a;
const QUOTE = 0x22;
