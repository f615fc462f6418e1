import { join } from 'node:path';
import { ByteCursor, toHex } from '../../bytes/index.ts';
import { CorruptionError } from '../../errors/index.ts';
import type { FileSystem } from '../files/file-system.ts';
import {
  HEADER_BYTES,
  isSegment,
  listSegments,
  nextRecord,
  RECORD_HEADER_BYTES,
  RecordKind,
  recordEnd,
  segmentName,
} from './segment-format.ts';
import { decodeLayout, type TableLayout } from './table-layout.ts';

/** Who takes what the log holds, in the order in which it was written. */
export interface ReplayTarget {
  /** A mutation is `bytes[start, end)`; its columns are those of `layout`. */
  write(layout: TableLayout, bytes: Uint8Array, start: number, end: number, segment: number): void;
  /** Earlier writes to the table are void, its SSTables up to the generation, and what lies below if `hidesBase`. */
  truncate(tableId: string, generation: number, hidesBase: boolean): void;
}

export interface ReplayReport {
  readonly segments: readonly number[];
  readonly writes: number;
  /** The greatest timestamp that the writer is known to have given out, microseconds; 0 for none. */
  readonly assignedMicros: number;
  /** What the user should know: torn tails, damage and what it cost. */
  readonly notes: readonly string[];
}

/**
 * Reads the whole log into `target`. With `repair` (the writer's open) torn tails are cut off the files, a damaged segment
 * is kept as `….damaged`, and what was read is synced: the process that died need not have, and what is shown and built on
 * must stay. A reader beside a live writer changes nothing, and takes a torn tail for what is not written yet.
 */
export async function replayWal(
  files: FileSystem,
  directory: string,
  target: ReplayTarget,
  options: { readonly repair: boolean },
): Promise<ReplayReport> {
  const replay = new Replay(files, directory, target, options.repair);
  const segments = listSegments(files, directory);
  for (const [i, number] of segments.entries()) {
    if (i > 0) replay.noteGap(segments[i - 1], number);
    await replay.segment(number, segments);
  }
  const { writes, assignedMicros, notes } = replay;
  return { segments, writes, assignedMicros, notes };
}

class Replay {
  writes = 0;
  assignedMicros = 0;
  readonly notes: string[] = [];
  private readonly files: FileSystem;
  private readonly directory: string;
  private readonly target: ReplayTarget;
  private readonly repair: boolean;
  private layouts = new Map<number, TableLayout>();

  constructor(files: FileSystem, directory: string, target: ReplayTarget, repair: boolean) {
    this.files = files;
    this.directory = directory;
    this.target = target;
    this.repair = repair;
  }

  /** Segments are dropped oldest first: one that is not between others went another way. */
  noteGap(before: number, after: number): void {
    for (let number = before + 1; number < after; number++) {
      const path = join(this.directory, segmentName(number));
      this.note(`${path} is missing; what it held of acknowledged writes is lost`);
    }
  }

  async segment(number: number, all: readonly number[]): Promise<void> {
    const path = join(this.directory, segmentName(number));
    const bytes = await this.files.readFile(path);
    if (!isSegment(bytes, number)) {
      await this.badHeader(path, bytes, number);
      if (nextRecord(bytes, 0, number) === bytes.length) return;
    }
    this.layouts = new Map();
    let position = Math.min(HEADER_BYTES, nextRecord(bytes, 0, number));
    while (position < bytes.length) {
      const end = recordEnd(bytes, position, number);
      if (end >= 0) {
        this.record(bytes, position, end, number);
        position = end;
        continue;
      }
      const torn = lastNonZero(bytes, position) + 1 - position;
      if (torn === 0 || !(await this.wasSynced(bytes, position, number, all))) {
        if (torn > 0 && this.repair) this.noteTail(path, position, torn);
        break;
      }
      const next = nextRecord(bytes, position, number);
      await this.reportDamage(path, bytes, position, next);
      position = next;
    }
    if (this.repair) await this.settle(path, position);
  }

