import type { ByteSink } from '../../../bytes/index.ts';
import type { ColumnMetadata } from '../../../schema/model/index.ts';
import { codecOf } from '../../../types/index.ts';
import { type ClusteringPrefix, NULL_COMPONENT, PrefixKind } from '../../rows/index.ts';

const BATCH = 32;

/**
 * Writes clusterings and bounds (`ClusteringPrefix.Serializer`, 5.0.8)
 *
 *   values   for each 32: an unsigned vint with two bits a value (1 empty, 2 null), then the values that are neither,
 *            with a vint length unless the type's is fixed
 *   bound    u8 kind, u16 number of values, values
 *   prefix   u8 kind; of a clustering then its values, else as a bound
 */
export class ClusteringEncoder {
  private readonly fixedLengths: Int32Array;

  constructor(columns: readonly ColumnMetadata[]) {
    this.fixedLengths = Int32Array.from(columns, (column) => codecOf(column.type).fixedLength);
  }

  values(prefix: ClusteringPrefix, sink: ByteSink): void {
    const { size, source, start, end } = prefix;
    for (let from = 0; from < size; from += BATCH) {
      const to = Math.min(size, from + BATCH);
      writeHeader(prefix, from, to, sink);
      for (let i = from; i < to; i++) {
        const length = end[i] - start[i];
        if (end[i] === NULL_COMPONENT || length === 0) continue;
        if (this.fixedLengths[i] < 0) sink.unsignedVint(length);
        sink.append(source, start[i], end[i]);
      }
    }
  }

  bound(prefix: ClusteringPrefix, sink: ByteSink): void {
    sink.u8(prefix.kind);
    sink.u16(prefix.size);
    this.values(prefix, sink);
  }

  prefix(prefix: ClusteringPrefix, sink: ByteSink): void {
    if (prefix.kind !== PrefixKind.CLUSTERING) {
      this.bound(prefix, sink);
      return;
    }
    sink.u8(prefix.kind);
    this.values(prefix, sink);
  }
}

function writeHeader(prefix: ClusteringPrefix, from: number, to: number, sink: ByteSink): void {
  let lo = 0;
  let hi = 0;
  for (let i = from; i < to; i++) {
    const bits = prefix.end[i] === NULL_COMPONENT ? 2 : prefix.end[i] === prefix.start[i] ? 1 : 0;
    if (bits === 0) continue;
    const shift = (i - from) * 2;
    if (shift < 32) lo |= bits << shift;
    else hi |= bits << (shift - 32);
  }
  if (hi === 0 && lo >= 0 && lo < 0x80) sink.u8(lo);
  else sink.unsignedVint64(hi, lo);
}
