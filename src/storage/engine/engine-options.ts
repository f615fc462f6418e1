import type { Schema } from '../../schema/model/index.ts';
import type { CompactionWorker } from '../compaction/index.ts';
import { builtWorkerPath } from '../compaction/worker-path.ts';
import { type FileSystem, nodeFileSystem } from '../files/index.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';
import type { Durability } from '../wal/index.ts';
import { type TakeLock, takeFileLock } from './database-lock.ts';
import type { OverlayBase } from './overlay-base.ts';

/** How to open a database; what is absent has the default named. */
export interface EngineOptions {
  /** Schema text both ways; `storage` knows no CQL. */
  readonly parseSchema: (text: string) => Schema;
  readonly schemaToCql: (schema: Schema) => string;
  /** Open for reading although writing would be possible. */
  readonly readOnly?: boolean;
  /** `sync`. */
  readonly durability?: Durability;
  /** Memory for memtables before they are flushed: 128 MiB. */
  readonly memtableBytes?: number;
  /** What a new database writes: `nb`. */
  readonly compatibility?: WriteVersion;
  /** Compact between other work, without being asked: true. */
  readonly backgroundCompaction?: boolean;
  /** A thread for large merges: the built one, from 64 MiB on. Only with the machine's own files. */
  readonly compactionWorker?: CompactionWorker | null;
  /** Files that stay untouched, over which this database is laid. */
  readonly base?: OverlayBase;
  readonly files?: FileSystem;
  readonly takeLock?: TakeLock;
  /** Milliseconds since 1970; tests inject it. */
  readonly now?: () => number;
  /** Milliseconds that only go forward, of the budget of maintenance: `performance.now`. */
  readonly clock?: () => number;
}

export interface EngineSettings {
  readonly parseSchema: (text: string) => Schema;
  readonly schemaToCql: (schema: Schema) => string;
  readonly readOnly: boolean;
  readonly durability: Durability;
  readonly memtableBytes: number;
  readonly compatibility: WriteVersion;
  readonly backgroundCompaction: boolean;
  readonly compactionWorker: CompactionWorker | null;
  readonly base: OverlayBase | null;
  readonly files: FileSystem;
  readonly takeLock: TakeLock;
  readonly now: () => number;
  readonly clock: () => number;
}

const DEFAULT_MEMTABLE_BYTES = 128 * 1024 * 1024;
/** Below this the main thread is done, in slices, soon enough: a merge in a thread takes longer in all. */
const MIN_WORKER_BYTES = 64 * 1024 * 1024;

export function settle(options: EngineOptions): EngineSettings {
  const files = options.files ?? nodeFileSystem;
  return {
    parseSchema: options.parseSchema,
    schemaToCql: options.schemaToCql,
    readOnly: options.readOnly ?? false,
    durability: options.durability ?? 'sync',
    memtableBytes: options.memtableBytes ?? DEFAULT_MEMTABLE_BYTES,
    compatibility: options.compatibility ?? 'nb',
    backgroundCompaction: options.backgroundCompaction ?? true,
    compactionWorker: files === nodeFileSystem ? workerOf(options) : null,
    base: options.base ?? null,
    files,
    takeLock: options.takeLock ?? takeFileLock,
    now: options.now ?? Date.now,
    clock: options.clock ?? (() => performance.now()),
  };
}

function workerOf({ compactionWorker }: EngineOptions): CompactionWorker | null {
  if (compactionWorker !== undefined) return compactionWorker;
  const path = builtWorkerPath();
  return path === null ? null : { path, minBytes: MIN_WORKER_BYTES };
}
