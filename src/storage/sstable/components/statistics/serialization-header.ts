import { type ByteCursor, int64 } from '../../../../bytes/index.ts';
import { CqlError } from '../../../../errors/index.ts';
import { isMultiCell } from '../../../../schema/model/index.ts';
import { freezeType } from '../../../../types/freeze.ts';
import { type CqlType, codecOf } from '../../../../types/index.ts';
import { parseMarshalType } from '../../../../types/marshal-name.ts';
import type { SSTableVersion } from '../../sstable-version.ts';
import { type EncodingStats, EPOCH_HI, EPOCH_LO, EPOCH_SECONDS } from '../../write/encoding-stats.ts';

/**
 * How the rows of one SSTable are encoded (`db/SerializationHeader.Component`, 5.0.8): the minima that times are stored
 * as differences from, and the types as they were when the file was written.
 *
 *   vint minimum timestamp - epoch, vint minimum local deletion time - epoch, vint minimum TTL
 *   type of the partition key
 *   vint count, type of each clustering column
 *   vint count, (name, type) of each static column; the same of each regular column
 *
 * Types are marshal class names, and these and names are UTF-8 behind a vint length.
 */
export interface SerializationHeader {
  readonly minima: EncodingStats;
  readonly keyType: HeaderType;
  readonly clustering: readonly HeaderType[];
  readonly statics: readonly HeaderColumn[];
  readonly regulars: readonly HeaderColumn[];
}

export interface HeaderType {
  readonly type: CqlType;
  /** ReversedType around it. */
  readonly reversed: boolean;
  /** Length of a value that is stored without one; -1 when it has one. */
  readonly fixedLength: number;
  /** The class name as stored. */
  readonly marshalName: string;
}

export interface HeaderColumn extends HeaderType {
  readonly name: string;
  readonly isComplex: boolean;
}

export function readSerializationHeader(cursor: ByteCursor, version: SSTableVersion): SerializationHeader {
  const minima = readMinima(cursor);
  const keyType = readType(cursor);
  const clustering = readList(cursor, readType);
  const statics = readList(cursor, readColumn);
  const regulars = readList(cursor, readColumn);
  const settle = version.hasMetadataChecksum ? asTheyAre : freezeOldUserTypes;
  return { minima, keyType, clustering, statics: settle(statics, version), regulars: settle(regulars, version) };
}

function asTheyAre(columns: readonly HeaderColumn[]): readonly HeaderColumn[] {
  return columns;
}

/**
 * 3.0 wrote frozen UDTs without FrozenType (CASSANDRA-15035). Simple columns stand before complex ones, each by name, so
 * that one which would be out of this order is frozen; and `ma` had no others.
 */
function freezeOldUserTypes(columns: readonly HeaderColumn[], version: SSTableVersion): readonly HeaderColumn[] {
  return columns.map((column, i) => {
    if (!column.isComplex || column.type.kind !== 'udt') return column;
    const isInOrder = columns.slice(i + 1).every((later) => later.isComplex && !isNameBefore(later.name, column.name));
    if (isInOrder && version.name !== 'ma') return column;
    return { ...column, type: freezeType(column.type), isComplex: false };
  });
}

function isNameBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}

function readMinima(cursor: ByteCursor): EncodingStats {
  cursor.unsignedVint64();
  const lo = (cursor.lo + EPOCH_LO) | 0;
  const carry = lo >>> 0 < EPOCH_LO >>> 0 ? 1 : 0;
  const hi = (cursor.hi + EPOCH_HI + carry) | 0;
  return {
    minTimestampHi: hi,
    minTimestampLo: lo,
    minLocalSeconds: int32Vint(cursor) + EPOCH_SECONDS,
    minTtl: int32Vint(cursor),
  };
}

/** An int32 that was widened with its sign and stored as an unsigned vint (`VIntCoding.writeUnsignedVInt32`). */
function int32Vint(cursor: ByteCursor): number {
  cursor.unsignedVint64();
  if (cursor.hi !== cursor.lo >> 31) cursor.fail(`${int64.toString(cursor.hi, cursor.lo)} is out of an int32's range`);
  return cursor.lo;
}

/** Every entry takes a byte or more, so a count above what is left is damage. */
export function readList<T>(cursor: ByteCursor, readOne: (cursor: ByteCursor) => T): T[] {
  const count = cursor.unsignedVint();
  if (count > cursor.remaining) cursor.fail(`a list of ${count} entries in ${cursor.remaining} bytes`);
  const list: T[] = [];
  for (let i = 0; i < count; i++) list.push(readOne(cursor));
  return list;
}

export function readType(cursor: ByteCursor): HeaderType {
  const marshalName = cursor.utf8(cursor.unsignedVint());
  try {
    const { type, reversed } = parseMarshalType(marshalName);
    return { type, reversed, fixedLength: fixedLengthOf(type), marshalName };
  } catch (error) {
    if (error instanceof CqlError) cursor.fail(`not a type: ${JSON.stringify(marshalName)} (${error.message})`);
    throw error;
  }
}

function readColumn(cursor: ByteCursor): HeaderColumn {
  const name = cursor.utf8(cursor.unsignedVint());
  const type = readType(cursor);
  return { ...type, name, isComplex: isMultiCell(type.type) };
}

const LEXICAL_UUID = 'org.apache.cassandra.db.marshal.LexicalUUIDType';
const UUID_BYTES = 16;

/** `AbstractType.valueLengthIfFixed`, also of the one class without a CQL name that has one. */
function fixedLengthOf(type: CqlType): number {
  if (type.kind === 'custom' && type.className === LEXICAL_UUID) return UUID_BYTES;
  return codecOf(type).fixedLength;
}
