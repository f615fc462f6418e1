import { EMPTY_BYTES, int32At, toHex } from '../bytes/index.ts';
import { CorruptionError, CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue } from './codec.ts';
import { unexpectedJson } from './json.ts';
import { plainUuidReader, readPlain } from './plain-text.ts';
import { ScalarCodec } from './scalar-codec.ts';

const readUuid = plainUuidReader();

/**
 * uuid and timeuuid, RFC 4122's sixteen bytes:
 *
 *   u32   time, low
 *   u16   time, middle
 *   u16   version (4 bits) and time, high
 *   u64   variant, clock sequence, node
 *
 * uuid orders by version, then by time for version 1 and by the bytes for others, then by the rest as unsigned bytes.
 * timeuuid orders by time, then by the rest as signed bytes (CASSANDRA-8730).
 */
class UuidCodec extends ScalarCodec {
  constructor(name: 'uuid' | 'timeuuid' = 'uuid') {
    super(name, 16, false);
  }

  override compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    if (aEnd - aStart !== 16 || bEnd - bStart !== 16) return aEnd - aStart - (bEnd - bStart);
    const aVersion = a[aStart + 6] >> 4;
    const versions = aVersion - (b[bStart + 6] >> 4);
    if (versions !== 0) return versions;
    const difference = aVersion === 1 ? compareTimes(a, aStart, b, bStart) : compareBytes(a, aStart, b, bStart, 0, 8);
    return difference !== 0 ? difference : compareBytes(a, aStart, b, bStart, 8, 16);
  }

  validate(_bytes: Uint8Array, start: number, end: number): void {
    this.expectLength(end - start === 16 || start === end, 'UUID should be 16 or 0 bytes', end - start);
  }

  decode(bytes: Uint8Array, start: number, end: number): string | null {
    if (start === end) return null;
    if (end - start !== 16) this.validate(bytes, start, end);
    return uuidText(bytes, start);
  }

  encode(value: CqlValue): Uint8Array {
    // Other libraries' Uuid objects print as their text.
    const text = typeof value === 'object' && value !== null ? String(value) : value;
    const bytes = typeof text === 'string' ? parseUuid(text) : null;
    if (bytes === null || !this.accepts(bytes)) this.reject(`the text of a ${this.type.name}`, value);
    return bytes;
  }

  protected accepts(_bytes: Uint8Array): boolean {
    return true;
  }

  fromString(text: string): Uint8Array {
    if (text === '') return EMPTY_BYTES;
    const bytes = parseUuid(text);
    if (bytes === null) throw CqlError.invalidRequest(`Unable to make UUID from '${text}'`);
    return bytes;
  }

  fromJson(value: JsonValue): Uint8Array {
    if (typeof value !== 'string') throw unexpectedJson(`a string representation of a ${this.type.name}`, value);
    return this.fromString(value);
  }

  override toJson(bytes: Uint8Array, start: number, end: number): string {
    return `"${this.text(bytes, start, end)}"`;
  }

  protected text(bytes: Uint8Array, start: number, end: number): string {
    return this.decode(bytes, start, end) ?? '';
  }
}

class TimeuuidCodec extends UuidCodec {
  constructor() {
    super('timeuuid');
  }

  override compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    if (aEnd - aStart !== 16 || bEnd - bStart !== 16) return aEnd - aStart - (bEnd - bStart);
    const times = compareTimes(a, aStart, b, bStart);
    if (times !== 0) return times;
    for (let i = 8; i < 16; i++) {
      const difference = ((a[aStart + i] << 24) >> 24) - ((b[bStart + i] << 24) >> 24);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  override validate(bytes: Uint8Array, start: number, end: number): void {
    super.validate(bytes, start, end);
    if (start !== end && bytes[start + 6] >> 4 !== 1) {
      // Cassandra's message shows the top of the first byte, not the version.
      throw new CorruptionError(`Invalid version for TimeUUID type: 0x${(bytes[start] >> 4).toString(16)}`);
    }
  }

  override fromString(text: string): Uint8Array {
    if (text === '') return EMPTY_BYTES;
    const bytes = parseUuid(text);
    if (bytes === null) throw CqlError.invalidRequest(`Unknown timeuuid representation: ${text}`);
    if (!this.accepts(bytes)) throw CqlError.invalidRequest('TimeUUID supports only version 1 UUIDs');
    return bytes;
  }

  protected override accepts(bytes: Uint8Array): boolean {
    return bytes[6] >> 4 === 1;
  }
}

/** Order of the 60-bit times, the version in front of them included. */
function compareTimes(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number): number {
  const high = ((a[aStart + 6] << 8) | a[aStart + 7]) - ((b[bStart + 6] << 8) | b[bStart + 7]);
  if (high !== 0) return high;
  const middle = ((a[aStart + 4] << 8) | a[aStart + 5]) - ((b[bStart + 4] << 8) | b[bStart + 5]);
  if (middle !== 0) return middle;
  return (int32At(a, aStart) >>> 0) - (int32At(b, bStart) >>> 0);
}

function compareBytes(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    const difference = a[aStart + i] - b[bStart + i];
    if (difference !== 0) return difference;
  }
  return 0;
}

function uuidText(bytes: Uint8Array, start: number): string {
  const hex = toHex(bytes, start, start + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function parseUuid(text: string): Uint8Array | null {
  return readPlain(readUuid, text);
}

export const uuidCodec = new UuidCodec();
export const timeuuidCodec = new TimeuuidCodec();
