/** `cassette-cql`: a database directory, or Cassandra's own files, from Node. */
import { CorruptionError, CqlError } from './errors/index.ts';
import { Database } from './library/database.ts';
import { Decimal, Duration, LocalDate, LocalTime } from './types/index.ts';

export {
  CorruptionError,
  CqlError,
  type CqlErrorKind,
  InvariantError,
  NotYetError,
  type SourcePosition,
  UsageError,
} from './errors/index.ts';
export { type BatchQuery, Database, type ExportSettings, type OpenOptions, open } from './library/database.ts';
export type { Row } from './library/decode-row.ts';
export type { Parameters } from './library/parameters.ts';
export { type QueryOptions, ResultSet } from './library/result-set.ts';
export type { RowStream } from './library/row-stream.ts';
export type { Statement } from './library/statement.ts';
export type { ColumnMetadata, KeyspaceMetadata, Schema, TableMetadata } from './schema/model/index.ts';
export type {
  BatchKind,
  DatabaseStatistics,
  ExportReport,
  FlushedSSTable,
  MaintenanceReport,
  ResultColumn,
  TableStatistics,
} from './session/session.ts';
export { LeveledPolicy } from './storage/compaction/leveled.ts';
export type {
  CompactionCandidate,
  CompactionTask,
  MergePolicy,
  PolicyTime,
} from './storage/compaction/merge-policy.ts';
export { SizeTieredPolicy } from './storage/compaction/size-tiered.ts';
export { TimeWindowPolicy } from './storage/compaction/time-window.ts';
export { UnifiedPolicy } from './storage/compaction/unified.ts';
export {
  type CqlType,
  type CqlValue,
  cqlTypeName,
  Decimal,
  Duration,
  LocalDate,
  LocalTime,
} from './types/index.ts';

// The bundler renames classes whose text names themselves; users meet these names in stacks and in what Node prints.
const named = { CorruptionError, CqlError, Database, Decimal, Duration, LocalDate, LocalTime };
for (const [name, value] of Object.entries(named)) Object.defineProperty(value, 'name', { value: name });
