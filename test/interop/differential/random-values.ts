import {
  type CqlType,
  cqlTypeName,
  freezeType,
  type NativeTypeName,
  quoteIdentifier,
} from '../../../src/types/index.ts';
import type { Random } from './random.ts';
import { NATIVE_TYPES } from './random-table.ts';

/** A statement being written: its markers' values follow the order of their question marks. */
export interface Draft {
  readonly r: Random;
  readonly values: (Uint8Array | null | undefined)[];
}

/** Few values, so that rows meet. */
const POOLS: Readonly<Record<NativeTypeName, readonly string[]>> = {
  ascii: ["'a'", "'b'", "''", "'abc'"],
  bigint: ['1', '2', '3', '-1', '9223372036854775807', '-9223372036854775808'],
  blob: ['0x', '0x00', '0x01ff', '0x61'],
  boolean: ['true', 'false'],
  counter: ['1', '2', '-3'],
  date: ["'2020-01-01'", "'1969-12-31'", "'2021-02-28'"],
  decimal: ['1', '1.0', '-2.5', '1e3', '0'],
  double: ['1', '-0.0', '2.5', 'NaN', '-Infinity', '1e300'],
  duration: ['1mo', '2h', '1d', '-3s', 'P1Y'],
  empty: ["''"],
  float: ['1', '0.1', '-2.5', 'NaN', 'Infinity'],
  inet: ["'127.0.0.1'", "'::1'", "'10.0.0.2'"],
  int: ['1', '2', '3', '-1', '0'],
  smallint: ['1', '2', '-3'],
  text: ["'a'", "'b'", "'c'", "''", "'é'", "'it''s'"],
  time: ["'00:00:00'", "'12:30:00.5'", "'23:59:59.999999999'"],
  timestamp: [
    '9223372036854775807',
    '-9223372036854775808',
    "'2020-01-01T00:00:00Z'",
    '0',
    '-1',
    "'2021-06-01 12:00:00+0200'",
    '1600000000000',
  ],
  timeuuid: ['50554d6e-29bb-11e5-b345-feff819cdc9f', 'd2177dd0-eaa2-11de-a572-001b779c76e3'],
  tinyint: ['1', '2', '-3'],
  uuid: [
    '50554d6e-29bb-41e5-b345-feff819cdc9f',
    '00000000-0000-4000-8000-000000000001',
    'd2177dd0-eaa2-11de-a572-001b779c76e3',
  ],
  varint: ['1', '2', '-3', '123456789012345678901234567890'],
};

export function literal(r: Random, type: CqlType): string {
  switch (type.kind) {
    case 'native':
      return r.pick(POOLS[type.name]);
    case 'list':
      return `[${r.many(0, 3, () => literal(r, type.element)).join(', ')}]`;
    case 'set':
      // Of equal elements, as of equal keys and in JSON, Cassandra takes any: it hashes terms by their addresses.
      return `{${distinct(r.many(0, 3, () => literal(r, type.element))).join(', ')}}`;
    case 'map':
      return `{${distinct(r.many(0, 3, () => literal(r, type.key)))
        .map((key) => `${key}: ${literal(r, type.value)}`)
        .join(', ')}}`;
    case 'tuple':
      return `(${type.elements.map((element) => (r.chance(0.1) ? 'null' : literal(r, element))).join(', ')})`;
    case 'udt':
      return `{${r
        .some(type.fields, r.chance(0.7) ? type.fields.length : 1)
        .map((field) => `${quoteIdentifier(field.name)}: ${literal(r, field.type)}`)
        .join(', ')}}`;
    case 'vector':
      return `[${Array.from({ length: type.dimensions }, () => literal(r, type.element)).join(', ')}]`;
    case 'custom':
      return '0x';
  }
}

