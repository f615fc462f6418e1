import { unreachable } from '../errors/index.ts';
import { blobCodec } from './blob.ts';
import { booleanCodec } from './boolean.ts';
import type { TypeCodec } from './codec.ts';
import { listCodec, mapCodec, setCodec } from './collections.ts';
import type { CqlType, NativeTypeName } from './cql-type.ts';
import { customCodec } from './custom.ts';
import { dateCodec } from './date.ts';
import { decimalCodec } from './decimal.ts';
import { durationCodec } from './duration.ts';
import { emptyCodec } from './empty.ts';
import { doubleCodec, floatCodec } from './floats.ts';
import { inetCodec } from './inet.ts';
import { bigintCodec, counterCodec, intCodec, smallintCodec, tinyintCodec } from './integers.ts';
import { asciiCodec, textCodec } from './text.ts';
import { timeCodec } from './time.ts';
import { timestampCodec } from './timestamp.ts';
import { tupleCodec, userTypeCodec } from './tuple.ts';
import { timeuuidCodec, uuidCodec } from './uuid.ts';
import { varintCodec } from './varint.ts';
import { vectorCodec } from './vector.ts';

const NATIVE: Readonly<Record<NativeTypeName, TypeCodec>> = {
  ascii: asciiCodec,
  bigint: bigintCodec,
  blob: blobCodec,
  boolean: booleanCodec,
  counter: counterCodec,
  date: dateCodec,
  decimal: decimalCodec,
  double: doubleCodec,
  duration: durationCodec,
  empty: emptyCodec,
  float: floatCodec,
  inet: inetCodec,
  int: intCodec,
  smallint: smallintCodec,
  text: textCodec,
  time: timeCodec,
  timestamp: timestampCodec,
  timeuuid: timeuuidCodec,
  tinyint: tinyintCodec,
  uuid: uuidCodec,
  varint: varintCodec,
};

const made = new WeakMap<CqlType, TypeCodec>();

/** The codec of a type; one for all equal native types, else one a type object. */
export function codecOf(type: CqlType): TypeCodec {
  if (type.kind === 'native') return NATIVE[type.name];
  const known = made.get(type);
  if (known !== undefined) return known;
  const codec = makeCodec(type);
  made.set(type, codec);
  return codec;
}

function makeCodec(type: Exclude<CqlType, { kind: 'native' }>): TypeCodec {
  switch (type.kind) {
    case 'list':
      return listCodec(type, codecOf(type.element));
    case 'set':
      return setCodec(type, codecOf(type.element));
    case 'map':
      return mapCodec(type, codecOf(type.key), codecOf(type.value));
    case 'tuple':
      return tupleCodec(type, type.elements.map(codecOf));
    case 'udt':
      return userTypeCodec(
        type,
        type.fields.map((field) => codecOf(field.type)),
      );
    case 'vector':
      return vectorCodec(type, codecOf(type.element));
    case 'custom':
      // The class of what min and max of timeuuids give (`TimeUUIDType.udfType`): the same bytes, order and texts.
      if (type.className === 'org.apache.cassandra.db.marshal.LegacyTimeUUIDType') return timeuuidCodec;
      return customCodec(type, type.components?.map(codecOf) ?? null);
    default:
      return unreachable(type);
  }
}
