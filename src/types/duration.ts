import { ByteCursor, ByteSink, EMPTY_BYTES, int64 } from '../bytes/index.ts';
import { CorruptionError, CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue } from './codec.ts';
import { parseDuration } from './duration-text.ts';
import { PlainJsonError, unexpectedJson } from './json.ts';
import { ScalarCodec } from './scalar-codec.ts';
import { Duration, isOneSign } from './values/duration.ts';

/**
 * duration, three signed vints: months (int32), days (int32), nanoseconds (int64), all of one sign. Durations have no
 * order in CQL; where one is needed they compare as bytes.
 */
class DurationCodec extends ScalarCodec {
  constructor() {
    super('duration', -1, true);
  }

  validate(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length < 3) throw new CorruptionError(`Expected at least 3 bytes for a duration (${length})`);
    this.read(bytes, start, end);
  }

  decode(bytes: Uint8Array, start: number, end: number): Duration | null {
    return start === end ? null : this.read(bytes, start, end);
  }

  /** Takes a Duration, or text as CQL does. */
  encode(value: CqlValue): Uint8Array {
    if (value instanceof Duration) return durationBytes(value);
    if (typeof value === 'string') return this.fromString(value);
    return this.reject('a Duration or text', value);
  }

  fromString(text: string): Uint8Array {
    return text === '' ? EMPTY_BYTES : durationBytes(parseDuration(text));
  }

  fromJson(value: JsonValue): Uint8Array {
    if (typeof value !== 'string') throw unexpectedJson('a string representation of a duration', value);
    try {
      return this.fromString(value);
    } catch (error) {
      throw error instanceof CqlError ? new PlainJsonError(error.message) : error;
    }
  }

  override toJson(bytes: Uint8Array, start: number, end: number): string {
    return `"${this.text(bytes, start, end)}"`;
  }

  override toLiteral(bytes: Uint8Array, start: number, end: number): string {
    const duration = this.decode(bytes, start, end);
    if (duration === null || isBeyondText(duration)) return this.bytesLiteral(bytes, start, end);
    return duration.toString() || '0s';
  }

  protected text(bytes: Uint8Array, start: number, end: number): string {
    return this.decode(bytes, start, end)?.toString() ?? '';
  }

  private read(bytes: Uint8Array, start: number, end: number): Duration {
    const cursor = new ByteCursor(bytes, start, end);
    const months = readInt32(cursor, 'months');
    const days = readInt32(cursor, 'days');
    cursor.signedVint64();
    const nanoseconds = int64.toBigInt(cursor.hi, cursor.lo);
    if (!isOneSign(months, days, nanoseconds)) {
      throw new CorruptionError(
        `The duration months, days and nanoseconds must be all of the same sign (${months}, ${days}, ${nanoseconds})`,
      );
    }
    return new Duration(months, days, nanoseconds);
  }
}

function readInt32(cursor: ByteCursor, what: string): number {
  cursor.signedVint64();
  if (cursor.hi !== cursor.lo >> 31) {
    const value = int64.toBigInt(cursor.hi, cursor.lo);
    throw new CorruptionError(`The duration ${what} must be a 32 bits integer but was: ${value}`);
  }
  return cursor.lo;
}

/** The least int32 and int64 have no positive counterpart, so that no text reads back to them. */
function isBeyondText(duration: Duration): boolean {
  return duration.months === -0x8000_0000 || duration.days === -0x8000_0000 || duration.nanoseconds === -(2n ** 63n);
}

function durationBytes(duration: Duration): Uint8Array {
  const sink = new ByteSink(16);
  sink.signedVint(duration.months);
  sink.signedVint(duration.days);
  sink.signedVint64(int64.hiOf(duration.nanoseconds), int64.loOf(duration.nanoseconds));
  return sink.copy();
}

export const durationCodec = new DurationCodec();
