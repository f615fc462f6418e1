import { type ClusteringComparator, ClusteringPrefix, PrefixKind } from '../../rows/index.ts';
import { ExtendedFlag, UnfilteredFlag } from '../../sstable/data/unfiltered-format.ts';
import { NULL_VALUE } from '../row-batch.ts';
import type { RowLayout } from './row-layout.ts';
import { WindowReader } from './window-reader.ts';

/** Bits of a clustering value that no writer sets both. */
const EMPTY_AND_NULL = 3;

/** Flags and extended flags. */
const ROW_HEAD_BYTES = 2;
const NOT_A_ROW = UnfilteredFlag.END_OF_PARTITION | UnfilteredFlag.IS_MARKER;

/** Reads the clustering values of rows and bounds, as ranges of the window. */
export abstract class ClusteringReader extends WindowReader {
  protected readonly clusteringStart: Int32Array;
  /** NULL_VALUE of nulls. */
  protected readonly clusteringEnd: Int32Array;
  private readonly clusteringLengths: Int32Array;
  private readonly clusteringNames: readonly string[];

  constructor(file: string, layout: RowLayout) {
    super(file);
    this.clusteringLengths = layout.clusteringLengths;
    this.clusteringNames = layout.clusteringNames;
    this.clusteringStart = new Int32Array(layout.clusteringLengths.length);
    this.clusteringEnd = new Int32Array(layout.clusteringLengths.length);
  }

  /** What `endOfRows` passed. */
  rowsPassed = 0;
  private readonly clustering = new ClusteringPrefix();

  /**
   * Passes rows from `position` on, without moving it: to the first that does not stand before `bound`, to a marker or the
   * partition's end, or to what is not whole in the window. No bound: null.
   */
  endOfRows(bound: ClusteringPrefix | null, comparator: ClusteringComparator): number {
    const b = this.bytes;
    let p = this.position;
    this.rowsPassed = 0;
    for (;;) {
      if (p + ROW_HEAD_BYTES > this.limit || (b[p] & NOT_A_ROW) !== 0) return p;
      let q = p + 1;
      if ((b[p] & UnfilteredFlag.EXTENSION) !== 0 && (b[q++] & ExtendedFlag.IS_STATIC) !== 0) return p;
      q = this.readClustering(q);
      if (q >= this.limit) return p;
      if (bound !== null && comparator.compare(this.clusteringRead(), bound) >= 0) return p;
      q = this.endOfBody(q);
      if (q > this.limit) return p;
      p = q;
      this.rowsPassed++;
    }
  }

  /** The last clustering that was read. */
  private clusteringRead(): ClusteringPrefix {
    const { clustering, clusteringStart, clusteringEnd } = this;
    clustering.reset(PrefixKind.CLUSTERING, clusteringStart.length, this.bytes);
    for (let i = 0; i < clusteringStart.length; i++) {
      clustering.start[i] = clusteringStart[i];
      clustering.end[i] = clusteringEnd[i];
    }
    return clustering;
  }

  protected readClustering(p: number): number {
    return this.readClusteringValues(p, this.clusteringStart.length);
  }

  /** Ranges of the values into `clusteringStart` and `clusteringEnd`; returns the offset behind them, past `limit` when
   * they are not whole in the window. */
  protected readClusteringValues(p: number, count: number): number {
    const { clusteringStart, clusteringEnd, clusteringLengths } = this;
    let bits = 0;
    let upperBits = 0;
    for (let i = 0; i < count; i++) {
      // A header of 64 bits stands in front of each 32 values.
      if ((i & 31) === 0) {
        if (p >= this.limit) return p + 1;
        bits = this.vint32(p);
        upperBits = this.vintHigh;
        p = this.after;
        if (p > this.limit) return p;
      } else if ((i & 31) === 16) {
        bits = upperBits;
      }
      const state = (bits >>> ((i & 15) * 2)) & 3;
      clusteringStart[i] = p;
      if (state === 0) {
        const fixed = clusteringLengths[i];
        if (fixed >= 0) p += fixed;
        else {
          if (p >= this.limit) return p + 1;
          const length = this.vint(p);
          if (this.after > this.limit) return this.after;
          clusteringStart[i] = this.after;
          p = this.after + length;
        }
        if (p > this.limit) return p;
        clusteringEnd[i] = p;
      } else {
        if (state === EMPTY_AND_NULL) {
          this.corrupt(p, 'a clustering value that is both empty and null', this.clusteringNames[i]);
        }
        clusteringEnd[i] = state === 2 ? NULL_VALUE : p;
      }
    }
    return p;
  }
}
