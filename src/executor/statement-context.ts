import type { LiteralType } from '../parser/ast/index.ts';
import type { FunctionContext } from '../planner/index.ts';

/** A bound value: bytes, null, or `undefined` for one that was not set at all. */
export type BoundBytes = Uint8Array | null | undefined;

/** What one execution of a statement needs besides its plan: the time, bound values, limits. */
export interface StatementContext extends FunctionContext {
  /** The statement's now: TTLs and tombstones are judged at it. */
  readonly nowSeconds: number;
  /** By the markers' index. */
  readonly values: readonly BoundBytes[];
  /** Literals by slot, where the plan was made for another statement of the same shape. */
  readonly literals: readonly BoundLiteral[] | null;
  readonly signal: AbortSignal | null;
  /** Bytes that a sort or a hash may hold before it spills to disk. */
  readonly memoryLimitBytes: number;
}

export interface BoundLiteral {
  readonly type: LiteralType;
  readonly text: string;
}
