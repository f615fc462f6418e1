/** The write-ahead log: append, make durable, replay. */

export { type ReplayReport, type ReplayTarget, replayWal } from './replay.ts';
export { listSegments, segmentName, writtenBytes } from './segment-format.ts';
export type { TableLayout } from './table-layout.ts';
export { type Durability, WalWriter } from './wal-writer.ts';
