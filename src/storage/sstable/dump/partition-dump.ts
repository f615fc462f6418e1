import { basename } from 'node:path';
import { Step } from '../../rows/index.ts';
import type { SSTableStream } from '../data/sstable-stream.ts';
import type { SSTableReader } from '../sstable-reader.ts';
import type { DumpOptions } from './dump.ts';
import { DumpTime } from './dump-time.ts';
import type { JsonBytes } from './json-bytes.ts';
import { FILE_FRAMES, type JsonLayout } from './json-layout.ts';
import { PartitionJson } from './partition-json.ts';

const PartitionState = {
  NONE: 0,
  /** Begun, and not written: its position is that of its first row, behind a static row. */
  PENDING: 1,
  WRITTEN: 2,
} as const;

/** Writes the partitions of a stream, with what stands between two of them. */
export class PartitionDump {
  /** Written, or begun. */
  partitions = 0;
  private readonly bytes: JsonBytes;
  private readonly json: PartitionJson;
  private readonly between: string;
  private readonly isExcluded: ((key: Uint8Array) => boolean) | undefined;
  private state: number = PartitionState.NONE;

  constructor(reader: SSTableReader, bytes: JsonBytes, options: DumpOptions, layout: JsonLayout) {
    this.bytes = bytes;
    this.json = new PartitionJson(bytes, reader.table, {
      kind: isIndexDirectory(reader.descriptor.directory) ? 'INDEX' : 'REGULAR',
      time: new DumpTime({ raw: options.rawTimestamps }),
      nowSeconds: options.nowSeconds,
      layout,
    });
    this.between = FILE_FRAMES[layout].between;
    this.isExcluded = options.isExcluded;
  }

  /** Writes all partitions of the stream, and closes it. `drain` is awaited whenever bytes were handed on. */
  async write(stream: SSTableStream, drain: () => Promise<void>): Promise<void> {
    try {
      while (!this.go(stream)) {
        if (this.bytes.isFull) {
          this.bytes.flush();
          await drain();
        } else await stream.load();
      }
    } finally {
      stream.close();
    }
  }

  /** Goes on until more must be loaded or the output is full: false; true at the end. */
  private go(stream: SSTableStream): boolean {
    const { json } = this;
    while (!this.bytes.isFull) {
      const step = stream.next();
      if (step === Step.NEED_MORE) return false;
      if (step === Step.END) return true;
      if (step === Step.PARTITION) {
        this.beginPartition(stream);
        continue;
      }
      const position = step === Step.STATIC_ROW ? stream.position : stream.elementStart;
      if (this.state === PartitionState.PENDING) this.writeBegin(stream, position);
      if (step === Step.PARTITION_END) {
        if (this.state === PartitionState.WRITTEN) json.end();
        this.state = PartitionState.NONE;
      } else if (step === Step.MARKER) json.marker(stream.marker);
      else json.row(stream.row, position);
    }
    return false;
  }

  private beginPartition(stream: SSTableStream): void {
    const { partition } = stream;
    if (this.isExcluded?.(partition.key.subarray(partition.keyStart, partition.keyEnd)) === true) {
      stream.skipPartition();
    } else this.state = PartitionState.PENDING;
  }

  private writeBegin(stream: SSTableStream, position: number): void {
    if (this.partitions++ > 0) this.bytes.text(this.between);
    this.json.begin(stream.partition, position);
    this.state = PartitionState.WRITTEN;
  }
}

/** Hidden directories of a table hold its secondary indexes. */
function isIndexDirectory(directory: string): boolean {
  return basename(directory).startsWith('.');
}
