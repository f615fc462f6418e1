import type { RowChunk } from '../session/session.ts';

/** Where text or bytes go: stdout, a file, a pager. `write` never waits; await `drain` between chunks. */
export interface OutputSink {
  write(data: string | Uint8Array): void;
  /** Resolves once little enough is buffered; rejects when the output is gone (EPIPE, ENOSPC). */
  drain(): Promise<void>;
  /** All that was written is out, and no one holds its bytes; a sink that does not say holds them. */
  readonly isIdle?: boolean;
}

/** Turns the rows of one result into text or bytes. One instance a result. */
export interface RowFormat {
  begin(): void;
  rows(chunk: RowChunk): void;
  /** After the last chunk; may be asynchronous for formats that write a footer. */
  end(): void | Promise<void>;
}

export interface FormatOptions {
  readonly color: boolean;
  /** Columns of the terminal; undefined when the output is none. */
  readonly width?: number;
  readonly floatPrecision?: number;
  readonly doublePrecision?: number;
  /** strftime's notation of timestamps. */
  readonly timeFormat?: string;
  /** A zone name of the IANA database. */
  readonly timeZone?: string;
  readonly nullText?: string;
  /** On a screen: longer values are cut to so many characters. Files and pipes get all of them. */
  readonly maxValueWidth?: number;
  /** Show a row of CQL types under the header. */
  readonly typeRow?: boolean;
  /** Name of the table for `insert`. */
  readonly tableName?: string;
}

export const FORMAT_NAMES = [
  'table',
  'expanded',
  'json',
  'jsonl',
  'csv',
  'tsv',
  'markdown',
  'html',
  'insert',
  'parquet',
  'arrow',
] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];
