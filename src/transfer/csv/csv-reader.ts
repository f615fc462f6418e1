import type { CsvDialect } from './csv-dialect.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Values of `fieldQuoted`; DIRTY only while a record is being parsed. */
const QUOTED = 1;
const DIRTY = 2;

/** A record longer than this is an unclosed quote, not data. */
const MAX_RECORD_BYTES = 256 * 1024 * 1024;

/**
 * Reads CSV record by record from chunks of bytes, without an object a field: a record is `fieldCount` ranges of
 * `bytes`. Fields with quotes or escapes inside are cleaned in place once their record is complete, which only ever
 * shortens them.
 *
 * Invariant: `[recordStart, filled)` of `bytes` is what was pushed and not yet read; a record never straddles two buffers,
 * because the unread rest is moved to the front before more is added.
 */
export class CsvReader {
  bytes: Uint8Array = new Uint8Array(64 * 1024);
  fieldCount = 0;
  fieldStart = new Int32Array(64);
  fieldEnd = new Int32Array(64);
  /** The field had quotes around it: an empty one is text, not null. */
  fieldQuoted = new Uint8Array(64);
  /** Line on which the record of the last `next` began, from 1. */
  line = 0;

  private readonly dialect: CsvDialect;
  private readonly special = new Uint8Array(256);
  private filled = 0;
  private recordStart = 0;
  private nextLine = 1;
  private ended = false;

  constructor(dialect: CsvDialect) {
    this.dialect = dialect;
    for (const byte of [dialect.delimiter, dialect.quote, dialect.escape, LINE_FEED, CARRIAGE_RETURN]) {
      this.special[byte] = 1;
    }
  }

  push(chunk: Uint8Array): void {
    const rest = this.filled - this.recordStart;
    if (rest + chunk.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.bytes.length * 2, rest + chunk.length));
      grown.set(this.bytes.subarray(this.recordStart, this.filled));
      this.bytes = grown;
    } else if (this.recordStart > 0) {
      this.bytes.copyWithin(0, this.recordStart, this.filled);
    }
    this.recordStart = 0;
    this.bytes.set(chunk, rest);
    this.filled = rest + chunk.length;
  }

  /** No more chunks follow: a last record without a line end counts. */
  end(): void {
    this.ended = true;
  }

  /**
   * The next record's fields, valid until the following `next` or `push`. False: push more, or after `end` all is read.
   * Empty lines are passed over. `unclosed` tells a quote that the file never closes.
   */
  next(): boolean {
    for (;;) {
      if (this.recordStart >= this.filled) return false;
      this.line = this.nextLine;
      const end = this.parseRecord();
      if (end === -1) return false;
      this.recordStart = end;
      if (this.fieldCount === 1 && this.fieldStart[0] === this.fieldEnd[0] && this.fieldQuoted[0] === 0) continue;
      return true;
    }
  }

  /** The text of field `i`. */
  text(i: number): string {
    return Buffer.from(this.bytes.buffer, this.fieldStart[i], this.fieldEnd[i] - this.fieldStart[i]).toString('utf8');
  }

  /** True when the rest of the input is one record whose quote never closed. */
  unclosed = false;

  /**
   * Finds the ranges of one record from `recordStart`; returns where the next begins, -1 when it is not complete yet.
   * Nothing is changed before the record is known to be complete, so that parsing may begin again after a `push`.
   */
  private parseRecord(): number {
    const { bytes, special, filled } = this;
    const { delimiter, quote, escape } = this.dialect;
    let fields = 0;
    let at = this.recordStart;
    let start = at;
    let quotes = 0;
    let escapes = 0;
    let inQuotes = false;
    let lines = 0;
    for (;;) {
      while (at < filled && special[bytes[at]] === 0) at++;
      if (at >= filled) {
        if (!this.ended) {
          this.unclosed = filled - this.recordStart > MAX_RECORD_BYTES;
          return -1;
        }
        this.unclosed = inQuotes;
        return this.endRecord(fields, start, filled, quotes, escapes, lines, filled);
      }
      const byte = bytes[at];
      if (byte === escape && escape !== quote) {
        if (at + 1 >= filled && !this.ended) return -1;
        if (bytes[at + 1] === LINE_FEED) lines++;
        escapes++;
        at += 2;
      } else if (byte === quote) {
        // A doubled quote closes and opens again: the ranges come out the same.
        inQuotes = !inQuotes;
        quotes++;
        at++;
      } else if (inQuotes) {
        if (byte === LINE_FEED) lines++;
        at++;
      } else if (byte === delimiter) {
        this.setField(fields++, start, at, quotes, escapes);
        start = ++at;
        quotes = 0;
        escapes = 0;
      } else {
        // A CR at the end of a chunk may have its LF in the next one.
        if (byte === CARRIAGE_RETURN && at + 1 >= filled && !this.ended) return -1;
        const next = byte === CARRIAGE_RETURN && at + 1 < filled && bytes[at + 1] === LINE_FEED ? at + 2 : at + 1;
        return this.endRecord(fields, start, at, quotes, escapes, lines + 1, next);
      }
    }
  }

  private endRecord(
    fields: number,
    start: number,
    end: number,
    quotes: number,
    escapes: number,
    lines: number,
    next: number,
  ): number {
    this.setField(fields, start, end, quotes, escapes);
    this.fieldCount = fields + 1;
    this.nextLine += lines;
    for (let i = 0; i < this.fieldCount; i++) if (this.fieldQuoted[i] === DIRTY) this.clean(i);
    return next;
  }

  /** Records a field's range; one that is only wrapped in quotes loses them here, others are cleaned later. */
  private setField(i: number, start: number, end: number, quotes: number, escapes: number): void {
    if (i === this.fieldStart.length) this.grow();
    const { bytes } = this;
    const { quote } = this.dialect;
    const wrapped = quotes === 2 && end - start >= 2 && bytes[start] === quote && bytes[end - 1] === quote;
    this.fieldStart[i] = wrapped ? start + 1 : start;
    this.fieldEnd[i] = wrapped ? end - 1 : end;
    this.fieldQuoted[i] = escapes > 0 || (quotes > 0 && !wrapped) ? DIRTY : quotes > 0 ? QUOTED : 0;
  }

  /** Takes quotes and escapes out of field `i`, in place. */
  private clean(i: number): void {
    const { bytes } = this;
    const { quote, escape } = this.dialect;
    const end = this.fieldEnd[i];
    let write = this.fieldStart[i];
    let wasQuoted = 0;
    for (let read = write; read < end; read++) {
      const byte = bytes[read];
      if (byte === escape && read + 1 < end && (escape !== quote || (bytes[read + 1] === quote && wasQuoted))) {
        bytes[write++] = bytes[++read];
      } else if (byte === quote) wasQuoted = QUOTED;
      else bytes[write++] = byte;
    }
    this.fieldEnd[i] = write;
    this.fieldQuoted[i] = wasQuoted;
  }

  private grow(): void {
    const capacity = this.fieldStart.length * 2;
    const starts = new Int32Array(capacity);
    const ends = new Int32Array(capacity);
    const quoted = new Uint8Array(capacity);
    starts.set(this.fieldStart);
    ends.set(this.fieldEnd);
    quoted.set(this.fieldQuoted);
    this.fieldStart = starts;
    this.fieldEnd = ends;
    this.fieldQuoted = quoted;
  }
}
