import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../../../errors/index.ts';
import { nodeFileSystem } from '../../files/index.ts';
import { openSSTableSync } from '../sstable-reader.ts';
import type { DumpOrder, DumpReply, DumpRequest } from './dump-messages.ts';
import type { FileSegment } from './file-segments.ts';
import { JsonBytes, newBuffer } from './json-bytes.ts';
import { PartitionDump } from './partition-dump.ts';

/*
 * The second thread of a dump, an entry of its own in dist. It writes the segments that it is sent, one after the other,
 * until it is terminated.
 */

/** Buffers that are on their way out: beyond this it waits. A buffer is half a mebibyte. */
const MAX_BUFFERS_OUT = 32;

async function writeSegments(request: DumpRequest): Promise<void> {
  invariant(parentPort !== null, 'started outside of a worker');
  const port = parentPort;
  const waiting: FileSegment[] = [];
  const idle: Buffer<ArrayBuffer>[] = [];
  let buffersOut = 0;
  let wake: () => void = () => undefined;
  port.on('message', (order: DumpOrder) => {
    if (order.kind === 'segment') waiting.push(order.segment);
    else {
      buffersOut--;
      if (order.memory !== null) idle.push(Buffer.from(order.memory));
    }
    wake();
  });
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise<void>((resolve) => (wake = resolve));
  };
  const reply = (message: DumpReply, transferred: ArrayBuffer[] = []): void => port.postMessage(message, transferred);

  const reader = openSSTableSync(nodeFileSystem, request.dataPath, { table: request.table });
  const send = (full: Buffer<ArrayBuffer>): boolean => {
    buffersOut++;
    reply({ kind: 'bytes', bytes: full }, [full.buffer]);
    return false;
  };
  const bytes = new JsonBytes(send, () => idle.pop() ?? newBuffer());
  // Its segments never are the first.
  const dump = new PartitionDump(reader, bytes, request.form, { partitionsBefore: 1 });
  const segments = reader.segments();
  for (;;) {
    await until(() => waiting.length > 0);
    const [segment] = waiting.splice(0, 1);
    const stream = segments(segment.start, segment.end);
    await dump.write(stream, () => until(() => buffersOut < MAX_BUFFERS_OUT));
    bytes.flush();
    reply({ kind: 'end', end: stream.partitionsEnd });
  }
}

// What `SharedDump` gives every worker of this script.
await writeSegments(workerData as DumpRequest).catch(() => parentPort?.postMessage({ kind: 'failed' }));
