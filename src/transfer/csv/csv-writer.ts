import { ByteSink } from '../../bytes/index.ts';
import type { CsvDialect } from './csv-dialect.ts';
import type { DirectField } from './direct-fields.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Appends CSV records to a sink, byte by byte; a field is quoted only where it must be. */
export class CsvWriter {
  readonly sink = new ByteSink(64 * 1024);
  private readonly dialect: CsvDialect;
  /** Bytes that make quotes necessary. */
  private readonly special = new Uint8Array(256);
  private atRecordStart = true;

  constructor(dialect: CsvDialect) {
    this.dialect = dialect;
    for (const byte of [dialect.delimiter, dialect.quote, dialect.escape, LINE_FEED, CARRIAGE_RETURN]) {
      this.special[byte] = 1;
    }
  }

  /** A field that needs no quotes, straight from the cell; false when it has to be written as text. */
  direct(field: DirectField, cell: Uint8Array): boolean {
    const { sink } = this;
    const before = sink.position;
    if (!this.atRecordStart) sink.u8(this.dialect.delimiter);
    if (!field.write(sink, cell)) {
      sink.position = before;
      return false;
    }
    this.atRecordStart = false;
    return true;
  }

  /** `forceQuotes` tells an empty text from a null. */
  field(source: Uint8Array, start: number, end: number, forceQuotes: boolean): void {
    const { sink, special } = this;
    if (this.atRecordStart) this.atRecordStart = false;
    else sink.u8(this.dialect.delimiter);
    let at = start;
    while (at < end && special[source[at]] === 0) at++;
    if (at === end && !forceQuotes) {
      sink.append(source, start, end);
      return;
    }
    const { quote, escape } = this.dialect;
    sink.u8(quote);
    for (at = start; at < end; at++) {
      const byte = source[at];
      if (byte === quote || byte === escape) sink.u8(escape);
      sink.u8(byte);
    }
    sink.u8(quote);
  }

  endRecord(): void {
    this.sink.u8(LINE_FEED);
    this.atRecordStart = true;
  }
}
