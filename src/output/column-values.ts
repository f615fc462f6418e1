import { type CqlType, codecOf, type TypeCodec } from '../types/index.ts';
import { fieldText } from './csv-format.ts';

/** How a column travels in typed file formats: as the nearest type that both Parquet and Arrow have, else as text. */
export type FileColumnKind =
  | 'boolean'
  | 'int32'
  | 'int64'
  | 'float'
  | 'double'
  | 'timestamp'
  | 'date'
  | 'binary'
  | 'text';

export interface FileColumn {
  readonly kind: FileColumnKind;
  /** The value as the file libraries take it: number, bigint, boolean, Date, bytes or text; null for an empty value. */
  read(bytes: Uint8Array): FileValue;
}

export type FileValue = null | boolean | number | bigint | string | Date | Uint8Array;

/**
 * Exact where a type exists: integers, floats, timestamps (milliseconds), dates, blobs. Decimals and varints have no bound
 * in CQL and go as text, as do uuids, inets, durations and times; collections, tuples and UDTs go as their JSON.
 */
export function fileColumnOf(type: CqlType): FileColumn {
  const codec = codecOf(type);
  if (type.kind !== 'native') return { kind: 'text', read: (bytes) => fieldText(codec, bytes) };
  switch (type.name) {
    case 'boolean':
      return decoded('boolean', codec);
    case 'tinyint':
    case 'smallint':
    case 'int':
      return decoded('int32', codec);
    case 'bigint':
    case 'counter':
      return decoded('int64', codec);
    case 'float':
      return decoded('float', codec);
    case 'double':
      return decoded('double', codec);
    case 'timestamp':
      return decoded('timestamp', codec);
    case 'date':
      return { kind: 'date', read: readDate };
    case 'blob':
      return { kind: 'binary', read: (bytes) => bytes.slice() };
    default:
      return { kind: 'text', read: (bytes) => fieldText(codec, bytes) };
  }
}

function decoded(kind: FileColumnKind, codec: TypeCodec): FileColumn {
  return {
    kind,
    read(bytes) {
      const value = codec.decode(bytes, 0, bytes.length);
      if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return value;
      return value instanceof Date ? value : null;
    },
  };
}

/** A CQL date counts days from 1970-01-01 at 2^31. */
function readDate(bytes: Uint8Array): Date | null {
  if (bytes.length !== 4) return null;
  const days = ((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) ^ -0x80000000;
  return new Date(days * 86_400_000);
}
