import { CqlError, UsageError } from '../../errors/index.ts';
import type { WriteContext } from '../../executor/write/write-context.ts';
import { findTable, type TableMetadata } from '../../schema/model/index.ts';
import type { MergePolicy } from '../../storage/compaction/merge-policy.ts';
import { generationOf } from '../../storage/engine/live-sstables.ts';
import type { Engine } from '../../storage/engine.ts';
import { nodeFileSystem } from '../../storage/files/index.ts';
import { enforcesStrictLiveness } from '../../storage/read/index.ts';
import type { SSTableDescription } from '../../storage/sstable/write/sstable-writer.ts';
import type { JsonValue } from '../../types/index.ts';
import type { EmbeddedStorage } from '../embedded-storage.ts';
import type {
  DatabaseStatistics,
  ExportOptions,
  ExportReport,
  FlushedSSTable,
  MaintenanceCommands,
  MaintenanceReport,
  RunningCompaction,
} from '../session.ts';
import { refuseViewed } from './refuse-viewed.ts';

/** What a write that is no statement needs. */
export interface EngineWriteContext {
  readonly engine: Engine;
  readonly context: WriteContext;
}

/** Work on a Cassette database. */
export class EngineMaintenance implements MaintenanceCommands {
  private readonly storage: EmbeddedStorage;
  private readonly engine: Engine;
  private readonly writeContext: () => Promise<EngineWriteContext>;

  /** `writeContext` comes from the session, so that its clock remains the only one. */
  constructor(storage: EmbeddedStorage, engine: Engine, writeContext: () => Promise<EngineWriteContext>) {
    this.storage = storage;
    this.engine = engine;
    this.writeContext = writeContext;
  }

  async flush(): Promise<readonly FlushedSSTable[]> {
    return (await this.engine.flush()).map((sstable) => flushed(sstable));
  }

  async compact(name: { keyspace: string; name: string } | null): Promise<MaintenanceReport> {
    const tables = name === null ? allTables(this.storage) : [tableNamed(this.storage, name)];
    const sum = { partitions: 0, rows: 0, bytesRead: 0, bytesWritten: 0, elapsedMs: 0, pending: 0 };
    for (const table of tables) {
      const report = await this.engine.compact(table);
      sum.partitions += report.partitions;
      sum.rows += report.rows;
      sum.bytesRead += report.bytesRead;
      sum.bytesWritten += report.bytesWritten;
      sum.elapsedMs += report.elapsedMs;
      sum.pending = report.pending;
    }
    return sum;
  }

  compacting(): RunningCompaction | null {
    const running = this.engine.compacting;
    if (running === null) return null;
    const { table, rows, bytesRead, inputBytes } = running;
    return { keyspace: table.keyspace, table: table.name, rows, bytesRead, inputBytes };
  }

  maintenance(options: { budgetMs: number }): Promise<MaintenanceReport> {
    return this.engine.maintenance(options);
  }

  async exportSSTables(directory: string, options: ExportOptions): Promise<ExportReport> {
    const table = tableNamed(this.storage, { keyspace: options.keyspace, name: options.table });
    const { format: version, generation, compact, validate } = options;
    return this.engine.exportTable(table, directory, { version, generation, compact, validate });
  }

  async importSSTables(
    name: { keyspace: string; name: string },
    paths: readonly string[],
  ): Promise<readonly FlushedSSTable[]> {
    const table = tableNamed(this.storage, name);
    const imported = await this.engine.importSSTables(table, paths);
    return imported.map((sstable) => ({
      keyspace: table.keyspace,
      table: table.name,
      path: sstable.path,
      partitions: sstable.estimatedKeys,
      rows: sstable.reader.statistics.stats.totalRows,
      bytes: sstable.bytes,
    }));
  }

  async setMergePolicy(table: { keyspace: string; name: string }, policy: MergePolicy | null): Promise<void> {
    this.engine.setMergePolicy(tableNamed(this.storage, table), policy);
  }

  async write(mutation: unknown): Promise<void> {
    const { mutationOfJson } = await import('./json-mutation.ts');
    const { engine, context } = await this.writeContext();
    const made = mutationOfJson(this.storage, jsonValueOf(mutation), context);
    refuseViewed(made.table, this.storage.schema);
    await engine.apply([made]);
  }

  async stats(): Promise<DatabaseStatistics> {
    const stats = this.engine.stats();
    return {
      tables: stats.tables.map((table) => ({
        keyspace: table.keyspace,
        table: table.table,
        sstables: table.sstables,
        generation: table.generation,
        bytes: table.sstableBytes,
        estimatedPartitions: table.estimatedPartitions,
        rows: table.rows,
        tombstones: table.tombstones,
        memtableRows: table.memtableRows,
      })),
      memtableBytes: stats.memtableBytes,
      memtableRows: stats.memtableRows,
      walBytes: stats.walBytes,
      walSegments: stats.walSegments,
      compactions: {
        completed: stats.compaction.compactions,
        bytesRead: stats.compaction.bytesRead,
        bytesWritten: stats.compaction.bytesWritten,
      },
    };
  }
}

