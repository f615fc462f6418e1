import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDouble, parseInteger } from '../../src/types/java-numbers.ts';
import {
  type PlainReader,
  plainBigintReader,
  plainDoubleReader,
  plainIntReader,
  plainTimestampReader,
  plainUuidReader,
  readPlain,
} from '../../src/types/plain-text.ts';
import { parseTimestamp } from '../../src/types/timestamp-text.ts';

const digits = fc.stringMatching(/^[+-]?[0-9]{0,20}$/);
const twoDigits = (max: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'));
const dateTime = fc
  .tuple(
    fc.integer({ min: 0, max: 9999 }).map((year) => String(year).padStart(4, '0')),
    twoDigits(13),
    twoDigits(32),
    fc.constantFrom(' ', 'T', ' ', 'T', 'x'),
    twoDigits(24),
    twoDigits(61),
    twoDigits(61),
    fc.constantFrom('', '.0', '.123', '.123456', '.12345678901', '.1x3'),
    fc.constantFrom('', 'Z', '+0000', '+0100', '+000', ' UTC'),
  )
  .map(([y, m, d, s, H, M, S, fraction, zone]) => `${y}-${m}-${d}${s}${H}:${M}:${S}${fraction}${zone}`);

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

/** What the type's full grammar makes of a text; null where it refuses it. */
const CASES: readonly (readonly [string, PlainReader, fc.Arbitrary<string>, (text: string) => Buffer | null])[] = [
  [
    'int',
    plainIntReader(),
    digits,
    (text) => {
      const value = parseInteger(text, 32);
      return value === null ? null : int64(value).subarray(4);
    },
  ],
  [
    'bigint',
    plainBigintReader(),
    digits,
    (text) => {
      const value = parseInteger(text, 64);
      return value === null ? null : int64(value);
    },
  ],
  [
    'double',
    plainDoubleReader(),
    fc.oneof(digits, fc.stringMatching(/^-?[0-9]{0,9}\.[0-9.]{0,9}$/), fc.double().map(String)),
    (text) => {
      const value = parseDouble(text);
      if (value === null) return null;
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(value);
      return bytes;
    },
  ],
  [
    'timestamp',
    plainTimestampReader(),
    dateTime,
    (text) => {
      try {
        return int64(parseTimestamp(text));
      } catch {
        return null;
      }
    },
  ],
  [
    'uuid',
    plainUuidReader(),
    fc.oneof(
      fc.uuid(),
      fc.uuid().map((text) => text.toUpperCase()),
      fc.tuple(fc.uuid(), fc.nat(35), fc.constantFrom('', '-', 'g', ' ', '\u0130', '0')).map(replaceAt),
    ),
    (text) =>
      /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)
        ? Buffer.from(text.replaceAll('-', ''), 'hex')
        : null,
  ],
];

function replaceAt([text, at, by]: readonly [string, number, string]): string {
  return text.slice(0, at) + by + text.slice(at + 1);
}

describe('a plain form read from characters', () => {
  it.each(CASES)('is what the grammar of %s says, or left to it', (_, reader, texts, grammar) => {
    let plain = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const read = readPlain(reader, text);
        if (read === null) return;
        plain++;
        expect(Buffer.from(read)).toEqual(grammar(text));
      }),
      { numRuns: 5000 },
    );
    expect(plain).toBeGreaterThan(50);
  });

  it('is the whole of the text, and never of one with other characters', () => {
    const reader = plainIntReader();
    expect(readPlain(reader, '12')).toEqual(Uint8Array.of(0, 0, 0, 12));
    for (const text of ['', '12 ', ' 12', '1２', '1'.repeat(41)]) expect(readPlain(reader, text)).toBeNull();
  });

  it('is in bytes of its own', () => {
    const reader = plainIntReader();
    const first = readPlain(reader, '1');
    readPlain(reader, '2');
    expect(first).toEqual(Uint8Array.of(0, 0, 0, 1));
  });
});
