import type { ColumnMetadata } from '../../schema/model/index.ts';
import { codecOf, type TypeCodec } from '../../types/index.ts';
import { type ClusteringPrefix, NULL_COMPONENT } from './clustering-prefix.ts';
import { compareKinds, PrefixKind, sideOf } from './prefix-kind.ts';

/**
 * The order of rows and bounds within a partition (`db/ClusteringComparator.compare`, 5.0.8). Reversed columns swap the
 * two values; null sorts before every value, reversed or not.
 */
export class ClusteringComparator {
  private readonly codecs: readonly TypeCodec[];
  private readonly reversed: readonly boolean[];

  constructor(columns: readonly Pick<ColumnMetadata, 'type' | 'reversed'>[]) {
    this.codecs = columns.map((column) => codecOf(column.type));
    this.reversed = columns.map((column) => column.reversed);
  }

  compare(a: ClusteringPrefix, b: ClusteringPrefix): number {
    if (a.kind === PrefixKind.STATIC_CLUSTERING || b.kind === PrefixKind.STATIC_CLUSTERING) {
      return compareKinds(a.kind, b.kind);
    }
    const shared = a.size < b.size ? a.size : b.size;
    for (let i = 0; i < shared; i++) {
      const order = this.compareComponent(i, a, b);
      if (order !== 0) return order;
    }
    if (a.size === b.size) return compareKinds(a.kind, b.kind);
    return a.size < b.size ? sideOf(a.kind) : -sideOf(b.kind);
  }

  compareComponent(i: number, a: ClusteringPrefix, b: ClusteringPrefix): number {
    const aEnd = a.end[i];
    const bEnd = b.end[i];
    if (aEnd === NULL_COMPONENT) return bEnd === NULL_COMPONENT ? 0 : -1;
    if (bEnd === NULL_COMPONENT) return 1;
    const codec = this.codecs[i];
    return this.reversed[i]
      ? codec.compare(b.source, b.start[i], bEnd, a.source, a.start[i], aEnd)
      : codec.compare(a.source, a.start[i], aEnd, b.source, b.start[i], bEnd);
  }
}
