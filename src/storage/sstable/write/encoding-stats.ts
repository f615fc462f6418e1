import { int64 } from '../../../bytes/index.ts';
import type { DeletionTime, RangeTombstoneMarker } from '../../rows/index.ts';
import { NO_DELETION_TIME, NO_TTL, type Row } from '../../rows/index.ts';

/**
 * The minima that timestamps, local deletion times and TTLs are stored as differences from (`db/rows/EncodingStats`).
 * Any values are correct; true minima are smallest.
 */
export interface EncodingStats {
  readonly minTimestampHi: number;
  readonly minTimestampLo: number;
  readonly minLocalSeconds: number;
  readonly minTtl: number;
}

/** 22 September 2015, in microseconds and in seconds: what stands for "none", and what the header counts from. */
const EPOCH_MICROS = 1442880000000000;
export const EPOCH_HI: number = int64.hiOfNumber(EPOCH_MICROS);
export const EPOCH_LO: number = int64.loOfNumber(EPOCH_MICROS);
export const EPOCH_SECONDS = 1442880000;

export const noEncodingStats: EncodingStats = Object.freeze({
  minTimestampHi: EPOCH_HI,
  minTimestampLo: EPOCH_LO,
  minLocalSeconds: EPOCH_SECONDS,
  minTtl: NO_TTL,
});

/** Collects the minima of a memtable, or of a stream in a first pass. */
export class EncodingStatsCollector {
  private hasTimestamp = false;
  private minHi = 0;
  private minLo = 0;
  private minLocalSeconds = NO_DELETION_TIME;
  private minTtl = NO_TTL;

  timestamp(hi: number, lo: number): void {
    if (this.hasTimestamp && int64.compare(hi, lo, this.minHi, this.minLo) >= 0) return;
    this.hasTimestamp = true;
    this.minHi = hi;
    this.minLo = lo;
  }

  localSeconds(seconds: number): void {
    if (seconds < this.minLocalSeconds) this.minLocalSeconds = seconds;
  }

  ttl(ttl: number): void {
    if (ttl !== NO_TTL && (this.minTtl === NO_TTL || ttl < this.minTtl)) this.minTtl = ttl;
  }

  deletion(deletion: DeletionTime): void {
    if (deletion.isLive()) return;
    this.timestamp(deletion.hi, deletion.lo);
    this.localSeconds(deletion.localSeconds);
  }

  marker(marker: RangeTombstoneMarker): void {
    this.deletion(marker.closing);
    this.deletion(marker.opening);
  }

  row(row: Row): void {
    if (row.hasLiveness) {
      this.timestamp(row.livenessHi, row.livenessLo);
      this.ttl(row.livenessTtl);
      this.localSeconds(row.livenessLocalSeconds);
    }
    this.deletion(row.deletion);
    for (let i = 0; i < row.complexCount; i++) {
      this.timestamp(row.complexHi[i], row.complexLo[i]);
      this.localSeconds(row.complexLocalSeconds[i]);
    }
    for (let i = 0; i < row.cellCount; i++) {
      this.timestamp(row.cellHi[i], row.cellLo[i]);
      this.ttl(row.cellTtl[i]);
      this.localSeconds(row.cellLocalSeconds[i]);
    }
  }

  result(): EncodingStats {
    return {
      minTimestampHi: this.hasTimestamp ? this.minHi : EPOCH_HI,
      minTimestampLo: this.hasTimestamp ? this.minLo : EPOCH_LO,
      minLocalSeconds: this.minLocalSeconds === NO_DELETION_TIME ? EPOCH_SECONDS : this.minLocalSeconds,
      minTtl: this.minTtl,
    };
  }
}
