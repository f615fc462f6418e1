import { basename } from 'node:path';
import { type ReadRange, readAll, Step } from '../../rows/index.ts';
import type { SSTableStream } from '../data/sstable-stream.ts';
import type { SSTableReader } from '../sstable-reader.ts';
import { DumpTime } from './dump-time.ts';
import { JsonBytes } from './json-bytes.ts';
import { FILE_FRAMES, type JsonLayout } from './json-layout.ts';
import { PartitionJson } from './partition-json.ts';

export interface DumpOptions {
  readonly range?: ReadRange;
  /** Keys, as sstabledump prints them, of partitions that are left out. */
  readonly isExcluded?: (key: Uint8Array) => boolean;
  readonly rawTimestamps: boolean;
  readonly nowSeconds: number;
}

/** Takes bytes that it may keep. */
export interface ByteOutput {
  write(bytes: Uint8Array): void;
  drain(): Promise<void>;
}

/** `sstabledump -l`: a partition a line, without a newline after the last. */
export async function dumpLines(reader: SSTableReader, output: ByteOutput, options: DumpOptions): Promise<void> {
  await dumpPartitions(reader, output, options, 'lines');
}

/** `sstabledump` without `-l`: one array of partitions, laid out for reading. */
export async function dumpPretty(reader: SSTableReader, output: ByteOutput, options: DumpOptions): Promise<void> {
  await dumpPartitions(reader, output, options, 'pretty');
}

/** `sstabledump -e`: the keys alone, as an array. */
export async function dumpKeys(reader: SSTableReader, output: ByteOutput): Promise<void> {
  const bytes = new JsonBytes((full) => output.write(full));
  const time = new DumpTime({ raw: true });
  const json = new PartitionJson(bytes, reader.table, { kind: 'REGULAR', time, nowSeconds: 0, layout: 'pretty' });
  let separator = '[ ';
  for (const { key } of reader.index().entries()) {
    bytes.text(separator);
    separator = ', ';
    json.keyOnly(key);
    if (!bytes.isFull) continue;
    bytes.flush();
    await output.drain();
  }
  bytes.text('\n]');
  bytes.flush();
  await output.drain();
}

/** What was written before damage goes out before the error does. */
async function dumpPartitions(
  reader: SSTableReader,
  output: ByteOutput,
  options: DumpOptions,
  layout: JsonLayout,
): Promise<void> {
  const bytes = new JsonBytes((full) => output.write(full));
  const frame = FILE_FRAMES[layout];
  bytes.text(frame.start);
  try {
    const partitions = await writePartitions(reader, bytes, output, options, layout);
    bytes.text(partitions > 0 ? frame.end : frame.emptyEnd);
  } finally {
    bytes.flush();
    await output.drain();
  }
}

async function writePartitions(
  reader: SSTableReader,
  bytes: JsonBytes,
  output: ByteOutput,
  options: DumpOptions,
  layout: JsonLayout,
): Promise<number> {
  const stream = await reader.stream(options.range ?? readAll);
  const json = new PartitionJson(bytes, reader.table, {
    kind: isIndexDirectory(reader.descriptor.directory) ? 'INDEX' : 'REGULAR',
    time: new DumpTime({ raw: options.rawTimestamps }),
    nowSeconds: options.nowSeconds,
    layout,
  });
  const run = new DumpRun(stream, json, bytes, options.isExcluded, FILE_FRAMES[layout].between);
  try {
    while (!run.go()) {
      if (bytes.isFull) {
        bytes.flush();
        await output.drain();
      } else await stream.load();
    }
    return run.partitions;
  } finally {
    stream.close();
  }
}

/** Hidden directories of a table hold its secondary indexes. */
function isIndexDirectory(directory: string): boolean {
  return basename(directory).startsWith('.');
}

const PartitionState = {
  NONE: 0,
  /** Begun, and not written: its position is that of its first row, behind a static row. */
  PENDING: 1,
  WRITTEN: 2,
} as const;

class DumpRun {
  /** Written, or begun. */
  partitions = 0;
  private readonly stream: SSTableStream;
  private readonly json: PartitionJson;
  private readonly bytes: JsonBytes;
  private readonly isExcluded: ((key: Uint8Array) => boolean) | undefined;
  private readonly between: string;
  private state: number = PartitionState.NONE;

  constructor(
    stream: SSTableStream,
    json: PartitionJson,
    bytes: JsonBytes,
    isExcluded: ((key: Uint8Array) => boolean) | undefined,
    between: string,
  ) {
    this.stream = stream;
    this.json = json;
    this.bytes = bytes;
    this.isExcluded = isExcluded;
    this.between = between;
  }

  /** Goes on until more must be loaded or the output is full: false; true at the end. */
  go(): boolean {
    const { stream, json } = this;
    while (!this.bytes.isFull) {
      const step = stream.next();
      if (step === Step.NEED_MORE) return false;
      if (step === Step.END) return true;
      if (step === Step.PARTITION) {
        this.beginPartition();
        continue;
      }
      const position = step === Step.STATIC_ROW ? stream.position : stream.elementStart;
      if (this.state === PartitionState.PENDING) this.writeBegin(position);
      if (step === Step.PARTITION_END) {
        if (this.state === PartitionState.WRITTEN) json.end();
        this.state = PartitionState.NONE;
      } else if (step === Step.MARKER) json.marker(stream.marker);
      else json.row(stream.row, position);
    }
    return false;
  }

  private beginPartition(): void {
    const { partition } = this.stream;
    if (this.isExcluded?.(partition.key.subarray(partition.keyStart, partition.keyEnd)) === true) {
      this.stream.skipPartition();
    } else this.state = PartitionState.PENDING;
  }

  private writeBegin(position: number): void {
    if (this.partitions++ > 0) this.bytes.text(this.between);
    this.json.begin(this.stream.partition, position);
    this.state = PartitionState.WRITTEN;
  }
}
