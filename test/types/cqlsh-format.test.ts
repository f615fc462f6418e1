import { describe, expect, it } from 'vitest';
import { formatCqlsh, parseMarshalType } from '../../src/types/index.ts';
import { goldenLines } from './golden.ts';

/**
 * Type, bytes, precision and cqlsh's own text (`cqlsh-golden.py`), less what is not worth copying: microseconds that its
 * driver makes up by going through a float, Python's `None` for nulls in tuples, IPv4 addresses in the form of IPv6.
 */
const GOLDEN = goldenLines('cqlsh.txt').filter(([, , , text]) => !/\.\d{3}(?!000)\d{3}\+0000|None|::ffff:/.test(text));
const TYPES = [...new Set(GOLDEN.map(([typeName]) => typeName))];

describe('formatCqlsh shows values as cqlsh does', () => {
  it.each(TYPES)('%s', (typeName) => {
    const { type } = parseMarshalType(typeName);
    for (const [, hex, precision, text] of GOLDEN.filter(([name]) => name === typeName)) {
      const bytes = Buffer.from(hex, 'hex');
      const options = { floatPrecision: Number(precision), doublePrecision: Number(precision) };
      expect(formatCqlsh(type, bytes, 0, bytes.length, options), hex).toBe(JSON.parse(text));
    }
  });
});

describe('formatCqlsh', () => {
  const timestamp = parseMarshalType('TimestampType').type;
  const instant = Buffer.from('000001375cacaba5', 'hex');

  it.each([
    [{}, '2012-05-17 21:20:49.061000+0000'],
    [{ timeZone: 'America/New_York' }, '2012-05-17 17:20:49.061000-0400'],
    [{ timeZone: 'Asia/Kolkata', timeFormat: '%d/%b/%y %I:%M:%S %p %j %%' }, '18/May/12 02:50:49 AM 139 %'],
  ])('follows time settings %j', (options, text) => {
    expect(formatCqlsh(timestamp, instant, 0, 8, options)).toBe(text);
  });

  it('shows UDTs by field, nulls by the null text', () => {
    const { type } = parseMarshalType('FrozenType(UserType(ks,70,61:UTF8Type,62:Int32Type))');
    const bytes = Buffer.from('0000000378277affffffff', 'hex');
    expect(formatCqlsh(type, bytes, 0, bytes.length)).toBe("{a: 'x''z', b: null}");
    expect(formatCqlsh(type, bytes, 0, bytes.length, { nullText: '-' })).toBe("{a: 'x''z', b: -}");
  });

  it('shows the zero duration as nothing', () => {
    expect(formatCqlsh(parseMarshalType('DurationType').type, Buffer.from('000000', 'hex'), 0, 3)).toBe('');
  });
});
