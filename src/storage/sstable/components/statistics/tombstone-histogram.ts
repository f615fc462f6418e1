import type { ByteSink } from '../../../../bytes/index.ts';
import { MAX_DELETION_TIME } from '../../../rows/index.ts';

const MAX_BINS = 100;
const SPOOL_CAPACITY = 131072;
const MAX_PROBES = 100;
const ROUND_SECONDS = 60;
const EMPTY = -1;
const MAX_INT32 = 0x7fffffff;
const HASH_PRIME = 948701839;

/**
 * When tombstones may be dropped: local deletion times, rounded up to minutes, in at most 100 bins that are merged where
 * they are nearest (`utils/streamhist/StreamingTombstoneHistogramBuilder`, 5.0.8). Times collect in a hash table first,
 * whose order decides which bins are merged, so that it is Cassandra's.
 *
 *   nb   i32 bins, i32 bins, then f64 time, i64 count a bin
 *   oa   i32 bins, i32 bins, then i64 time, i32 count a bin
 */
export class TombstoneHistogram {
  private readonly points = new Float64Array(MAX_BINS + 1);
  private readonly values = new Float64Array(MAX_BINS + 1);
  private bins = 0;
  private spoolPoints: Float64Array | null = null;
  private spoolValues: Int32Array = new Int32Array(0);
  private spooled = 0;
  /** Where the last point went: most come in runs of one time. */
  private lastPoint = EMPTY;
  private lastCell = 0;

  add(localSeconds: number): void {
    const over = localSeconds % ROUND_SECONDS;
    const point = over === 0 ? localSeconds : saturate(localSeconds + ROUND_SECONDS - over);
    if (point === this.lastPoint && this.spoolValues[this.lastCell] < MAX_INT32) {
      this.spoolValues[this.lastCell]++;
      return;
    }
    if (this.tryAdd(point)) return;
    this.drain();
    this.tryAdd(point);
  }

  /** The number of bins, once written. */
  get binCount(): number {
    return this.bins;
  }

  write(sink: ByteSink, hasUnsignedTimes: boolean): void {
    this.drain();
    sink.i32(this.bins);
    sink.i32(this.bins);
    for (let i = 0; i < this.bins; i++) {
      if (hasUnsignedTimes) {
        sink.i64Number(this.points[i]);
        sink.i32(this.values[i]);
      } else {
        sink.f64(this.points[i]);
        sink.i64Number(this.values[i]);
      }
    }
  }

  private tryAdd(point: number): boolean {
    this.spoolPoints ??= this.makeSpool();
    if (this.spooled > SPOOL_CAPACITY) return false;
    const size = this.spoolPoints.length;
    const first = (SPOOL_CAPACITY - 1) & Math.imul(point | 0, HASH_PRIME);
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const cell = (first + probe) % size;
      if (this.spoolPoints[cell] === EMPTY) {
        this.spoolPoints[cell] = point;
        this.spoolValues[cell] = 0;
        this.spooled++;
      } else if (this.spoolPoints[cell] !== point) continue;
      if (this.spoolValues[cell] < MAX_INT32) this.spoolValues[cell]++;
      this.lastPoint = point;
      this.lastCell = cell;
      return true;
    }
    return false;
  }

  private makeSpool(): Float64Array {
    this.spoolValues = new Int32Array(SPOOL_CAPACITY * 2);
    return new Float64Array(SPOOL_CAPACITY * 2).fill(EMPTY);
  }

  private drain(): void {
    const spool = this.spoolPoints;
    if (spool === null || this.spooled === 0) return;
    for (let i = 0; i < spool.length; i++) if (spool[i] !== EMPTY) this.addBin(spool[i], this.spoolValues[i]);
    spool.fill(EMPTY);
    this.spooled = 0;
    this.lastPoint = EMPTY;
  }

  private addBin(point: number, value: number): void {
    const { points, values } = this;
    let i = this.bins;
    while (i > 0 && points[i - 1] >= point) i--;
    if (i < this.bins && points[i] === point) {
      values[i] = Math.min(MAX_INT32, values[i] + value);
      return;
    }
    points.copyWithin(i + 1, i, this.bins);
    values.copyWithin(i + 1, i, this.bins);
    points[i] = point;
    values[i] = value;
    this.bins++;
    if (this.bins > MAX_BINS) this.mergeNearest();
  }

  private mergeNearest(): void {
    const { points, values } = this;
    let nearest = 0;
    for (let i = 1; i + 1 < this.bins; i++) {
      if (points[i + 1] - points[i] < points[nearest + 1] - points[nearest]) nearest = i;
    }
    const left = points[nearest];
    const right = points[nearest + 1];
    let middle = weightedMean(left, values[nearest], right, values[nearest + 1]);
    if (middle <= left) middle = saturate(left + 1);
    middle = Math.min(middle, right);
    const over = middle % ROUND_SECONDS;
    points[nearest] = over === 0 ? middle : saturate(middle + ROUND_SECONDS - over);
    values[nearest] = Math.min(MAX_INT32, values[nearest] + values[nearest + 1]);
    points.copyWithin(nearest + 1, nearest + 2, this.bins);
    values.copyWithin(nearest + 1, nearest + 2, this.bins);
    this.bins--;
  }
}

/** In int64 arithmetic that saturates, as Cassandra has it: products of a time and a count leave the doubles' range. */
function weightedMean(left: number, leftCount: number, right: number, rightCount: number): number {
  const a = saturateInt64(BigInt(left) * BigInt(leftCount));
  const b = saturateInt64(BigInt(right) * BigInt(rightCount));
  return saturate(Number(saturateInt64(a + b) / BigInt(leftCount + rightCount)));
}

function saturateInt64(value: bigint): bigint {
  const wrapped = BigInt.asIntN(64, value);
  return wrapped < 0n ? 0x7fffffffffffffffn : wrapped;
}

function saturate(seconds: number): number {
  return seconds < 0 || seconds > MAX_DELETION_TIME ? MAX_DELETION_TIME : seconds;
}
