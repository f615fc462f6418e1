import { crc32 } from 'node:zlib';
import { ByteCursor, ByteSink, crc32Of } from '../../bytes/index.ts';
import type { FileSystem } from '../files/file-system.ts';

/**
 * A segment of the log, `wal/00000000000000000017.wal`. Integers are big-endian.
 *
 *   segment   header, record*, zeros where space was made ahead and the process died
 *   header    "CASSWAL1", number i64, CRC32 u32 of these 16 bytes
 *   record    marker u32, length u32, CRC32 u32 of length and body, body
 *   marker    "WREC" xor the segment's number: finds the next record behind damage, and never one of another segment
 *   body      kind u8, then
 *     LAYOUT    vint ordinal, table layout (table-layout.ts): names the columns for the writes that follow
 *     WRITE     vint mutations, each: vint layout ordinal, vint length, mutation (../mutation)
 *     TRUNCATE  table id, 16 bytes; vint generation: earlier writes to the table and its SSTables up to it are void;
 *               u8 1 where its data below an overlay is hidden from then on
 *     SYNCED    vint segment, vint position: all before was durable when this was written
 *     CLOCK     i64 microseconds: the greatest timestamp that the database had given out by itself when the records up to
 *               the next CLOCK were written
 */
export const HEADER_BYTES = 20;
export const RECORD_HEADER_BYTES = 12;
const MAGIC = Buffer.from('CASSWAL1');
const MARKER = 0x57524543;

export const RecordKind = { LAYOUT: 1, WRITE: 2, TRUNCATE: 3, SYNCED: 4, CLOCK: 5 } as const;

const NAME = /^(\d{20})\.wal$/;

export function segmentName(number: number): string {
  return `${String(number).padStart(20, '0')}.wal`;
}

/** Numbers of the segments in a directory, ascending; none when the directory is not there. */
export function listSegments(files: FileSystem, directory: string): number[] {
  if (!files.exists(directory)) return [];
  return files
    .listSync(directory)
    .map((entry) => NAME.exec(entry.name))
    .filter((match) => match !== null)
    .map((match) => Number(match[1]))
    .sort((a, b) => a - b);
}

/** Zeros that are written ahead of records at a time. */
export const AHEAD_BYTES = 1024 * 1024;

/** How far a segment is written, without the zeros ahead: each record grows it, since none begins with a zero. */
export function writtenBytes(files: FileSystem, path: string): number {
  const file = files.openSync(path);
  try {
    const size = file.size();
    const tail = Buffer.allocUnsafe(Math.min(size, AHEAD_BYTES + 1));
    const from = size - tail.length;
    let last = file.readSync(tail, 0, tail.length, from) - 1;
    while (last >= 0 && tail[last] === 0) last--;
    return from + last + 1;
  } finally {
    file.closeSync();
  }
}

export function segmentHeader(number: number): Uint8Array {
  const sink = new ByteSink(HEADER_BYTES);
  sink.append(MAGIC);
  sink.i64Number(number);
  sink.i32(crc32(sink.view()) | 0);
  return sink.copy();
}

/** Whether the bytes begin with the header of segment `number`. */
export function isSegment(bytes: Uint8Array, number: number): boolean {
  return bytes.length >= HEADER_BYTES && Buffer.compare(bytes.subarray(0, HEADER_BYTES), segmentHeader(number)) === 0;
}

function markerOf(segment: number): number {
  return MARKER ^ segment;
}

/** Leaves room for a record's header; returns where the record begins. */
export function beginRecord(sink: ByteSink, kind: number): number {
  const start = sink.position;
  sink.reserve(RECORD_HEADER_BYTES);
  sink.position += RECORD_HEADER_BYTES;
  sink.u8(kind);
  return start;
}

/** Fills the header of the record that began at `start` and ends at `end`. */
export function endRecord(sink: ByteSink, start: number, segment: number, end = sink.position): void {
  const { position } = sink;
  sink.position = start;
  sink.i32(markerOf(segment));
  sink.i32(end - start - RECORD_HEADER_BYTES);
  sink.i32(recordChecksum(sink.bytes, start, end) | 0);
  sink.position = position;
}

/** Bytes of a CLOCK record. */
const CLOCK_BYTES = RECORD_HEADER_BYTES + 1 + 8;

/** A record to be filled when those behind it are written: it tells of all of them, and is not lost where they are not. */
export function reserveClock(sink: ByteSink): void {
  const start = beginRecord(sink, RecordKind.CLOCK);
  sink.reserve(CLOCK_BYTES);
  sink.position = start + CLOCK_BYTES;
}

/** Fills the record that was reserved at the sink's beginning. */
export function fillClock(sink: ByteSink, micros: number, segment: number): void {
  const { position } = sink;
  sink.position = CLOCK_BYTES - 8;
  sink.i64Number(micros);
  sink.position = position;
  endRecord(sink, 0, segment, CLOCK_BYTES);
}

/** CRC32 of a record's length and body. */
function recordChecksum(bytes: Uint8Array, start: number, end: number): number {
  return crc32Of(bytes, start + RECORD_HEADER_BYTES, end, crc32Of(bytes, start + 4, start + 8));
}

/** The end of the intact record at `position`, or -1. */
export function recordEnd(bytes: Uint8Array, position: number, segment: number): number {
  if (bytes.length - position <= RECORD_HEADER_BYTES) return -1;
  const cursor = new ByteCursor(bytes, position);
  if (cursor.i32() !== markerOf(segment)) return -1;
  const end = position + RECORD_HEADER_BYTES + cursor.u32();
  if (end > bytes.length || end === position + RECORD_HEADER_BYTES) return -1;
  return recordChecksum(bytes, position, end) === cursor.u32() ? end : -1;
}

/** The position of the next intact record from `position` on; the length of the bytes when there is none. */
export function nextRecord(bytes: Uint8Array, position: number, segment: number): number {
  const marker = Buffer.alloc(4);
  marker.writeInt32BE(markerOf(segment) | 0);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = buffer.indexOf(marker, position); at >= 0; at = buffer.indexOf(marker, at + 1)) {
    if (recordEnd(bytes, at, segment) >= 0) return at;
  }
  return bytes.length;
}
