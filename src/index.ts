/** `cassette-cql`: a database directory, or Cassandra's own files, from Node. */
export { CorruptionError, CqlError, type CqlErrorKind, NotYetError, UsageError } from './errors/index.ts';
export { Database, type OpenOptions, open } from './library/database.ts';
export { type QueryOptions, ResultSet, type Row } from './library/result-set.ts';
export type { Schema, TableMetadata } from './schema/model/index.ts';
export type {
  DatabaseStatistics,
  ExportReport,
  FlushedSSTable,
  MaintenanceReport,
} from './session/session.ts';
export { type CqlValue, Decimal, Duration, LocalDate, LocalTime } from './types/index.ts';
