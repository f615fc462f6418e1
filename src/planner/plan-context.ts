import type { Schema } from '../schema/model/index.ts';
import type { FunctionCatalog } from './functions/function.ts';

export type PlanDialect = 'strict' | 'explore';

/** What planning a statement needs besides its text: all of it fixed for as long as the plan lives. */
export interface PlanContext {
  readonly schema: Schema;
  /** The keyspace of USE; null when there is none. */
  readonly keyspace: string | null;
  readonly dialect: PlanDialect;
  readonly functions: FunctionCatalog;
}
