import type { TableMetadata } from '../../schema/model/index.ts';
import type { SSTableDescription } from '../sstable/write/sstable-writer.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';
import type { CompactionProgress } from './input-merge.ts';
import type { CompactionTask } from './merge-policy.ts';
import type { LeastTime } from './purge-rule.ts';

/** A merge as a plain value: what `InputMerge` needs, with SSTables as the paths of their Data.db. */
export interface MergeRequest {
  readonly table: TableMetadata;
  readonly directory: string;
  readonly version: WriteVersion;
  readonly hostId: string;
  readonly strictLiveness: boolean;
  readonly nowSeconds: number;
  readonly task: CompactionTask<string>;
  /** The table's other SSTables when the merge began. Later ones come from writes that `unflushedSince` counts in. */
  readonly outside: readonly string[];
  readonly unflushedSince: LeastTime | null;
  readonly hasBase: boolean;
}

/** From the worker. An answer to `open` is the id of the output, a string. */
export type WorkerMessage =
  | { readonly kind: 'open' }
  | { readonly kind: 'progress'; readonly progress: CompactionProgress }
  /** The outputs are finished and synced. */
  | { readonly kind: 'done'; readonly progress: CompactionProgress; readonly outputs: readonly SSTableDescription[] };
