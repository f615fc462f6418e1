import { basename } from 'node:path';
import { type ReadRange, readAll, Step } from '../../rows/index.ts';
import type { SSTableStream } from '../data/sstable-stream.ts';
import type { SSTableReader } from '../sstable-reader.ts';
import { isoTime, rawTime } from './dump-time.ts';
import { JsonBytes } from './json-bytes.ts';
import { PartitionJson } from './partition-json.ts';
import { PrettyJson } from './pretty-json.ts';

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

const NEWLINE = 0x0a;

/** `sstabledump -l`: a partition a line, without a newline after the last. */
export async function dumpLines(reader: SSTableReader, output: ByteOutput, options: DumpOptions): Promise<void> {
  let isFirst = true;
  const bytes = new JsonBytes((full) => output.write(full));
  await dumpPartitions(reader, bytes, output, options, () => {
    if (!isFirst) bytes.byte(NEWLINE);
    isFirst = false;
  });
  bytes.flush();
  await output.drain();
}

/** `sstabledump` without `-l`: one array of partitions, laid out for reading. */
export async function dumpPretty(reader: SSTableReader, output: ByteOutput, options: DumpOptions): Promise<void> {
  const laidOut = new JsonBytes((full) => output.write(full));
  const pretty = new PrettyJson(laidOut);
  const flat = new JsonBytes((full) => pretty.write(full), false);
  let isFirst = true;
  pretty.begin('partitions');
  const flush = async (): Promise<void> => {
    laidOut.flush();
    await output.drain();
  };
  await dumpPartitions(reader, flat, { drain: flush }, options, () => {
    flat.flush();
    if (!isFirst) pretty.separate();
    isFirst = false;
  });
  flat.flush();
  pretty.end();
  await flush();
}

/** `sstabledump -e`: the keys alone, as an array. */
export async function dumpKeys(reader: SSTableReader, output: ByteOutput): Promise<void> {
  const laidOut = new JsonBytes((full) => output.write(full));
  const pretty = new PrettyJson(laidOut);
  const flat = new JsonBytes((full) => pretty.write(full), false);
  const json = new PartitionJson(flat, reader.table, { kind: 'REGULAR', time: rawTime, nowSeconds: 0 });
  let isFirst = true;
  pretty.begin('keys');
  for (const { key } of reader.index().entries()) {
    if (!isFirst) pretty.separate();
    isFirst = false;
    json.keyOnly(key, 0, key.length);
    flat.flush();
    if (!laidOut.isFull) continue;
    laidOut.flush();
    await output.drain();
  }
  pretty.end();
  laidOut.flush();
  await output.drain();
}

/** Writes the partitions to `bytes`; `beforeEach` may write what stands between them. */
async function dumpPartitions(
  reader: SSTableReader,
  bytes: JsonBytes,
  output: Pick<ByteOutput, 'drain'>,
  options: DumpOptions,
  beforeEach: () => void,
): Promise<void> {
  const stream = await reader.stream(options.range ?? readAll);
  const json = new PartitionJson(bytes, reader.table, {
    kind: isIndexDirectory(reader.descriptor.directory) ? 'INDEX' : 'REGULAR',
    time: options.rawTimestamps ? rawTime : isoTime,
    nowSeconds: options.nowSeconds,
  });
  const run = new DumpRun(stream, json, bytes, options.isExcluded, beforeEach);
  try {
    while (!run.go()) {
      if (bytes.isFull) {
        bytes.flush();
        await output.drain();
      } else await stream.load();
    }
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
  private readonly stream: SSTableStream;
  private readonly json: PartitionJson;
  private readonly bytes: JsonBytes;
  private readonly isExcluded: ((key: Uint8Array) => boolean) | undefined;
  private readonly beforeEach: () => void;
  private state: number = PartitionState.NONE;

  constructor(
    stream: SSTableStream,
    json: PartitionJson,
    bytes: JsonBytes,
    isExcluded: ((key: Uint8Array) => boolean) | undefined,
    beforeEach: () => void,
  ) {
    this.stream = stream;
    this.json = json;
    this.bytes = bytes;
    this.isExcluded = isExcluded;
    this.beforeEach = beforeEach;
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
    this.beforeEach();
    this.json.begin(this.stream.partition, position);
    this.state = PartitionState.WRITTEN;
  }
}