/** Keys that surely differ: those of one value written two ways are left to their first. */
function distinct(keys: readonly string[]): readonly string[] {
  const known = new Set<string>();
  return keys.filter((key) => {
    const text = key.replace(/^(["'])(.*)\1$/, '$2');
    const value = /^-?[0-9.]+(e[0-9]+)?$/.test(text) ? String(Number(text)) : text;
    if (known.has(value)) return false;
    known.add(value);
    return true;
  });
}

const ODD = [
  'null',
  '[]',
  '{}',
  '[1]',
  '{1}',
  '{1: 2}',
  "{'a'}",
  '(1, 2)',
  '{a: 1}',
  '[null]',
  '{null}',
  '99999999999',
  '128',
  '-129',
  "'x y'",
  '1.5',
  '0xabc',
  'true',
  "'2020-13-01'",
  '1 + 1',
  '-5',
  '(int) 1',
  "(text) 'a'",
  '(bigint) 1',
  '(text) 1',
  'nosuch(1)',
  "textAsBlob('a')",
  'blobAsInt(0x00000001)',
  'intAsBlob(1)',
  "toDate('2020-01-01')",
  "maxTimeuuid('2020-01-01')",
  'minTimeuuid(5)',
  "bigintAsBlob('a')",
  'unixTimestampOf(50554d6e-29bb-11e5-b345-feff819cdc9f)',
  'blob_as_text(0x61)',
];

/** What may stand where a value of `type` belongs: mostly such a value, at times one of another type, null or a marker. */
export function term(draft: Draft, type: CqlType, wrong = 0.06): string {
  const { r } = draft;
  if (r.chance(wrong / 2)) return r.pick(ODD);
  if (r.chance(wrong / 2)) return literal(r, { kind: 'native', name: r.pick(NATIVE_TYPES) });
  if (r.chance(0.02)) return 'null';
  if (r.chance(0.05)) return marker(draft, type);
  if (r.chance(0.02)) return partlyBound(draft, type);
  if (r.chance(0.01)) return `(${literal(r, type)})`;
  if (r.chance(0.015)) return `(${cqlTypeName(r.chance(0.8) ? type : freezeType(type))}) ${literal(r, type)}`;
  return literal(r, type);
}

/** A literal with markers for some of its parts. */
function partlyBound(draft: Draft, type: CqlType): string {
  const { r } = draft;
  const part = (inner: CqlType): string => (r.chance(0.5) ? marker(draft, inner) : literal(r, inner));
  switch (type.kind) {
    case 'list':
    case 'vector':
      return `[${r.many(1, 2, () => part(type.element)).join(', ')}]`;
    case 'set':
      return `{${r.many(1, 2, () => part(type.element)).join(', ')}}`;
    case 'map':
      return `{${part(type.key)}: ${part(type.value)}}`;
    case 'tuple':
      return `(${type.elements.map(part).join(', ')})`;
    case 'udt':
      return r.chance(0.5)
        ? `{${type.fields.map((field) => `${quoteIdentifier(field.name)}: ${part(field.type)}`).join(', ')}}`
        : `(${type.fields.map((field) => part(field.type)).join(', ')})`;
    default:
      return marker(draft, type);
  }
}

/** One marker for all choices of an IN: a list with values, nulls at times, or not set. */
export function choicesMarker(draft: Draft, parts: readonly CqlType[], isTuple: boolean): string {
  const { r, values } = draft;
  const item = (type: CqlType): Uint8Array | null => (r.chance(0.06) ? null : bytesOf(r, type));
  const choices = r.many(0, 3, () => (isTuple ? packed(parts.map(item)) : item(parts[0])));
  values.push(
    r.chance(0.04) ? null : r.chance(0.05) ? undefined : Buffer.concat([int32s(choices.length), packed(choices)]),
  );
  return '?';
}

/** A marker for a whole tuple of columns. */
export function tupleMarker(draft: Draft, parts: readonly CqlType[]): string {
  const { r, values } = draft;
  values.push(r.chance(0.05) ? undefined : packed(parts.map((type) => (r.chance(0.05) ? null : bytesOf(r, type)))));
  return '?';
}

function packed(parts: readonly (Uint8Array | null)[]): Uint8Array {
  return Buffer.concat(parts.flatMap((part) => (part === null ? [int32s(-1)] : [int32s(part.length), part])));
}

/** A marker with bytes that fit the type, null, unset, or at times the wrong number of bytes. */
export function marker(draft: Draft, type: CqlType): string {
  const { r, values } = draft;
  values.push(r.chance(0.2) ? null : r.chance(0.25) ? undefined : bytesOf(r, type));
  return '?';
}

function bytesOf(r: Random, type: CqlType): Uint8Array {
  if (r.chance(0.08)) return new Uint8Array(r.between(0, 9));
  if (type.kind !== 'native')
    return int32s(type.kind === 'list' || type.kind === 'set' || type.kind === 'map' ? 0 : -1);
  switch (type.name) {
    case 'int':
    case 'float':
      return int32s(r.between(0, 3));
    case 'bigint':
    case 'counter':
    case 'timestamp':
    case 'double':
    case 'time':
      return int32s(0, r.between(0, 3));
    case 'date':
      return int32s(-2147483648);
    case 'uuid':
      return Buffer.from('0000000000004000800000000000000' + r.between(1, 2), 'hex');
    case 'timeuuid':
      return Buffer.from('d2177dd0eaa211dea572001b779c76e3', 'hex');
    case 'smallint':
      return Uint8Array.of(0, r.between(0, 3));
    case 'decimal':
      return int32s(0, r.between(0, 3));
    case 'inet':
      return Uint8Array.of(127, 0, 0, 1);
    case 'duration':
      return Uint8Array.of(2, 2, 2);
    case 'boolean':
      return Uint8Array.of(r.between(0, 1));
    default:
      return Uint8Array.of(r.pick([0x61, 0x62, 1, 2]));
  }
}

function int32s(...numbers: number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [i, number] of numbers.entries()) bytes.writeInt32BE(number, 4 * i);
  return bytes;
}

/** The value as JSON text, for INSERT JSON; the quotes of CQL are still to be doubled. */
export function jsonText(r: Random, type: CqlType): string {
  if (r.chance(0.04)) return r.pick(['null', '1', '"x"', '[]', '{}', 'true', '1.5', '[1]', '{"a": 1}', '""']);
  switch (type.kind) {
    case 'native':
      return nativeJson(r, type.name);
    case 'list':
      return `[${r.many(0, 3, () => jsonText(r, type.element)).join(', ')}]`;
    case 'set':
      return `[${distinct(r.many(0, 3, () => jsonText(r, type.element))).join(', ')}]`;
    case 'vector':
      return `[${Array.from({ length: type.dimensions }, () => jsonText(r, type.element)).join(', ')}]`;
    case 'tuple':
      return `[${type.elements.map((element) => jsonText(r, element)).join(', ')}]`;
    case 'map':
      return `{${distinct(r.many(0, 2, () => keyJson(jsonText(r, type.key))))
        .map((key) => `${key}: ${jsonText(r, type.value)}`)
        .join(', ')}}`;
    case 'udt':
      return `{${r
        .some(type.fields, r.between(1, 2))
        .map((field) => `${JSON.stringify(quoteIdentifier(field.name))}: ${jsonText(r, field.type)}`)
        .join(', ')}}`;
    case 'custom':
      return '"0x"';
  }
}

function keyJson(text: string): string {
  return text.startsWith('"') ? text : JSON.stringify(text);
}

function nativeJson(r: Random, name: NativeTypeName): string {
  const text = r.pick(POOLS[name]);
  if (text.startsWith("'")) return JSON.stringify(text.slice(1, -1).replaceAll("''", "'"));
  const isNumber = /^-?[0-9.]+(e[0-9]+)?$/.test(text);
  return (isNumber && !r.chance(0.1)) || text === 'true' || text === 'false' ? text : JSON.stringify(text);
}
