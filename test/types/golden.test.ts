import { describe, expect, it } from 'vitest';
import {
  codecOf,
  cqlTypeName,
  doubleToString,
  floatToString,
  parseJson,
  parseMarshalType,
  toMarshalName,
} from '../../src/types/index.ts';
import { goldenCodec, goldenLines, hexOrMessage } from './golden.ts';

const view = new DataView(new ArrayBuffer(8));

describe('numbers print as in JDK 17', () => {
  it('doubles', () => {
    for (const [line] of goldenLines('doubles.txt')) {
      const [bits, text] = line.split(' ');
      view.setBigUint64(0, BigInt(`0x${bits}`));
      expect(doubleToString(view.getFloat64(0)), bits).toBe(text);
    }
  });

  it('floats', () => {
    for (const [line] of goldenLines('floats.txt')) {
      const [bits, text] = line.split(' ');
      view.setUint32(0, Number.parseInt(bits, 16));
      expect(floatToString(view.getFloat32(0)), bits).toBe(text);
    }
  });
});

function byType(lines: string[][]): [string, string[][]][] {
  const groups = new Map<string, string[][]>();
  for (const line of lines) groups.set(line[0], [...(groups.get(line[0]) ?? []), line.slice(1)]);
  return [...groups];
}

describe.each(byType(goldenLines('texts.txt')))('texts of %s', (typeName, lines) => {
  const codec = goldenCodec(typeName);

  it('toJson', () => {
    for (const [hex, json] of lines) {
      const bytes = Buffer.from(hex, 'hex');
      const expected: string = JSON.parse(json);
      if (!expected.startsWith('!')) expect(codec.toJson(bytes, 0, bytes.length), hex).toBe(expected);
    }
  });

  it('toDisplayString', () => {
    for (const [hex, , text] of lines) {
      const bytes = Buffer.from(hex, 'hex');
      expect(codec.toDisplayString(bytes, 0, bytes.length), hex).toBe(JSON.parse(text));
    }
  });

  it('encode gives bytes of the same value', () => {
    for (const [hex] of lines) {
      const bytes = Buffer.from(hex, 'hex');
      codec.validate(bytes, 0, bytes.length);
      const value = codec.decode(bytes, 0, bytes.length);
      const again = value === null ? bytes : Buffer.from(codec.encode(value));
      expect(codec.decode(again, 0, again.length), hex).toEqual(value);
    }
  });
});

describe('compare orders as AbstractType.compare', () => {
  it.each(byType(goldenLines('order.txt')))('%s', (typeName, lines) => {
    const codec = goldenCodec(typeName);
    for (const [a, b, sign] of lines) {
      const left = Buffer.from(`ff${a}ff`, 'hex');
      const right = Buffer.from(`ffff${b}`, 'hex');
      const order = codec.compare(left, 1, left.length - 1, right, 2, right.length);
      expect(Math.sign(order), `${a} ${b}`).toBe(Number(sign));
      expect(Math.sign(codec.compare(right, 2, right.length, left, 1, left.length - 1)), `${b} ${a}`).toBe(
        0 - Number(sign),
      );
    }
  });
});

describe('fromString takes and refuses as Cassandra', () => {
  it.each(byType(goldenLines('from-string.txt')))('%s', (typeName, lines) => {
    const codec = goldenCodec(typeName);
    const given = lines.map(([input]) => [JSON.parse(input), hexOrMessage(() => codec.fromString(JSON.parse(input)))]);
    const expected = lines.map(([input, result]) => [
      JSON.parse(input),
      withoutJavaAccidents(input, JSON.parse(result)),
    ]);
    expect(given).toEqual(expected);
  });
});

/** An exception that Cassandra does not catch there reaches clients as a server error; ours is the ordinary refusal. */
function withoutJavaAccidents(input: string, result: string): string {
  return result === '! long overflow' ? `! Unable to parse a date/time from '${JSON.parse(input)}'` : result;
}

describe('fromJson takes and refuses as Cassandra', () => {
  it.each(byType(goldenLines('from-json.txt')))('%s', (typeName, lines) => {
    const codec = goldenCodec(typeName);
    const given = lines.map(([input]) => [
      JSON.parse(input),
      withoutJackson(hexOrMessage(() => codec.fromJson(parseJson(JSON.parse(input))))),
    ]);
    expect(given).toEqual(lines.map(([input, result]) => [JSON.parse(input), withoutJackson(JSON.parse(result))]));
  });
});

/** What Jackson says of malformed JSON is its own affair. */
function withoutJackson(result: string): string {
  return result.replace(/(Error decoding JSON string): .*/s, '$1');
}

describe('marshal names', () => {
  it.each(goldenLines('marshal-names.txt').map((line) => line.map((part) => JSON.parse(part))))(
    '%s',
    (name, wholeName, cql, fixedLength) => {
      const { type, reversed } = parseMarshalType(name);
      expect(toMarshalName(type, { reversed })).toBe(wholeName);
      const again = parseMarshalType(wholeName);
      expect(toMarshalName(again.type, again)).toBe(wholeName);
      if (type.kind === 'custom' || reversed) return;
      expect(cqlTypeName(type)).toBe(cql);
      expect(codecOf(type).fixedLength).toBe(Number(fixedLength));
    },
  );
});
