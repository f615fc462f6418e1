import type { FunctionCatalog } from '../../planner/index.ts';
import { NativeCatalog } from './catalog.ts';

/** Cassandra's functions, and those that explore mode adds. */
export const exploreCatalog: FunctionCatalog = new NativeCatalog({ functions: () => [], factories: () => [] });
