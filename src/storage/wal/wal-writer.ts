import { join } from 'node:path';
import { CqlError } from '../../errors/index.ts';
import type { File, FileSystem } from '../files/file-system.ts';
import type { Mutation } from '../mutation/index.ts';
import { PendingRecords } from './pending-records.ts';
import { AHEAD_BYTES, HEADER_BYTES, segmentHeader, segmentName } from './segment-format.ts';
import { SyncPlacement } from './sync-placement.ts';

/**
 * When a write counts as acknowledged.
 *
 *   sync       once it is on disk; writers that wait at the same time share a sync
 *   periodic   at once; it is on disk within PERIOD_MS
 *   none       at once; the operating system writes it when it likes
 */
export type Durability = 'sync' | 'periodic' | 'none';

const PERIOD_MS = 10;
const SEGMENT_BYTES = 32 * 1024 * 1024;
const ALLOCATE_BELOW_BYTES = 64 * 1024;
const ZEROS = Buffer.alloc(AHEAD_BYTES);
/** Unwritten records beyond this go to the file at once, whatever the durability. */
const MAX_PENDING_BYTES = 4 * 1024 * 1024;

export interface WalOptions {
  readonly files: FileSystem;
  readonly directory: string;
  /** Higher than any segment that is there. */
  readonly firstSegment: number;
  readonly durability: Durability;
  readonly segmentBytes?: number;
  /** The greatest timestamp given out so far, microseconds; 0 for none. Records say it, so that a restart knows. */
  readonly assignedMicros?: () => number;
  /** Of a clock that only goes forward; tests inject it. */
  readonly elapsedMillis?: () => number;
}

interface Segment {
  readonly number: number;
  /** Null until the first record goes to it: a session that only reads makes no file. */
  file: File | null;
  /** Where its records end, once it is full. */
  end: number;
}

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Appends to the log. `append` is synchronous: records collect in memory. They go to disk in groups: with `sync` when
 * someone awaits `durable`, else every PERIOD_MS. After a failed write or sync nothing more is accepted, because what
 * the file holds is no longer known: the database has to be opened again.
 */
export class WalWriter {
  readonly durability: Durability;
  private readonly files: FileSystem;
  private readonly directory: string;
  private readonly segmentBytes: number;
  private readonly assignedMicros: () => number;
  private readonly elapsedMillis: () => number;
  private segment: Segment;
  private position = HEADER_BYTES;
  /** Bytes of the segment's file; behind `position` they are zeros. */
  private allocated = HEADER_BYTES;
  /** The segment to go on with, made ahead of time. */
  private prepared: Segment | null = null;
  private preparing: Promise<void> | null = null;
  private readonly pending: PendingRecords;
  /** Full segments that are written and not synced. */
  private readonly unsynced: Segment[] = [];
  private hasUnsynced = false;
  /** Whether the segment has more than its clock. */
  private hasRecords = false;
  private mustMarkSync = false;
  private syncedPosition = 0;
  private waiters: Waiter[] = [];
  private readonly placement = new SyncPlacement();
  private isCommitting = false;
  private timer: NodeJS.Timeout | null = null;
  private failure: unknown = null;
  private isClosed = false;
  /** Bytes appended since the log was opened. */
  appendedBytes = 0;
  /** Times that the log was synced. */
  syncs = 0;

  constructor(options: WalOptions) {
    this.files = options.files;
    this.directory = options.directory;
    this.durability = options.durability;
    this.segmentBytes = options.segmentBytes ?? SEGMENT_BYTES;
    this.assignedMicros = options.assignedMicros ?? (() => 0);
    this.elapsedMillis = options.elapsedMillis ?? (() => performance.now());
    this.segment = { number: options.firstSegment, file: null, end: HEADER_BYTES };
    this.pending = new PendingRecords(options.firstSegment);
  }

  /** The segment that the next record goes to, unless it is full by then. */
  get segmentNumber(): number {
    return this.segment.number;
  }

  get isFailed(): boolean {
    return this.failure !== null;
  }

  /** Appends mutations as one record, all or nothing on replay; returns the number of its segment. */
  append(mutations: readonly Mutation[]): number {
    this.beginAppend();
    return this.endAppend(this.pending.addWrite(mutations));
  }

