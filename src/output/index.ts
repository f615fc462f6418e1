/** Results as text and files. Every way out of Cassette formats rows here: one-shots, scripts, the shell, exports. */
export { createRowFormat } from './create-row-format.ts';
export { widestValue } from './expanded-format.ts';
export { FORMAT_NAMES, type FormatName, type FormatOptions, type OutputSink, type RowFormat } from './row-format.ts';
export { FileSink, isBrokenPipe, LastingSink, StreamSink } from './sinks.ts';
export { displayWidth, TableLayout, type TextRow, tableWidth } from './table-layout.ts';
export { writeRows } from './write-rows.ts';