  private record(bytes: Uint8Array, position: number, end: number, segment: number): void {
    const cursor = new ByteCursor(bytes, position + RECORD_HEADER_BYTES, end);
    const kind = cursor.u8();
    switch (kind) {
      case RecordKind.LAYOUT: {
        const ordinal = cursor.unsignedVint();
        this.layouts.set(ordinal, decodeLayout(cursor));
        return;
      }
      case RecordKind.WRITE:
        this.writeRecord(cursor, segment);
        return;
      case RecordKind.TRUNCATE:
        this.target.truncate(toHex(cursor.slice(16)), cursor.unsignedVint(), cursor.remaining > 0 && cursor.u8() === 1);
        return;
      case RecordKind.CLOCK:
        this.assignedMicros = Math.max(this.assignedMicros, cursor.i64Number());
        return;
      case RecordKind.SYNCED:
        return;
      default:
        throw new CorruptionError(`record kind ${kind} in the log: written by a later version?`, { offset: position });
    }
  }

  private writeRecord(cursor: ByteCursor, segment: number): void {
    for (let left = cursor.unsignedVint(); left > 0; left--) {
      const layout = this.layouts.get(cursor.unsignedVint());
      const length = cursor.unsignedVint();
      const start = cursor.position;
      cursor.skip(length);
      if (layout === undefined) {
        this.note(`${segmentName(segment)}: a write was lost, because the names of its columns are`);
        continue;
      }
      this.target.write(layout, cursor.bytes, start, start + length, segment);
      this.writes++;
    }
  }

  /** Whether a later record says that this position had been synced. */
  private async wasSynced(
    bytes: Uint8Array,
    position: number,
    number: number,
    all: readonly number[],
  ): Promise<boolean> {
    if (hasLaterSync(bytes, position, number, number, position)) return true;
    for (const later of all) {
      if (later <= number) continue;
      const other = await this.files.readFile(join(this.directory, segmentName(later)));
      if (hasLaterSync(other, HEADER_BYTES, later, number, position)) return true;
    }
    return false;
  }

  private noteTail(path: string, position: number, torn: number): void {
    this.note(
      `${path}: a torn tail of ${torn} bytes was cut off at offset ${position}; nothing in it was acknowledged as durable`,
    );
  }

  /** Cuts a segment off behind its last record, and makes it durable. */
  private async settle(path: string, end: number): Promise<void> {
    const file = await this.files.open(path, 'append');
    try {
      if (file.size() > end) await file.truncate(end);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  private async reportDamage(path: string, bytes: Uint8Array, position: number, next: number): Promise<void> {
    this.note(
      `${path}: damage at offset ${position}: ${next - position} bytes of acknowledged writes are lost` +
        (next < bytes.length ? `; the log goes on at offset ${next}` : ''),
    );
    await this.keepDamaged(path);
  }

  private async badHeader(path: string, bytes: Uint8Array, number: number): Promise<void> {
    if (nextRecord(bytes, 0, number) < bytes.length) {
      this.note(`${path}: the header is damaged; its records are read all the same`);
      await this.keepDamaged(path);
    } else if (bytes.length > HEADER_BYTES) {
      // Anything shorter was killed while it was made, and never held a record.
      this.note(`${path}: damaged beyond reading; what it held of acknowledged writes is lost`);
      await this.keepDamaged(path);
    }
  }

  /** The segment goes once it is flushed; what could not be read stays for whoever wants to try. */
  private async keepDamaged(path: string): Promise<void> {
    if (this.repair && !this.files.exists(`${path}.damaged`)) await this.files.link(path, `${path}.damaged`);
  }

  private note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }
}

/** The place of the last byte from `from` on that is not zero, as space made ahead is; `from - 1` when all are. */
function lastNonZero(bytes: Uint8Array, from: number): number {
  let last = bytes.length - 1;
  while (last >= from && bytes[last] === 0) last--;
  return last;
}

/** Whether an intact SYNCED record from `from` on names a place behind (`segment`, `position`). */
function hasLaterSync(bytes: Uint8Array, from: number, number: number, segment: number, position: number): boolean {
  for (let at = nextRecord(bytes, from, number); at < bytes.length; ) {
    const end = recordEnd(bytes, at, number);
    if (end < 0) {
      at = nextRecord(bytes, at + 1, number);
      continue;
    }
    const cursor = new ByteCursor(bytes, at + RECORD_HEADER_BYTES, end);
    if (cursor.u8() === RecordKind.SYNCED) {
      const syncedSegment = cursor.unsignedVint();
      if (syncedSegment > segment || (syncedSegment === segment && cursor.unsignedVint() > position)) return true;
    }
    at = end;
  }
  return false;
}