  /**
   * Makes all earlier writes to the table void, in the log and in SSTables up to `generation`; with `hidesBase` also what
   * lies below the database.
   */
  appendTruncate(tableId: string, generation: number, hidesBase: boolean): number {
    this.beginAppend();
    return this.endAppend(this.pending.addTruncate(tableId, generation, hidesBase));
  }

  /**
   * Resolves when everything appended so far is on disk (with `none`: handed to the operating system). Rejects with a
   * WriteFailure when that cannot be.
   */
  durable(): Promise<void> {
    if (this.failure !== null) return Promise.reject(this.failureError());
    if (this.pending.length === 0 && !this.hasUnsynced && !this.isCommitting) return DONE;
    return new Promise((resolve, reject) => {
      this.waiters.push({ resolve, reject });
      this.startCommit();
    });
  }

  /** Goes on in a new segment, so that the ones before can be dropped once their data is flushed. */
  async rotate(): Promise<void> {
    if (!this.hasRecords) return;
    if (this.segment.file === null) await this.durable();
    await this.prepare();
    this.switchSegment();
  }

  /** Makes it durable which timestamps were given out. */
  async keepClock(): Promise<void> {
    this.beginAppend();
    await this.durable();
  }

  /** Removes segments with lower numbers. The caller knows that their data is in SSTables. */
  async dropBefore(number: number, existing: readonly number[]): Promise<void> {
    const dropped = existing.filter((old) => old < number && old !== this.segment.number);
    if (dropped.length === 0) return;
    // The segment at hand begins with the clock that goes with them.
    if (this.segment.file === null) await this.keepClock();
    else await this.durable();
    for (const old of dropped) {
      await this.files.remove(join(this.directory, segmentName(old)));
      // One after the other: a delete must not be gone while the write that it hides comes back.
      await this.files.syncDirectory(this.directory);
    }
  }

  /** Takes nothing more: what the disk holds of the database is not known. */
  refuse(cause: unknown): void {
    this.fail(cause);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    try {
      if (this.failure === null) {
        await this.durable();
        this.markEnd();
      }
    } finally {
      this.isClosed = true;
      if (this.timer !== null) clearTimeout(this.timer);
      await this.preparing;
      if (this.prepared !== null) await this.discard(this.prepared);
      if (this.failure === null) await this.segment.file?.truncate(this.position);
      await this.segment.file?.close();
      for (const { file } of this.unsynced) await file?.close();
    }
  }

  private beginAppend(): void {
    if (this.failure !== null) throw this.failureError();
    if (this.isClosed) throw new CqlError('ServerError', 'the database is closed');
    const used = this.position + this.pending.length;
    if (used > this.segmentBytes / 2) void this.prepare();
    if (used > this.segmentBytes && this.prepared !== null) this.switchSegment();
    this.beginClock();
    if (this.mustMarkSync) this.markSynced();
  }

  private endAppend(bytes: number): number {
    this.hasRecords = true;
    this.appendedBytes += bytes;
    if (this.pending.length > MAX_PENDING_BYTES) {
      // The first segment has no file before its first commit: an import may come far before it waits for one.
      if (this.segment.file === null) this.startCommit();
      else this.tryWrite();
    }
    if (this.durability !== 'sync') this.startTimer();
    return this.segment.number;
  }

  private markSynced(): void {
    this.mustMarkSync = false;
    this.pending.addSynced(this.syncedPosition);
  }

  private beginClock(): void {
    if (this.assignedMicros() > 0) this.pending.addClock();
  }

  /** So that damage to the last commit is told from a torn tail. Nothing is lost where this is. */
  private markEnd(): void {
    if (!this.mustMarkSync) return;
    this.markSynced();
    this.tryWrite();
  }

