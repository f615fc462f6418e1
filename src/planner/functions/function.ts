import type { CqlType } from '../../types/index.ts';

/** What functions may ask of the statement that calls them; nothing below the session reads a clock. */
export interface FunctionContext {
  /** The statement's `now`, milliseconds since 1970. */
  readonly nowMillis: number;
  /** A version 1 UUID of the statement's `now`, different at each call. */
  nextTimeUuid(): Uint8Array;
}

/** A scalar function of fixed types: one overload of a native function, or one that a factory made for a call. */
export interface ScalarFunction {
  readonly kind: 'scalar';
  readonly keyspace: string;
  readonly name: string;
  readonly argumentTypes: readonly CqlType[];
  readonly returnType: CqlType;
  /** Whether equal arguments give equal results; false for `now()` and `uuid()`. */
  readonly pure: boolean;
  /** The result's name made of its arguments' names, where it is not `keyspace.name(…)`. */
  readonly columnName?: (argumentNames: readonly string[]) => string;
  /** Made by a factory for the types of the call, so that its result is never an exact match for a receiver. */
  readonly fromFactory?: boolean;
  evaluate(args: readonly (Uint8Array | null)[], context: FunctionContext): Uint8Array | null;
}

export interface AggregateFunction {
  readonly kind: 'aggregate';
  readonly keyspace: string;
  readonly name: string;
  readonly argumentTypes: readonly CqlType[];
  readonly returnType: CqlType;
  readonly columnName?: (argumentNames: readonly string[]) => string;
  readonly fromFactory?: boolean;
  /** Whether Cassandra has it; otherwise it exists in explore mode only. */
  readonly native: boolean;
  createState(context: FunctionContext): AggregateState;
}

/** The running state of an aggregate over one group. */
export interface AggregateState {
  /** Bytes that it takes, where they are more than a few numbers. */
  readonly byteSize?: number;
  /** One row; a null argument is null bytes. */
  add(args: readonly (Uint8Array | null)[]): void;
  /**
   * One row of a column, without an object for its value: `end` is -1 for null. Only for aggregates of one argument,
   * which must have it when they read bytes in place.
   */
  addRange?(source: Uint8Array, start: number, end: number): void;
  /** Adds rows that were counted but not decoded (`count(*)`). */
  addRows?(count: number): void;
  result(): Uint8Array | null;
}

export type NativeFunction = ScalarFunction | AggregateFunction;

/** One argument of a call as resolution sees it. */
export interface ArgumentView {
  /** Its text in messages. */
  readonly text: string;
  /** Its type if it can have no other (`getExactTypeIfKnown`). */
  readonly exactType: CqlType | null;
  /** The best guess at its type (`getCompatibleTypeIfKnown`). */
  readonly compatibleType: CqlType | null;
  readonly isMarker: boolean;
  /** A column with descending order, which Cassandra's functions do not know for a collection or vector (`ReversedType`). */
  readonly isReversed: boolean;
  /** Number of elements of a list literal, which may also be a vector; null for all else. */
  readonly arraySize: number | null;
  assignableTo(type: CqlType): 'exact' | 'weak' | 'no';
}

/** Makes a function for the arguments of a call (`FunctionFactory`, 5.0.8); throws when they do not fit. */
export interface FunctionFactory {
  readonly keyspace: string;
  readonly name: string;
  create(args: readonly ArgumentView[], receiver: CqlType | null, table: TokenTable | null): NativeFunction | null;
}

/** What the `token` function must know of the table. */
export interface TokenTable {
  readonly keyspace: string;
  readonly name: string;
  readonly partitionKeyTypes: readonly CqlType[];
}

/** The functions that statements can call. Given to the planner, which knows none itself. */
export interface FunctionCatalog {
  /** All overloads of a native name in lower case; empty when there is none. */
  functions(name: string): readonly NativeFunction[];
  factories(name: string): readonly FunctionFactory[];
  /** Whether the function exists in explore mode only. */
  isExploreOnly(name: string): boolean;
  /** All names, for "did you mean". */
  names(): Iterable<string>;
}
