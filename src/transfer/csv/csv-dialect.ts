/** How CSV is written: single bytes, as cqlsh's COPY options give them. Shared by reader and writer. */
export interface CsvDialect {
  readonly delimiter: number;
  readonly quote: number;
  /** Makes the following byte literal, inside and outside quotes. Equal to `quote`: quotes are doubled (RFC 4180). */
  readonly escape: number;
}

const COMMA = 0x2c;
const DOUBLE_QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** RFC 4180: quotes inside quotes are doubled. */
export const RFC_4180: CsvDialect = Object.freeze({ delimiter: COMMA, quote: DOUBLE_QUOTE, escape: DOUBLE_QUOTE });

/** cqlsh's COPY: a backslash before a quote or a backslash. */
export const CQLSH_CSV: CsvDialect = Object.freeze({ delimiter: COMMA, quote: DOUBLE_QUOTE, escape: BACKSLASH });
