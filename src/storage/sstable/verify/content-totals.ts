import { int64 } from '../../../bytes/index.ts';
import { type DeletionTime, NO_DELETION_TIME, type Row } from '../../rows/index.ts';
import type { StatsMetadata } from '../components/statistics/statistics.ts';

/** What Statistics.db sums up, counted again from the content. */
export class ContentTotals {
  private rows = 0;
  private columnsSet = 0;
  private minMicros = int64.toBigInt(int64.MAX_HI, int64.MAX_LO);
  private maxMicros = int64.toBigInt(int64.MIN_HI, int64.MIN_LO);
  private minHi: number = int64.MAX_HI;
  private minLo: number = int64.MAX_LO;
  private maxHi: number = int64.MIN_HI;
  private maxLo: number = int64.MIN_LO;
  private minLocalSeconds = NO_DELETION_TIME;
  private maxLocalSeconds = 0;
  private hasDeletion = false;

  row(row: Row): void {
    this.rows++;
    if (row.hasLiveness) {
      this.timestamp(row.livenessHi, row.livenessLo);
      this.localSeconds(row.livenessLocalSeconds);
    }
    this.deletion(row.deletion);
    for (let i = 0; i < row.complexCount; i++) {
      this.timestamp(row.complexHi[i], row.complexLo[i]);
      this.localSeconds(row.complexLocalSeconds[i]);
    }
    let previous = -1;
    for (let i = 0; i < row.cellCount; i++) {
      this.timestamp(row.cellHi[i], row.cellLo[i]);
      this.localSeconds(row.cellLocalSeconds[i]);
      if (row.cellColumn[i] !== previous) this.columnsSet++;
      previous = row.cellColumn[i];
    }
  }

  deletion(deletion: DeletionTime): void {
    if (deletion.isLive()) return;
    this.timestamp(deletion.hi, deletion.lo);
    this.localSeconds(deletion.localSeconds);
  }

  endPartition(): void {
    this.minMicros = int64.toBigInt(this.minHi, this.minLo);
    this.maxMicros = int64.toBigInt(this.maxHi, this.maxLo);
  }

  /** Cassandra counts what it wrote; bounds may be wider than the content, never narrower. */
  compare(stats: StatsMetadata, partitions: number, report: (detail: string) => void): void {
    const stored = stats.partitionSizes.counts.reduce((sum, count) => sum + count, 0);
    if (stored !== partitions) report(`${stored} partitions are counted, there are ${partitions}`);
    if (stats.totalRows !== this.rows) report(`${stats.totalRows} rows are counted, there are ${this.rows}`);
    if (stats.totalColumnsSet !== this.columnsSet) {
      report(`${stats.totalColumnsSet} set columns are counted, there are ${this.columnsSet}`);
    }
    if (this.minMicros < stats.minTimestampMicros && this.minMicros <= this.maxMicros) {
      report(`the least timestamp is ${this.minMicros}, stored is ${stats.minTimestampMicros}`);
    }
    if (this.maxMicros > stats.maxTimestampMicros) {
      report(`the greatest timestamp is ${this.maxMicros}, stored is ${stats.maxTimestampMicros}`);
    }
    if (this.minLocalSeconds < stats.minLocalSeconds) {
      report(`the least local deletion time is ${this.minLocalSeconds}, stored is ${stats.minLocalSeconds}`);
    }
    if (this.hasDeletion && this.maxLocalSeconds > stats.maxLocalSeconds) {
      report(`the greatest local deletion time is ${this.maxLocalSeconds}, stored is ${stats.maxLocalSeconds}`);
    }
  }

  private timestamp(hi: number, lo: number): void {
    if (int64.compare(hi, lo, this.minHi, this.minLo) < 0) {
      this.minHi = hi;
      this.minLo = lo;
    }
    if (int64.compare(hi, lo, this.maxHi, this.maxLo) > 0) {
      this.maxHi = hi;
      this.maxLo = lo;
    }
  }

  private localSeconds(seconds: number): void {
    if (seconds < this.minLocalSeconds) this.minLocalSeconds = seconds;
    if (seconds !== NO_DELETION_TIME && seconds > this.maxLocalSeconds) {
      this.maxLocalSeconds = seconds;
      this.hasDeletion = true;
    }
  }
}