  private startTimer(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      if (this.failure === null) this.startCommit();
    }, PERIOD_MS);
  }

  private startCommit(): void {
    if (this.isCommitting) return;
    this.isCommitting = true;
    void this.commit();
  }

  /** Writes and syncs until nobody waits; never rejects. */
  private async commit(): Promise<void> {
    // Whoever writes in this turn of the event loop shares the first sync.
    await undefined;
    do {
      const { waiters } = this;
      this.waiters = [];
      try {
        await this.commitOnce(waiters.length);
        for (const waiter of waiters) waiter.resolve();
      } catch (error) {
        this.waiters.push(...waiters);
        this.fail(error);
      }
    } while (this.waiters.length > 0);
    this.isCommitting = false;
    // Records that came during a timed sync wait for the next period.
    const isLeft = this.pending.length > 0 || this.hasUnsynced;
    if (this.failure === null && isLeft && this.durability !== 'sync') this.startTimer();
  }

  private async commitOnce(waiters: number): Promise<void> {
    this.segment.file ??= await createSegment(this.files, this.directory, this.segment.number);
    this.write();
    const { segment, position } = this;
    const full = this.unsynced.splice(0);
    this.hasUnsynced = false;
    for (const { file, end } of full) {
      await file?.truncate(end);
      if (this.durability !== 'none') await file?.sync();
      await file?.close();
    }
    if (this.durability === 'none') return;
    if (segment.file !== null) await this.sync(segment.file, waiters);
    this.syncs++;
    if (segment === this.segment) {
      this.syncedPosition = position;
      this.mustMarkSync = true;
    }
  }

  private async sync(file: File, waiters: number): Promise<void> {
    const started = this.elapsedMillis();
    if (this.placement.mayHold(waiters)) {
      file.syncSync();
      this.placement.held(this.elapsedMillis() - started);
    } else {
      await file.sync();
      this.placement.pooled(this.elapsedMillis() - started, waiters, this.waiters.length);
    }
  }

  private write(): void {
    const { file } = this.segment;
    if (this.pending.length === 0 || file === null) return;
    const bytes = this.pending.take(this.assignedMicros());
    const end = this.position + bytes.position;
    if (end > this.allocated) this.allocate(file, end, bytes.position);
    file.writeAtSync(bytes.view(), this.position);
    this.position = end;
    this.hasUnsynced = true;
    bytes.clear();
  }

  /**
   * Small commits that are synced one by one go into zeros written ahead: a sync that does not change the file's size
   * is a third faster, as measured on ext4. Large ones do not need it.
   */
  private allocate(file: File, end: number, length: number): void {
    this.allocated = end;
    if (this.durability !== 'sync' || length > ALLOCATE_BELOW_BYTES) return;
    file.writeAtSync(ZEROS, this.position);
    this.allocated = this.position + ZEROS.length;
  }

  private tryWrite(): void {
    try {
      this.write();
    } catch (error) {
      this.fail(error);
      throw this.failureError();
    }
  }

  private switchSegment(): void {
    const next = this.prepared;
    if (next === null || this.segment.file === null) return;
    this.tryWrite();
    this.prepared = null;
    this.segment.end = this.position;
    this.unsynced.push(this.segment);
    this.hasUnsynced = true;
    this.segment = next;
    this.position = HEADER_BYTES;
    this.allocated = HEADER_BYTES;
    this.hasRecords = false;
    this.mustMarkSync = false;
    this.pending.startSegment(next.number);
    // The segments before may go once this is on disk.
    this.beginClock();
  }

  private prepare(): Promise<void> {
    if (this.prepared !== null || this.isClosed) return DONE;
    const number = this.segment.number + 1;
    this.preparing ??= createSegment(this.files, this.directory, number)
      .then(
        (file) => {
          this.prepared = { number, file, end: HEADER_BYTES };
        },
        (error: unknown) => this.fail(error),
      )
      .finally(() => {
        this.preparing = null;
      });
    return this.preparing;
  }

  private async discard(segment: Segment): Promise<void> {
    await segment.file?.close();
    await this.files.remove(join(this.directory, segmentName(segment.number)));
  }

  private fail(error: unknown): void {
    this.failure ??= error;
    const { waiters } = this;
    this.waiters = [];
    for (const waiter of waiters) waiter.reject(this.failureError());
  }

  private failureError(): CqlError {
    const detail = this.failure instanceof Error ? this.failure.message : String(this.failure);
    return new CqlError(
      'WriteFailure',
      `the database could not be written (${detail}); writes are refused until it is opened again`,
      { cause: this.failure },
    );
  }
}

const DONE: Promise<void> = Promise.resolve();

async function createSegment(files: FileSystem, directory: string, number: number): Promise<File> {
  const file = await files.open(join(directory, segmentName(number)), 'create');
  try {
    await file.write(segmentHeader(number));
    await file.sync();
    await files.syncDirectory(directory);
  } catch (error) {
    await file.close();
    throw error;
  }
  return file;
}
