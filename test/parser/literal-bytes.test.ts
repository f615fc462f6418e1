import { describe, expect, it } from 'vitest';
import { type LiteralRules, literalBytes, parseExpression } from '../../src/parser/index.ts';
import { type CqlType, codecOf, type NativeTypeName, type UserType } from '../../src/types/index.ts';

const native = (name: NativeTypeName): CqlType => ({ kind: 'native', name });
const list = (element: CqlType): CqlType => ({ kind: 'list', element, frozen: true });
const set = (element: CqlType): CqlType => ({ kind: 'set', element, frozen: true });
const map = (key: CqlType, value: CqlType): CqlType => ({ kind: 'map', key, value, frozen: true });
const address: UserType = {
  kind: 'udt',
  keyspace: 'ks',
  name: 'address',
  fields: [
    { name: 'street', type: native('text') },
    { name: 'number', type: native('int') },
  ],
  frozen: true,
};

const unknownFields: string[] = [];
const rules: LiteralRules = {
  constant: ({ type: form, text }, type) => (form === 'null' ? null : codecOf(type).fromString(text)),
  otherwise(_expression, { kind }) {
    throw new TypeError(`no ${kind}`);
  },
  unknownField: (name) => unknownFields.push(name),
};

function hexOf(text: string, type: CqlType): string | undefined {
  const bytes = literalBytes(parseExpression(text), type, rules);
  return bytes === null ? undefined : Buffer.from(bytes).toString('hex');
}

describe('the bytes of a literal', () => {
  it.each<[string, CqlType, string]>([
    ['[2, 1]', list(native('tinyint')), '00000002 00000001 02 00000001 01'],
    ['[]', list(native('int')), '00000000'],
    ["{'b', 'a', 'b'}", set(native('text')), '00000002 00000001 61 00000001 62'],
    [
      "{2: 'b', 1: 'a'}",
      map(native('tinyint'), native('text')),
      '00000002 00000001 01 00000001 61 00000001 02 00000001 62',
    ],
    ['{}', map(native('int'), native('int')), '00000000'],
    ["(1, 'a')", { kind: 'tuple', elements: [native('tinyint'), native('text')] }, '00000001 01 00000001 61'],
    ['(1)', { kind: 'tuple', elements: [native('tinyint'), native('text')] }, '00000001 01'],
    ["{street: 'x'}", address, '00000001 78 ffffffff'],
    ['[1, 2]', { kind: 'vector', element: native('float'), dimensions: 2 }, '3f800000 40000000'],
    ['[[1], []]', list(list(native('tinyint'))), '00000002 00000009 00000001 00000001 01 00000004 00000000'],
  ])('%s', (text, type, expected) => {
    expect(hexOf(text, type)).toBe(expected.replaceAll(' ', ''));
  });

  it('of a map with a key twice has the later value', () => {
    expect(hexOf("{1: 'a', 1: 'b'}", map(native('tinyint'), native('text')))).toBe('00000001000000010100000001' + '62');
  });

  it('of NULL are none, and a collection has no place for it', () => {
    expect(hexOf('null', native('int'))).toBeUndefined();
    expect(() => hexOf('[1, null]', list(native('int')))).toThrow('null is not supported inside collections');
  });

  it('tell the rules of fields that the type has not', () => {
    hexOf("{street: 'x', town: 'y'}", address);
    expect(unknownFields).toEqual(['town']);
  });

  it.each<[string, CqlType]>([
    ['{1}', list(native('int'))],
    ['[1]', set(native('int'))],
    ['{1}', map(native('int'), native('int'))],
    ['(1, 2, 3)', { kind: 'tuple', elements: [native('int'), native('int')] }],
    ['{}', address],
    ['[1]', native('int')],
  ])('leave %s to the rules, as no literal of the type', (text, type) => {
    expect(() => hexOf(text, type)).toThrow(`no ${type.kind}`);
  });
});
