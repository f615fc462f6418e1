import { Worker } from 'node:worker_threads';
import type { SSTableStream } from '../data/sstable-stream.ts';
import type { SSTableReader } from '../sstable-reader.ts';
import type { ByteOutput } from './dump.ts';
import type { DumpOrder, DumpReply, DumpRequest } from './dump-messages.ts';
import { type FileSegment, fileSegments } from './file-segments.ts';
import { JsonBytes } from './json-bytes.ts';
import { type DumpForm, PartitionDump } from './partition-dump.ts';

export interface SharedDumpOptions {
  /** The built script of the thread, which opens the file by its path in the machine's own file system. */
  readonly workerPath: string;
  /** Uncompressed bytes of a file from which on it is shared. */
  readonly fromBytes?: number;
  /** Of each thread's turn, uncompressed. */
  readonly segmentBytes?: number;
}

/** Below this the second thread starts for nothing. */
const SHARED_FROM_BYTES = 32 * 1024 * 1024;
/** What a thread writes of it is a few mebibytes, and is held until its turn comes. */
const SEGMENT_BYTES = 1024 * 1024;
/** Segments that are known ahead: of those the thread has two. */
const SEGMENTS_AHEAD = 4;

export function isLarge(reader: SSTableReader, { fromBytes = SHARED_FROM_BYTES }: SharedDumpOptions): boolean {
  return reader.dataLength >= fromBytes;
}

interface PlannedSegment extends FileSegment {
  readonly isRemote: boolean;
}

/**
 * A dump on two threads: every other segment is written by a worker (`dump-worker.ts`), whose bytes go out when it is
 * their turn. The output is that of one thread, damage included: what the worker cannot read is read here once more, for
 * the bytes before the damage and its error; and where a segment does not end where the index has the next one begin, the
 * rest is read here.
 */
export class SharedDump {
  private readonly reader: SSTableReader;
  private readonly dump: PartitionDump;
  private readonly bytes: JsonBytes;
  private readonly output: ByteOutput;
  private readonly form: DumpForm;
  private readonly streamOf: (start: number, end: number) => SSTableStream;
  private readonly segments: Iterator<FileSegment, void>;
  private readonly planned: PlannedSegment[] = [];
  private readonly worker: Worker;
  private readonly replies: DumpReply[] = [];
  private wake: () => void = () => undefined;
  private segmentCount = 0;

  /** `bytes` hands on to `output`, and is what `dump` writes to. */
  constructor(
    reader: SSTableReader,
    dump: PartitionDump,
    bytes: JsonBytes,
    output: ByteOutput,
    form: DumpForm,
    { workerPath, segmentBytes = SEGMENT_BYTES }: SharedDumpOptions,
  ) {
    this.reader = reader;
    this.dump = dump;
    this.bytes = bytes;
    this.output = output;
    this.form = form;
    this.streamOf = reader.segments();
    this.segments = fileSegments(reader, segmentBytes);
    const request: DumpRequest = { dataPath: reader.dataPath, table: reader.table, form };
    this.worker = new Worker(workerPath, { workerData: request });
    this.worker.on('message', (reply: DumpReply) => this.receive(reply));
    // A thread that ends early has failed, whatever the reason was.
    this.worker.once('error', () => this.receive({ kind: 'failed' }));
    this.worker.once('exit', () => this.receive({ kind: 'failed' }));
  }

  async write(): Promise<void> {
    try {
      let position = 0;
      for (;;) {
        this.plan();
        const segment = this.planned.shift();
        if (segment === undefined || position >= this.reader.dataLength) return;
        if (segment.start !== position) {
          await this.writeHere({ start: position, end: this.reader.dataLength });
          return;
        }
        position = segment.isRemote ? await this.relay(segment) : await this.writeHere(segment);
      }
    } finally {
      await this.worker.terminate();
    }
  }
  /** Keeps the worker's next segments with it. */
  private plan(): void {
    while (this.planned.length < SEGMENTS_AHEAD) {
      const next = this.segments.next();
      if (next.done === true) return;
      const isRemote = this.segmentCount++ % 2 === 1;
      this.planned.push({ ...next.value, isRemote });
      if (isRemote) this.worker.postMessage({ kind: 'segment', segment: next.value } satisfies DumpOrder);
    }
  }

  /** Returns where the segment's partitions end. */
  private async writeHere({ start, end }: FileSegment): Promise<number> {
    const stream = this.streamOf(start, end);
    await this.dump.write(stream, () => this.output.drain());
    return stream.partitionsEnd;
  }

  private async relay(segment: FileSegment): Promise<number> {
    this.bytes.flush();
    let relayed = 0;
    for (;;) {
      const reply = await this.nextReply();
      if (reply.kind === 'end') return reply.end;
      if (reply.kind === 'failed') return this.writeAgain(segment, relayed);
      relayed += reply.bytes.length;
      this.output.write(reply.bytes);
      await this.output.drain();
      const memory = this.output.isIdle === true ? reply.bytes.buffer : null;
      this.worker.postMessage({ kind: 'written', memory } satisfies DumpOrder, memory === null ? [] : [memory]);
    }
  }

  /** All of the file from a segment on that the worker did not end, of which `relayed` bytes are out already. */
  private async writeAgain({ start }: FileSegment, relayed: number): Promise<number> {
    let left = relayed;
    const bytes = new JsonBytes((full) => {
      if (full.length > left) this.output.write(full.subarray(left));
      left = Math.max(0, left - full.length);
      return this.output.isIdle === true;
    });
    const dump = new PartitionDump(this.reader, bytes, this.form, { partitionsBefore: 1 });
    try {
      await dump.write(this.streamOf(start, this.reader.dataLength), () => this.output.drain());
    } finally {
      bytes.flush();
    }
    this.planned.length = 0;
    return this.reader.dataLength;
  }

  private async nextReply(): Promise<DumpReply> {
    for (;;) {
      const reply = this.replies.shift();
      if (reply !== undefined) return reply;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  private receive(reply: DumpReply): void {
    this.replies.push(reply);
    this.wake();
  }
}
