import { EMPTY_BYTES, int64 } from '../../bytes/index.ts';
import type { ColumnMetadata } from '../../schema/model/index.ts';
import { NO_DELETION_TIME, NO_PATH, NO_TTL, Row } from '../../storage/rows/index.ts';

interface WrittenDeletion {
  readonly hi: number;
  readonly lo: number;
  readonly localSeconds: number;
}

/** When a write happens, how long its cells live, and the row that it fills (`cql3/UpdateParameters`, 5.0.8). */
export class CellWriter {
  readonly row = new Row();
  private hi = 0;
  private lo = 0;
  private ttl = NO_TTL;
  private nowSeconds = 0;

  /** Takes the next write; the same writer serves them all, one after the other. */
  begin(timestampMicros: bigint, ttlSeconds: number, nowSeconds: number): void {
    this.hi = int64.hiOf(timestampMicros);
    this.lo = int64.loOf(timestampMicros);
    this.ttl = ttlSeconds;
    this.nowSeconds = nowSeconds;
  }

  /** Primary key liveness, as INSERT writes it. */
  liveness(): void {
    this.row.setLiveness(this.hi, this.lo, this.ttl, this.expiry);
  }

  value(column: ColumnMetadata, bytes: Uint8Array): void {
    this.row.addCell(column.position, this.hi, this.lo, this.ttl, this.expiry, bytes, 0, bytes.length, 0, NO_PATH);
  }

  /** A cell of a multi-cell column. */
  element(column: ColumnMetadata, path: Uint8Array, bytes: Uint8Array): void {
    const source = bytes.length === 0 ? path : concatenated(path, bytes);
    const end = path.length + bytes.length;
    this.row.addCell(
      column.position,
      this.hi,
      this.lo,
      this.ttl,
      this.expiry,
      source,
      path.length,
      end,
      0,
      path.length,
    );
  }

  tombstone(column: ColumnMetadata): void {
    this.row.addCell(column.position, this.hi, this.lo, NO_TTL, this.nowSeconds, EMPTY_BYTES, 0, 0, 0, NO_PATH);
  }

  elementTombstone(column: ColumnMetadata, path: Uint8Array): void {
    const { length } = path;
    this.row.addCell(column.position, this.hi, this.lo, NO_TTL, this.nowSeconds, path, length, length, 0, length);
  }

  /** Deletes a whole multi-cell column. */
  deleteColumn(column: ColumnMetadata): void {
    const { hi, lo, localSeconds } = this.deletion;
    this.row.addComplexDeletion(column.position, hi, lo, localSeconds);
  }

  /** Deletes what a multi-cell column held, but not what this write puts in: a microsecond before it. */
  overwriteColumn(column: ColumnMetadata): void {
    const { hi, lo, localSeconds } = this.before;
    this.row.addComplexDeletion(column.position, hi, lo, localSeconds);
  }

  deleteRow(): void {
    const { hi, lo, localSeconds } = this.deletion;
    this.row.deletion.set(hi, lo, localSeconds);
  }

  get deletion(): WrittenDeletion {
    return { hi: this.hi, lo: this.lo, localSeconds: this.nowSeconds };
  }

  private get before(): WrittenDeletion {
    return {
      hi: this.lo === 0 ? this.hi - 1 : this.hi,
      lo: (this.lo - 1) | 0,
      localSeconds: this.nowSeconds,
    };
  }

  private get expiry(): number {
    return this.ttl === NO_TTL ? NO_DELETION_TIME : this.nowSeconds + this.ttl;
  }
}

function concatenated(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
