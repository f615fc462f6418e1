import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CqlType, codecOf, equalityFormOf, toMarshalName } from '../../src/types/index.ts';
import { COMPARABLE_VALUES, native } from './comparable-values.ts';

/** What hashes go by: the form, or the bytes themselves where there is none. */
function formHex(type: CqlType, value: Uint8Array): string {
  const form = equalityFormOf(type);
  return Buffer.from(form === null ? value : form(value, 0, value.length)).toString('hex');
}

function areEqual(type: CqlType, a: Uint8Array, b: Uint8Array): boolean {
  return codecOf(type).compare(a, 0, a.length, b, 0, b.length) === 0;
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const list = (element: CqlType): CqlType => ({ kind: 'list', element, frozen: true });
const pair = (a: CqlType, b: CqlType): CqlType => ({ kind: 'tuple', elements: [a, b] });
const [int, double, float, varint, decimal, boolean] = (
  ['int', 'double', 'float', 'varint', 'decimal', 'boolean'] as const
).map(native);

describe('equality forms', () => {
  it.each(COMPARABLE_VALUES)('of %s are the same exactly for equal values', (_name, type, values) => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(formHex(type, a) === formHex(type, b)).toBe(areEqual(type, a, b));
        expect(formHex(type, a)).toBe(formHex(type, Uint8Array.from(a)));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [decimal, '00000001 0a', '00000002 64', true], // 1.0, 1.00
    [decimal, '00000000 00', '00000007 0000', true], // zeros
    [decimal, '80000000 01', '80000001 0a', true], // 1E+2147483648, at the end of the scale
    [decimal, '00000001 0a', '00000001 0b', false],
    [decimal, '00000000 01', '00000000 ff', false],
    [varint, '01', '000001', true],
    [varint, 'ff80', '80', true],
    [varint, '0080', '80', false],
    [double, '7ff8000000000000', 'fff0000000000001', true], // NaNs
    [double, '7ff0000000000000', '7ff0000000000001', false], // infinity, NaN
    [double, '8000000000000000', '0000000000000000', false], // -0.0, 0.0
    [float, '7fc00000', '7f800001', true],
    [float, '80000000', '00000000', false],
    [boolean, '01', '02', true],
    [boolean, '00', '', false],
    [list(decimal), '00000001 00000005 00000001 0a', '00000001 00000006 00000002 0064', true],
    [list(varint), '00000000', '00000001 00000000', false], // no elements, an empty one
    [list(varint), '00000000', '', false],
    [list(int), '00000001 ffffffff', '00000001 00000000', false], // a null, an empty one
    [pair(int, varint), '00000004 00000007', '00000004 00000007 ffffffff', true], // missing, null
    [pair(int, varint), 'ffffffff', 'ffffffff ffffffff', true],
    [pair(int, varint), 'ffffffff', '', false],
    [pair(int, varint), '00000004 00000007 00000001 01', '00000004 00000007 00000002 0001', true],
    [{ kind: 'vector', element: double, dimensions: 1 } as CqlType, '7ff8000000000000', 'fff8000000000000', true],
    [
      { kind: 'map', key: int, value: boolean, frozen: true } as CqlType,
      '00000001 00000004 00000001 00000001 01',
      '00000001 00000004 00000001 00000001 02',
      true,
    ],
  ])('%# %o', (type, a, b, equal) => {
    expect(areEqual(type, hex(a), hex(b)), toMarshalName(type)).toBe(equal);
    expect(formHex(type, hex(a)) === formHex(type, hex(b)), toMarshalName(type)).toBe(equal);
  });
});
