import { ByteCursor, type ByteSink } from '../bytes/index.ts';
import { InvariantError, NotYetError, unreachable } from '../errors/index.ts';
import { appendComparableDecimal, appendComparableVarint, appendSignedVariable } from './byte-comparable-numbers.ts';
import type { CqlType, NativeTypeName } from './cql-type.ts';
import { codecOf } from './index.ts';

/**
 * Marks between and after the components of a sequence (`utils/bytecomparable/ByteSource`, 5.0.8, version OSS50).
 *
 *   sequence   (NEXT component | NULL | EMPTY)* terminator
 *   component  the encoding of its type, weakly prefix-free: what follows it is always one of these marks
 */
export const Mark = {
  EXCLUDED: 0x18,
  LESS: 0x20,
  TERMINATOR: 0x38,
  NULL: 0x3e,
  EMPTY: 0x3f,
  NEXT: 0x40,
  EMPTY_REVERSED: 0x41,
  GREATER: 0x60,
} as const;

/**
 * Appends the byte-comparable form of a value: unsigned bytes whose order is the type's. False, with nothing appended,
 * for values whose form is that of "no bytes" (the empty value of most types), which the caller marks as EMPTY or NULL.
 */
export type ComparableEncoder = (bytes: Uint8Array, start: number, end: number, sink: ByteSink) => boolean;

const encoders = new WeakMap<CqlType, ComparableEncoder>();

/** The encoder of a type (`AbstractType.asComparableBytes`, OSS50); one a type, cached. */
export function comparableEncoderOf(type: CqlType): ComparableEncoder {
  let encoder = encoders.get(type);
  if (encoder === undefined) {
    encoder = makeEncoder(type);
    encoders.set(type, encoder);
  }
  return encoder;
}

function makeEncoder(type: CqlType): ComparableEncoder {
  switch (type.kind) {
    case 'native':
      return nativeEncoder(type.name);
    case 'list':
    case 'set':
      return countedSequence([comparableEncoderOf(type.element)]);
    case 'map':
      return countedSequence([comparableEncoderOf(type.key), comparableEncoderOf(type.value)]);
    case 'tuple':
      return tupleEncoder(type.elements.map(comparableEncoderOf));
    case 'udt':
      return tupleEncoder(type.fields.map((field) => comparableEncoderOf(field.type)));
    case 'vector':
      return vectorEncoder(type.element, type.dimensions);
    case 'custom':
      if (type.components !== undefined) return compositeEncoder(type.components.map(comparableEncoderOf));
      throw new NotYetError(`a BTI index over the custom type ${type.className}`);
    default:
      return unreachable(type);
  }
}

function nativeEncoder(name: NativeTypeName): ComparableEncoder {
  switch (name) {
    case 'ascii':
    case 'text':
    case 'blob':
    case 'inet':
    case 'duration':
      return appendEscaped;
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'timestamp':
      return appendSignFlipped;
    case 'bigint':
      return appendBigint;
    case 'float':
    case 'double':
      return appendFloat;
    case 'boolean':
      return appendBoolean;
    case 'date':
    case 'time':
      return appendPlain;
    case 'uuid':
      return appendUuid;
    case 'timeuuid':
      return appendTimeuuid;
    case 'varint':
      return appendComparableVarint;
    case 'decimal':
      return appendComparableDecimal;
    case 'empty':
      return () => false;
    case 'counter':
      throw new InvariantError('counters have no order');
    default:
      return unreachable(name);
  }
}

/**
 * Any bytes, so that a shorter value sorts first and a mark may follow. A run of zeros becomes 00, FE for each further
 * zero, then FF; the value ends with 00, or FE when it ended in such a run.
 */
export function appendEscaped(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  let inZeros = false;
  for (let p = start; p < end; p++) {
    const b = bytes[p];
    if (!inZeros) {
      sink.u8(b);
      inZeros = b === 0;
    } else if (b === 0) {
      sink.u8(0xfe);
    } else {
      sink.u8(0xff);
      sink.u8(b);
      inZeros = false;
    }
  }
  sink.u8(inZeros ? 0xfe : 0);
  return true;
}

function appendSignFlipped(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (start === end) return false;
  sink.u8(bytes[start] ^ 0x80);
  sink.append(bytes, start + 1, end);
  return true;
}

function appendPlain(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (start === end) return false;
  sink.append(bytes, start, end);
  return true;
}

/** IEEE floats: negative ones with all bits inverted, others with the sign bit set. */
function appendFloat(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (start === end) return false;
  if (bytes[start] >= 0x80) {
    for (let p = start; p < end; p++) sink.u8(bytes[p] ^ 0xff);
  } else {
    sink.u8(bytes[start] | 0x80);
    sink.append(bytes, start + 1, end);
  }
  return true;
}

function appendBoolean(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (start === end) return false;
  sink.u8(bytes[start] === 0 ? 0 : 1);
  return true;
}

function appendBigint(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (start === end) return false;
  const cursor = new ByteCursor(bytes, start, end);
  cursor.i64();
  appendSignedVariable(cursor.hi, cursor.lo, sink);
  return true;
}

