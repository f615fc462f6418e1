import type { ByteCursor } from '../../../bytes/index.ts';
import { CorruptionError } from '../../../errors/index.ts';
import { type ClusteringPrefix, NULL_COMPONENT, PrefixKind } from '../../rows/index.ts';

/** Values that share one header of two bits each. */
export const VALUES_A_HEADER = 32;
export const EMPTY_BIT = 1;
export const NULL_BIT = 2;

/** The clustering columns of a file. */
export interface ClusteringLayout {
  /** Bytes of each value; negative where a length stands before it. */
  readonly lengths: Int32Array;
  /** For errors; empty where nothing knows them. */
  readonly names: readonly string[];
}

/**
 * A clustering or bound behind its kind (`ClusteringPrefix.Serializer`, 5.0.8), as indexes and statistics have it
 *
 *   u8 kind; but for a row's clustering u16 number of values; values
 *   values   for each 32: an unsigned vint with two bits a value (1 empty, 2 null), then the values that are neither,
 *            with a vint length unless the type's is fixed
 */
export function readClusteringPrefix(cursor: ByteCursor, columns: ClusteringLayout, into: ClusteringPrefix): void {
  const kind = cursor.u8();
  if (kind === PrefixKind.CLUSTERING) {
    readClusteringValues(cursor, columns, kind, columns.lengths.length, into);
    return;
  }
  readBoundBehindKind(cursor, kind, columns, into);
}

/** No writer sets both bits of a value (`Serializer.makeHeader`); Cassandra would take it for null. */
export function failEmptyAndNull(cursor: ByteCursor, column: string | undefined): never {
  const place = { file: cursor.file, offset: cursor.origin + cursor.position, column };
  throw new CorruptionError('a clustering value that is both empty and null', place);
}

function readBoundBehindKind(
  cursor: ByteCursor,
  kind: number,
  columns: ClusteringLayout,
  into: ClusteringPrefix,
): void {
  if (kind > PrefixKind.EXCLUSIVE_START_BOUND || kind === PrefixKind.STATIC_CLUSTERING) {
    cursor.fail(`${kind} is no kind of clustering bound`);
  }
  const size = cursor.u16();
  const { length } = columns.lengths;
  if (size > length) cursor.fail(`a bound of ${size} values, the table has ${length}`);
  readClusteringValues(cursor, columns, kind, size, into);
}

function readClusteringValues(
  cursor: ByteCursor,
  columns: ClusteringLayout,
  kind: number,
  size: number,
  into: ClusteringPrefix,
): void {
  into.reset(kind, size, cursor.bytes);
  const { start, end } = into;
  let headerHi = 0;
  let headerLo = 0;
  for (let i = 0; i < size; i++) {
    const slot = i % VALUES_A_HEADER;
    if (slot === 0) {
      cursor.unsignedVint64();
      headerHi = cursor.hi;
      headerLo = cursor.lo;
    }
    const bits = slot < 16 ? (headerLo >>> (slot * 2)) & 3 : (headerHi >>> (slot * 2 - 32)) & 3;
    start[i] = cursor.position;
    if (bits === 0) {
      const fixed = columns.lengths[i];
      const length = fixed >= 0 ? fixed : cursor.unsignedVint();
      start[i] = cursor.position;
      cursor.skip(length);
      end[i] = cursor.position;
    } else {
      if (bits !== NULL_BIT && bits !== EMPTY_BIT) failEmptyAndNull(cursor, columns.names[i]);
      end[i] = (bits & NULL_BIT) !== 0 ? NULL_COMPONENT : start[i];
    }
  }
}
