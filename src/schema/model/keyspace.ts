import type { UserType } from '../../types/index.ts';
import type { AggregateMetadata, FunctionMetadata } from './function.ts';
import type { TableMetadata } from './table.ts';

/** A keyspace and all in it. Maps are by name; views stand in `views`, not in `tables`. */
export interface KeyspaceMetadata {
  readonly name: string;
  readonly replication: ReadonlyMap<string, string>;
  readonly durableWrites: boolean;
  readonly tables: ReadonlyMap<string, TableMetadata>;
  readonly views: ReadonlyMap<string, TableMetadata>;
  readonly types: ReadonlyMap<string, UserType>;
  readonly functions: readonly FunctionMetadata[];
  readonly aggregates: readonly AggregateMetadata[];
  /** `system`, `system_schema`…, `cassette`: answered by the session, never stored. */
  readonly virtual?: boolean;
}