/** Version first; version 1 by time, others by the bits without the version's. */
function appendUuid(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (start === end) return false;
  const version = bytes[start + 6] >>> 4;
  if (version === 1) {
    appendReorderedTime(bytes, start, sink);
  } else {
    let nibble = version;
    for (let i = 0; i < 6; i++) {
      const b = bytes[start + i];
      sink.u8(((nibble << 4) | (b >>> 4)) & 0xff);
      nibble = b & 0x0f;
    }
    sink.u8(((nibble << 4) | (bytes[start + 6] & 0x0f)) & 0xff);
    sink.u8(bytes[start + 7]);
  }
  sink.append(bytes, start + 8, end);
  return true;
}

/** By time, then by the other bytes as signed ones. */
function appendTimeuuid(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (start === end) return false;
  appendReorderedTime(bytes, start, sink);
  for (let p = start + 8; p < end; p++) sink.u8(bytes[p] ^ 0x80);
  return true;
}

/** Version and high, middle, low bits of a version-1 UUID's time. */
function appendReorderedTime(bytes: Uint8Array, start: number, sink: ByteSink): void {
  sink.append(bytes, start + 6, start + 8);
  sink.append(bytes, start + 4, start + 6);
  sink.append(bytes, start, start + 4);
}

/** One component of a sequence within a value: null and empty are both NULL there. */
function appendElement(
  encoder: ComparableEncoder,
  bytes: Uint8Array,
  start: number,
  end: number,
  sink: ByteSink,
): void {
  const at = sink.position;
  sink.u8(Mark.NEXT);
  if (!encoder(bytes, start, end, sink)) {
    sink.position = at;
    sink.u8(Mark.NULL);
  }
}

/** Frozen lists, sets and maps: an i32 count, then i32 length and bytes of each element (a map's key, then value). */
function countedSequence(encoders: readonly ComparableEncoder[]): ComparableEncoder {
  return (bytes, start, end, sink) => {
    if (start === end) return false;
    const cursor = new ByteCursor(bytes, start, end);
    const count = cursor.i32() * encoders.length;
    for (let i = 0; i < count; i++) {
      const length = cursor.i32();
      if (length < 0) {
        sink.u8(Mark.NULL);
        continue;
      }
      cursor.need(length);
      appendElement(encoders[i % encoders.length], bytes, cursor.position, cursor.position + length, sink);
      cursor.skip(length);
    }
    sink.u8(Mark.TERMINATOR);
    return true;
  };
}

/** Tuples and UDTs: i32 length (-1 null) and bytes of each field; trailing nulls are left out. */
function tupleEncoder(encoders: readonly ComparableEncoder[]): ComparableEncoder {
  return (bytes, start, end, sink) => {
    if (start === end) return false;
    const cursor = new ByteCursor(bytes, start, end);
    let pendingNulls = 0;
    for (let i = 0; i < encoders.length && cursor.remaining > 0; i++) {
      const length = cursor.i32();
      if (length < 0) {
        pendingNulls++;
        continue;
      }
      for (; pendingNulls > 0; pendingNulls--) sink.u8(Mark.NULL);
      cursor.need(length);
      appendElement(encoders[i], bytes, cursor.position, cursor.position + length, sink);
      cursor.skip(length);
    }
    sink.u8(Mark.TERMINATOR);
    return true;
  };
}

function vectorEncoder(element: CqlType, dimensions: number): ComparableEncoder {
  const encoder = comparableEncoderOf(element);
  const fixedLength = codecOf(element).fixedLength;
  return (bytes, start, end, sink) => {
    if (start === end) return false;
    const cursor = new ByteCursor(bytes, start, end);
    for (let i = 0; i < dimensions; i++) {
      const length = fixedLength >= 0 ? fixedLength : cursor.unsignedVint();
      cursor.need(length);
      appendElement(encoder, bytes, cursor.position, cursor.position + length, sink);
      cursor.skip(length);
    }
    sink.u8(Mark.TERMINATOR);
    return true;
  };
}

/** CompositeType: (u16 length, bytes, end-of-component byte)*; 0xffff in front marks a static one. */
function compositeEncoder(encoders: readonly ComparableEncoder[]): ComparableEncoder {
  return (bytes, start, end, sink) => {
    if (start === end) return false;
    const cursor = new ByteCursor(bytes, start, end);
    const isStatic = cursor.remaining >= 2 && bytes[start] === 0xff && bytes[start + 1] === 0xff;
    if (isStatic) cursor.skip(2);
    sink.u8(isStatic ? Mark.NULL : Mark.NEXT);
    for (let i = 0; i < encoders.length && cursor.remaining > 0; i++) {
      const length = cursor.u16();
      cursor.need(length);
      appendElement(encoders[i], bytes, cursor.position, cursor.position + length, sink);
      cursor.skip(length);
      sink.u8(Mark.NEXT);
      sink.u8(cursor.u8() ^ 0x80);
    }
    sink.u8(Mark.TERMINATOR);
    return true;
  };
}
