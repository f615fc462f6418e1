import type { CqlType } from './cql-type.ts';

/**
 * What JS code sees of a CQL value (INTERFACE.md, Library): number for tinyint…int, float and double; bigint for bigint,
 * counter and varint; string for text, ascii, uuid, timeuuid and inet; boolean; Buffer for blob and custom types; Date for
 * timestamp (a bigint of milliseconds where Date cannot hold it); Decimal, Duration, LocalDate, LocalTime for their types;
 * Array for list, vector and tuple; Set; Map; plain objects for UDTs; null.
 */
export type CqlValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Date
  | object
  | readonly CqlValue[]
  | ReadonlySet<CqlValue>
  | ReadonlyMap<CqlValue, CqlValue>;

/**
 * Everything the system does with one type's values, on their serialized bytes (the native protocol's and the disk's
 * form of one value, without a length in front). One codec a type; get it with `codecOf(type)`, which caches.
 *
 * Ranges are `[start, end)` of `bytes`; a range may be empty (CQL's "empty" values), which is never null: null is the
 * caller's business.
 */
export interface TypeCodec {
  readonly type: CqlType;
  /** Bytes on disk when the type is stored without a length (`AbstractType.valueLengthIfFixed`); -1 when variable. */
  readonly fixedLength: number;
  /** Values are ordered by their unsigned bytes, so that callers may compare bytes directly. */
  readonly byteComparable: boolean;

  /** Cassandra's order of two values (`AbstractType.compare`), empty values included. */
  compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number;
  /** Throws a CorruptionError saying what is wrong when the bytes cannot be a value of the type. */
  validate(bytes: Uint8Array, start: number, end: number): void;

  /** The JS value; an empty range of a fixed-length type decodes to null. */
  decode(bytes: Uint8Array, start: number, end: number): CqlValue;
  /**
   * Bytes of a JS value; throws a TypeError that says what was expected when the value cannot be of the type, a CqlError
   * for text (of a timestamp, date, time or duration) that does not parse.
   */
  encode(value: CqlValue): Uint8Array;

  /** As `SELECT JSON` renders the value (a JSON text). */
  toJson(bytes: Uint8Array, start: number, end: number): string;
  /** As a CQL literal that reads back to the same bytes. */
  toLiteral(bytes: Uint8Array, start: number, end: number): string;
  /** As Cassandra's `AbstractType.getString` prints it (keys in sstabledump, messages). */
  toDisplayString(bytes: Uint8Array, start: number, end: number): string;
  /**
   * Bytes from `AbstractType.fromString`'s text form; throws CqlError InvalidRequest with Cassandra's message. The
   * timestamp `'now'` is the statement's, in milliseconds; without it that text is refused.
   */
  fromString(text: string, nowMillis?: number): Uint8Array;
  /** Bytes from a parsed JSON value as `INSERT JSON` takes it; throws CqlError InvalidRequest with Cassandra's message. */
  fromJson(value: JsonValue): Uint8Array;
}

/** Parsed JSON that keeps number texts (`JsonNumber`), so that no digit of a decimal, varint or bigint is lost. */
export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | ReadonlyMap<string, JsonValue>;

export interface JsonNumber {
  readonly kind: 'number';
  readonly text: string;
}
