import type { RowsResult } from '../../session/session.ts';

const MILLISECONDS = 1000;

/** cqlsh's `Processed: …` line: rows so far, the rate since the last report and on average. */
export class CopyProgress {
  private readonly tell: (text: string) => void;
  private readonly intervalMs: number;
  private readonly started = performance.now();
  private reported = this.started;
  private reportedRows = 0;
  private shown = false;
  private source: RowsResult | null = null;
  rows = 0;
  /** Of the files of COPY FROM: read so far, and in all; 0 while that is not known. */
  bytes = 0;
  totalBytes = 0;

  /** `tell` gets lines that end with CR; give null to be silent (no terminal). */
  constructor(tell: ((text: string) => void) | null, intervalSeconds: number) {
    this.tell = tell ?? (() => {});
    this.intervalMs = Math.max(0.05, intervalSeconds) * MILLISECONDS;
  }

  add(rows: number): void {
    this.rows += rows;
    const now = performance.now();
    if (now - this.reported < this.intervalMs) return;
    this.report(now);
  }

  finish(): void {
    this.report(performance.now());
    if (this.shown) this.tell('\n');
  }

  get elapsedSeconds(): number {
    return (performance.now() - this.started) / MILLISECONDS;
  }

  /** From 0 to 1; undefined where the end is not known. */
  get fraction(): number | undefined {
    if (this.totalBytes > 0) return this.bytes / this.totalBytes;
    const { bytesRead = 0, bytesToRead = 0 } = this.source?.statistics ?? {};
    return bytesToRead === 0 ? undefined : Math.min(1, bytesRead / bytesToRead);
  }

  /** The same result, counted as it is read. */
  count(result: RowsResult): RowsResult {
    this.source = result;
    return {
      kind: 'rows',
      columns: result.columns,
      warnings: result.warnings,
      notes: result.notes,
      get statistics() {
        return result.statistics;
      },
      pagingState: () => result.pagingState(),
      close: () => result.close(),
      next: async () => {
        const chunk = await result.next();
        if (chunk !== null) this.add(chunk.rowCount);
        return chunk;
      },
    };
  }

  private report(now: number): void {
    const rate = ((this.rows - this.reportedRows) * MILLISECONDS) / Math.max(1, now - this.reported);
    const average = (this.rows * MILLISECONDS) / Math.max(1, now - this.started);
    this.tell(
      `Processed: ${this.rows} rows; Rate: ${rate.toFixed(0).padStart(7)} rows/s; Avg. rate: ${average.toFixed(0).padStart(7)} rows/s\r`,
    );
    this.shown = true;
    this.reported = now;
    this.reportedRows = this.rows;
  }
}

/** cqlsh's way to say how long a COPY took. */
export function durationText(seconds: number): string {
  const whole = Math.floor(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const parts: string[] = [];
  if (hours > 0) parts.push(`${hours} hour${hours === 1 ? '' : 's'}`);
  if (minutes > 0) parts.push(`${minutes} minute${minutes === 1 ? '' : 's'}`);
  parts.push(`${(seconds - hours * 3600 - minutes * 60).toFixed(3)} seconds`);
  return parts.join(', ');
}
