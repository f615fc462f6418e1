import type { CqlType } from '../../types/index.ts';

/** A user-defined function (`cql3/functions/UDFunction`): kept and described, not run yet. */
export interface FunctionMetadata {
  readonly keyspace: string;
  readonly name: string;
  readonly argumentNames: readonly string[];
  readonly argumentTypes: readonly CqlType[];
  readonly returnType: CqlType;
  readonly calledOnNullInput: boolean;
  readonly deterministic: boolean;
  readonly monotonic: boolean;
  readonly monotonicOn: readonly string[];
  readonly language: string;
  readonly body: string;
}

/** A user-defined aggregate (`cql3/functions/UDAggregate`). */
export interface AggregateMetadata {
  readonly keyspace: string;
  readonly name: string;
  readonly argumentTypes: readonly CqlType[];
  readonly returnType: CqlType;
  readonly stateFunction: string;
  readonly stateType: CqlType;
  readonly finalFunction: string | null;
  /** The initial state as CQL literal text; null when there is none. */
  readonly initialCondition: string | null;
  readonly deterministic: boolean;
}