/** What can be done with Cassandra's own files: statistics and export; nothing in them changes. */
export class ForeignMaintenance implements MaintenanceCommands {
  private readonly storage: EmbeddedStorage;
  private readonly clock: () => number;

  constructor(storage: EmbeddedStorage, clock: () => number = Date.now) {
    this.storage = storage;
    this.clock = clock;
  }

  flush(): Promise<readonly FlushedSSTable[]> {
    return refuse('flush');
  }

  compact(): Promise<MaintenanceReport> {
    return refuse('compact');
  }

  compacting(): null {
    return null;
  }

  maintenance(): Promise<MaintenanceReport> {
    return refuse('maintenance');
  }

  importSSTables(): Promise<readonly FlushedSSTable[]> {
    return refuse('import');
  }

  setMergePolicy(): Promise<void> {
    return refuse('a merge policy');
  }

  write(): Promise<void> {
    return refuse('a mutation');
  }

  async exportSSTables(directory: string, options: ExportOptions): Promise<ExportReport> {
    const table = tableNamed(this.storage, { keyspace: options.keyspace, name: options.table });
    const { exportTable } = await import('../../storage/export/index.ts');
    const source = this.storage.reader.open(table);
    try {
      return await exportTable({
        files: nodeFileSystem,
        source,
        directory,
        version: options.format,
        generation: options.generation,
        compact: options.compact,
        validate: options.validate,
        strictLiveness: enforcesStrictLiveness(table, this.storage.schema),
        nowSeconds: Math.floor(this.clock() / 1000),
      });
    } finally {
      source.release();
    }
  }

  async stats(): Promise<DatabaseStatistics> {
    const tables = allTables(this.storage).map((table) => {
      const source = this.storage.reader.open(table);
      try {
        const sum = { sstables: 0, generation: 0, bytes: 0, estimatedPartitions: 0, rows: 0, tombstones: 0 };
        for (const fragment of source.sources()) {
          const facts = fragment.facts?.();
          if (facts === undefined) continue;
          sum.sstables++;
          const generation = generationOf(fragment.name);
          if (Number.isFinite(generation)) sum.generation = Math.max(sum.generation, generation);
          sum.bytes += facts.bytes;
          sum.estimatedPartitions += facts.estimatedPartitions;
          sum.rows += facts.rows;
          sum.tombstones += facts.tombstones;
        }
        return { keyspace: table.keyspace, table: table.name, ...sum, memtableRows: 0 };
      } finally {
        source.release();
      }
    });
    return {
      tables,
      memtableBytes: 0,
      memtableRows: 0,
      walBytes: 0,
      walSegments: 0,
      compactions: { completed: 0, bytesRead: 0, bytesWritten: 0 },
    };
  }
}

/** Objects of JS (numbers, bigints, byte arrays) or parsed JSON, as JSON whose numbers keep their digits. */
function jsonValueOf(value: unknown): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return { kind: 'number', text: String(value) };
  if (value instanceof Uint8Array) return Array.from(value, jsonValueOf);
  if (Array.isArray(value)) return value.map(jsonValueOf);
  if (value instanceof Map) return new Map([...value].map(([name, item]) => [String(name), jsonValueOf(item)]));
  if (typeof value === 'object' && value !== undefined) {
    if ('kind' in value && value.kind === 'number' && 'text' in value)
      return { kind: 'number', text: String(value.text) };
    return new Map(Object.entries(value).map(([name, item]) => [name, jsonValueOf(item)]));
  }
  throw CqlError.invalidRequest('a mutation is an object');
}

function flushed(sstable: SSTableDescription): FlushedSSTable {
  const parts = sstable.dataPath.split('/');
  return {
    keyspace: parts.at(-3) ?? '',
    table: (parts.at(-2) ?? '').replace(/-[0-9a-f]{32}$/, ''),
    path: sstable.dataPath,
    partitions: sstable.partitions,
    rows: sstable.rows,
    bytes: sstable.dataBytes,
  };
}

function tableNamed(
  { schema }: EmbeddedStorage,
  { keyspace, name }: { keyspace: string; name: string },
): TableMetadata {
  const table = findTable(schema, keyspace, name);
  if (table === undefined) throw CqlError.invalidRequest(`table ${keyspace}.${name} does not exist`);
  return table;
}

function allTables({ schema }: EmbeddedStorage): readonly TableMetadata[] {
  return [...schema.keyspaces.values()]
    .filter((keyspace) => !keyspace.virtual)
    .flatMap((keyspace) => [...keyspace.tables.values(), ...keyspace.views.values()]);
}

function refuse(what: string): Promise<never> {
  return Promise.reject(
    new UsageError(
      `${what} would change Cassandra's own files, which are only read here (--write-dir DIR writes elsewhere)`,
    ),
  );
}
