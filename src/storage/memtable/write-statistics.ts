import { int64 } from '../../bytes/index.ts';
import { type DeletionTime, NO_DELETION_TIME, NO_TTL, type Row } from '../rows/index.ts';
import { type EncodingStats, noEncodingStats } from '../sstable/write/encoding-stats.ts';

/**
 * Least values over all that was written (`db/rows/EncodingStats`, 5.0.8): SSTables store timestamps, deletion times and
 * TTLs as distances from them. And which columns occur, for the header of the SSTable.
 */
export class WriteStatistics {
  minTimestampHi = int64.MAX_HI;
  minTimestampLo = int64.MAX_LO;
  minLocalSeconds = NO_DELETION_TIME;
  minTtl = NO_TTL;
  readonly regulars: Uint8Array;
  readonly statics: Uint8Array;

  constructor(regularCount: number, staticCount: number) {
    this.regulars = new Uint8Array(regularCount);
    this.statics = new Uint8Array(staticCount);
  }

  addRow(row: Row): void {
    const columns = row.isStatic ? this.statics : this.regulars;
    if (row.hasLiveness) {
      this.addTime(row.livenessHi, row.livenessLo, row.livenessLocalSeconds);
      this.addTtl(row.livenessTtl);
    }
    this.addDeletion(row.deletion);
    for (let i = 0; i < row.complexCount; i++) {
      columns[row.complexColumn[i]] = 1;
      this.addTime(row.complexHi[i], row.complexLo[i], row.complexLocalSeconds[i]);
    }
    for (let i = 0; i < row.cellCount; i++) {
      columns[row.cellColumn[i]] = 1;
      this.addTime(row.cellHi[i], row.cellLo[i], row.cellLocalSeconds[i]);
      this.addTtl(row.cellTtl[i]);
    }
  }

  addDeletion(deletion: DeletionTime): void {
    if (!deletion.isLive()) this.addTime(deletion.hi, deletion.lo, deletion.localSeconds);
  }

  /** The minima as an SSTable's header has them. */
  encodingStats(): EncodingStats {
    const hasTimestamp = this.minTimestampHi !== int64.MAX_HI || this.minTimestampLo !== int64.MAX_LO;
    return {
      minTimestampHi: hasTimestamp ? this.minTimestampHi : noEncodingStats.minTimestampHi,
      minTimestampLo: hasTimestamp ? this.minTimestampLo : noEncodingStats.minTimestampLo,
      minLocalSeconds:
        this.minLocalSeconds === NO_DELETION_TIME ? noEncodingStats.minLocalSeconds : this.minLocalSeconds,
      minTtl: this.minTtl,
    };
  }

  private addTime(hi: number, lo: number, localSeconds: number): void {
    if (int64.compare(hi, lo, this.minTimestampHi, this.minTimestampLo) < 0) {
      this.minTimestampHi = hi;
      this.minTimestampLo = lo;
    }
    if (localSeconds < this.minLocalSeconds) this.minLocalSeconds = localSeconds;
  }

  private addTtl(ttl: number): void {
    if (ttl !== NO_TTL && (this.minTtl === NO_TTL || ttl < this.minTtl)) this.minTtl = ttl;
  }
}
