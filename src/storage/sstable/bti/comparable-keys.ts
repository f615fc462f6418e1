import type { ByteSink } from '../../../bytes/index.ts';
import { murmur3TokenInto } from '../../../bytes/index.ts';
import type { ColumnMetadata } from '../../../schema/model/index.ts';
import { appendEscaped, type ComparableEncoder, comparableEncoderOf, Mark } from '../../../types/byte-comparable.ts';
import type { CqlType } from '../../../types/index.ts';
import { type ClusteringPrefix, NULL_COMPONENT, PrefixKind } from '../../rows/index.ts';

/**
 * A partition key in the partition index (`DecoratedKey.asComparableBytes`, 5.0.8)
 *
 *   40  token: 8 bytes, sign flipped
 *   40  key: escaped bytes
 *   38
 */
export function appendComparableKey(
  tokenHi: number,
  tokenLo: number,
  key: Uint8Array,
  start: number,
  end: number,
  sink: ByteSink,
): void {
  sink.u8(Mark.NEXT);
  sink.i64(tokenHi ^ 0x80000000, tokenLo);
  sink.u8(Mark.NEXT);
  appendEscaped(key, start, end, sink);
  sink.u8(Mark.TERMINATOR);
}

/** A token without a key: before all its keys, or after them. */
export function appendComparableToken(tokenHi: number, tokenLo: number, after: boolean, sink: ByteSink): void {
  sink.u8(Mark.NEXT);
  sink.i64(tokenHi ^ 0x80000000, tokenLo);
  sink.u8(after ? Mark.GREATER : Mark.LESS);
}

/**
 * A clustering or bound in a row index (`ClusteringComparator.asByteComparable`, 5.0.8): before each value 40, or 3E
 * alone for null, 3F (41 when reversed) alone for an empty one; values of reversed columns have all bits inverted; at the
 * end a mark of the kind.
 */
export class ComparableClusterings {
  private readonly encoders: readonly ComparableEncoder[];
  private readonly reversed: readonly boolean[];

  constructor(columns: readonly Pick<ColumnMetadata, 'type' | 'reversed'>[]) {
    this.encoders = columns.map((column) => clusteringEncoder(column.type));
    this.reversed = columns.map((column) => column.reversed);
  }

  append(prefix: ClusteringPrefix, sink: ByteSink): void {
    for (let i = 0; i < prefix.size; i++) {
      if (prefix.end[i] === NULL_COMPONENT) {
        sink.u8(Mark.NULL);
        continue;
      }
      const at = sink.position;
      sink.u8(Mark.NEXT);
      if (!this.encoders[i](prefix.source, prefix.start[i], prefix.end[i], sink)) {
        sink.position = at;
        sink.u8(this.reversed[i] ? Mark.EMPTY_REVERSED : Mark.EMPTY);
      } else if (this.reversed[i]) {
        for (let p = at + 1; p < sink.position; p++) sink.bytes[p] ^= 0xff;
      }
    }
    sink.u8(MARK_OF_KIND[prefix.kind]);
  }
}

const MARK_OF_KIND = new Uint8Array(8);
MARK_OF_KIND[PrefixKind.EXCLUSIVE_END_BOUND] = Mark.LESS;
MARK_OF_KIND[PrefixKind.INCLUSIVE_START_BOUND] = Mark.LESS;
MARK_OF_KIND[PrefixKind.EXCLUSIVE_END_INCLUSIVE_START_BOUNDARY] = Mark.LESS;
MARK_OF_KIND[PrefixKind.STATIC_CLUSTERING] = Mark.EXCLUDED;
MARK_OF_KIND[PrefixKind.CLUSTERING] = Mark.TERMINATOR;
MARK_OF_KIND[PrefixKind.INCLUSIVE_END_EXCLUSIVE_START_BOUNDARY] = Mark.GREATER;
MARK_OF_KIND[PrefixKind.INCLUSIVE_END_BOUND] = Mark.GREATER;
MARK_OF_KIND[PrefixKind.EXCLUSIVE_START_BOUND] = Mark.GREATER;

const token = new Int32Array(4);

/** Hidden index tables cluster by the indexed table's partition keys, in token order. */
function appendPartitionerDefined(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (start === end) return false;
  murmur3TokenInto(bytes, start, end, token);
  appendComparableKey(token[0], token[1], bytes, start, end, sink);
  return true;
}

function clusteringEncoder(type: CqlType): ComparableEncoder {
  const isPartitionerDefined = type.kind === 'custom' && /\bPartitionerDefinedOrder\b/.test(type.className);
  return isPartitionerDefined ? appendPartitionerDefined : comparableEncoderOf(type);
}
