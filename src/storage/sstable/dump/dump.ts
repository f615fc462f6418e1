import { type ReadRange, readAll } from '../../rows/index.ts';
import type { SSTableReader } from '../sstable-reader.ts';
import { DumpTime } from './dump-time.ts';
import { JsonBytes } from './json-bytes.ts';
import { FILE_FRAMES, type JsonLayout } from './json-layout.ts';
import { PartitionDump } from './partition-dump.ts';
import { PartitionJson } from './partition-json.ts';

export interface DumpOptions {
  readonly range?: ReadRange;
  /** Keys, as sstabledump prints them, of partitions that are left out. */
  readonly isExcluded?: (key: Uint8Array) => boolean;
  readonly rawTimestamps: boolean;
  readonly nowSeconds: number;
}

export interface ByteOutput {
  write(bytes: Uint8Array): void;
  drain(): Promise<void>;
  /** All that was given is out, and its memory may be used again; an output that does not say keeps the bytes. */
  readonly isIdle?: boolean;
}

/** Writes to an output, and says whether the bytes' memory is free again. */
function writeTo(output: ByteOutput): (bytes: Uint8Array) => boolean {
  return (bytes) => {
    output.write(bytes);
    return output.isIdle === true;
  };
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
  const bytes = new JsonBytes(writeTo(output));
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
  const bytes = new JsonBytes(writeTo(output));
  const dump = new PartitionDump(reader, bytes, options, layout);
  const frame = FILE_FRAMES[layout];
  bytes.text(frame.start);
  try {
    await dump.write(await reader.stream(options.range ?? readAll), () => output.drain());
    bytes.text(dump.partitions > 0 ? frame.end : frame.emptyEnd);
  } finally {
    bytes.flush();
    await output.drain();
  }
}
