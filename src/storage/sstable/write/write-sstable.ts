import { randomUUID } from 'node:crypto';
import { invariant } from '../../../errors/index.ts';
import type { FileSystem } from '../../files/file-system.ts';
import { Step, type UnfilteredStream } from '../../rows/index.ts';
import { sstableBaseName } from './sstable-files.ts';
import { type SSTableDescription, SSTableWriter, type SSTableWriterOptions } from './sstable-writer.ts';
import { SSTableTransaction, type TransactionKind } from './transaction-log.ts';

/** Elements between two looks at the clock, and how long the thread is held between them. */
const ELEMENTS_PER_SLICE_CHECK = 256;
const SLICE_MILLIS = 2;

/**
 * Writes a stream as one SSTable, which appears at once or not at all. Partitions without anything in them are left out;
 * null when nothing is left. The stream is not closed.
 */
export async function writeSSTable(
  files: FileSystem,
  options: SSTableWriterOptions,
  stream: UnfilteredStream,
  kind: TransactionKind = 'write',
): Promise<SSTableDescription | null> {
  const transaction = await SSTableTransaction.begin(files, options.directory, kind, options.version, randomUUID());
  try {
    const description = await writeInto(transaction, files, options, stream);
    if (description === null) await transaction.abort();
    else await transaction.commit();
    return description;
  } catch (error) {
    await transaction.abort();
    throw error;
  }
}

/** As `writeSSTable`, as one of several that appear together when the caller commits. */
export async function writeInto(
  transaction: SSTableTransaction,
  files: FileSystem,
  options: SSTableWriterOptions,
  stream: UnfilteredStream,
): Promise<SSTableDescription | null> {
  await transaction.add(sstableBaseName(options.version, options.id));
  const writer = await SSTableWriter.open(files, options);
  try {
    await writeStream(writer, stream);
    if (writer.partitionCount > 0) return await writer.finish();
  } catch (error) {
    // Files that it cannot remove are the transaction's too.
    await writer.abort().catch(() => undefined);
    throw error;
  }
  await writer.abort();
  return null;
}

/** Feeds a writer with all that a stream has, in slices that let the event loop run between them. */
export async function writeStream(writer: SSTableWriter, stream: UnfilteredStream): Promise<void> {
  const feed = new StreamFeed(writer, stream);
  let deadline = performance.now() + SLICE_MILLIS;
  for (;;) {
    const step = feed.run(ELEMENTS_PER_SLICE_CHECK);
    if (step === Step.END) return;
    if (step === Step.NEED_MORE) await stream.load();
    else if (performance.now() >= deadline) {
      await new Promise((resolve) => setImmediate(resolve));
      deadline = performance.now() + SLICE_MILLIS;
    }
  }
}

/** Moves elements from a stream into a writer; a partition is begun with its first element, or its deletion. */
class StreamFeed {
  private readonly writer: SSTableWriter;
  private readonly stream: UnfilteredStream;
  private isPending = false;
  private isOpen = false;

  constructor(writer: SSTableWriter, stream: UnfilteredStream) {
    invariant(!stream.reversed, 'rows last to first cannot be written');
    this.writer = writer;
    this.stream = stream;
  }

  /** Moves up to `elements`; END and NEED_MORE end it earlier. Returns the last step. */
  run(elements: number): Step {
    const { writer, stream } = this;
    for (let i = 0; i < elements; i++) {
      const step = stream.next();
      switch (step) {
        case Step.PARTITION:
          this.isPending = true;
          if (!stream.partition.deletion.isLive()) this.begin();
          break;
        case Step.STATIC_ROW:
          if (stream.row.isEmpty()) break;
          this.begin();
          writer.addStaticRow(stream.row);
          break;
        case Step.ROW:
          if (stream.row.isEmpty()) break;
          this.begin();
          writer.addRow(stream.row);
          break;
        case Step.MARKER:
          this.begin();
          writer.addMarker(stream.marker);
          break;
        case Step.PARTITION_END:
          if (this.isOpen) writer.endPartition();
          this.isOpen = false;
          this.isPending = false;
          break;
        case Step.END:
        case Step.NEED_MORE:
          return step;
      }
    }
    return Step.ROW;
  }

  private begin(): void {
    if (!this.isPending) return;
    const { key, keyStart, keyEnd, tokenHi, tokenLo, deletion } = this.stream.partition;
    this.writer.startPartition(key, keyStart, keyEnd, tokenHi, tokenLo, deletion);
    this.isPending = false;
    this.isOpen = true;
  }
}
