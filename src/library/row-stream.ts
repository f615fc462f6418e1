import type { Result, RowsResult } from '../session/session.ts';
import { type Row, type RowDecoder, rowDecoder } from './decode-row.ts';
import type { OpenCalls } from './open-calls.ts';

const DONE: IteratorReturnResult<undefined> = Object.freeze({ value: undefined, done: true });

/**
 * Rows one by one; memory stays that of one chunk. Nothing runs before the first `next`. Leaving a `for await` early stops
 * the query; closing the database makes the following `next` throw.
 */
export class RowStream implements AsyncIterableIterator<Row> {
  private readonly start: (signal: AbortSignal) => Promise<Result>;
  private readonly calls: OpenCalls;
  private result: RowsResult | null = null;
  private decode: RowDecoder | null = null;
  private rows: readonly Row[] = [];
  private at = 0;
  private isDone = false;
  private pending: Promise<unknown> | null = null;
  private readonly abort = new AbortController();
  private readonly signal: AbortSignal | undefined;

  constructor(start: (signal: AbortSignal) => Promise<Result>, calls: OpenCalls, signal: AbortSignal | undefined) {
    this.start = start;
    this.calls = calls;
    this.signal = signal;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Calls may overlap: each gets a row of its own. */
  next(): Promise<IteratorResult<Row, undefined>> {
    if (this.pending !== null) return this.pending.then(() => this.next());
    if (this.at < this.rows.length) return Promise.resolve({ value: this.rows[this.at++], done: false });
    if (this.isDone) return Promise.resolve(DONE);
    const fetched = this.calls
      .run(() => this.fetch())
      .finally(() => {
        this.pending = null;
      });
    // A failed fetch is told once, to the call that began it; those that wait behind find the end.
    this.pending = fetched.catch(() => undefined);
    return fetched.then(() => this.next());
  }

  private async fetch(): Promise<void> {
    this.rows = [];
    this.at = 0;
    try {
      if (this.result === null) await this.open();
      const chunk = this.result === null ? null : await this.result.next();
      if (chunk === null || this.decode === null) return this.end();
      const rows = new Array<Row>(chunk.rowCount);
      for (let i = 0; i < chunk.rowCount; i++) rows[i] = this.decode(chunk, i);
      this.rows = rows;
    } catch (error) {
      this.end();
      throw error;
    }
  }

  private async open(): Promise<void> {
    this.calls.opened(this);
    const { signal } = this.abort;
    const result = await this.start(this.signal === undefined ? signal : AbortSignal.any([signal, this.signal]));
    if (result.kind !== 'rows') return;
    this.result = result;
    this.decode = rowDecoder(result.columns);
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    if (this.pending !== null) await this.pending;
    this.rows = [];
    this.end();
    return DONE;
  }

  /** Called when the database closes: a `next` under way ends with this reason, and rows not yet taken are lost. */
  abandon(reason: Error): void {
    this.abort.abort(reason);
    this.rows = [];
  }

  /** Releases what the query holds; only while no `next` is under way. */
  release(): void {
    this.result?.close();
  }

  private end(): void {
    this.isDone = true;
    this.result?.close();
    this.calls.ended(this);
  }
}
