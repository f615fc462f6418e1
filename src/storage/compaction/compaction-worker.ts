import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../../errors/index.ts';
import { nodeFileSystem } from '../files/index.ts';
import { ExpectedTime } from './expected-time.ts';
import { InputMerge } from './input-merge.ts';
import { StoredSSTable } from './stored-sstable.ts';
import type { MergeRequest, WorkerMessage } from './worker-messages.ts';

/*
 * The thread of a large compaction, an entry of its own in dist. It merges what `workerData` names, then ends.
 */
const PROGRESS_MILLIS = 100;

async function merge(request: MergeRequest): Promise<void> {
  invariant(parentPort !== null, 'started outside of a worker');
  const port = parentPort;
  const send = (message: WorkerMessage): void => port.postMessage(message);
  const { table, task, unflushedSince, hasBase } = request;
  const open = (path: string): StoredSSTable => StoredSSTable.open(nodeFileSystem, path, table);
  const inputs = task.inputs.map(open);
  const outside = request.outside.map(open);
  const clock = (): number => performance.now();
  const target = {
    ...request,
    files: nodeFileSystem,
    clock,
    pieces: { sync: new ExpectedTime(clock, 0), load: new ExpectedTime(clock, 0) },
    outside: { sstables: () => outside, memtables: () => [], unflushedSince, hasBase },
    openOutput: async (): Promise<string> => {
      const answer = once(port, 'message');
      send({ kind: 'open' });
      return String((await answer)[0]);
    },
  };
  const run = await InputMerge.start(target, { ...task, inputs });
  while (!run.isFinished) {
    await run.step(clock() + PROGRESS_MILLIS, false);
    send({ kind: 'progress', progress: run.progress });
  }
  send({ kind: 'done', progress: run.progress, outputs: run.outputs });
  for (const sstable of [...inputs, ...outside]) sstable.close();
}

// What `WorkerMerge` gives every worker of this script.
await merge(workerData as MergeRequest);
