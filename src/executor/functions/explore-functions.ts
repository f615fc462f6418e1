import type { FunctionCatalog } from '../../planner/index.ts';
import { NativeCatalog } from './catalog.ts';
import { dateTruncFunctions } from './date-trunc.ts';
import { statisticsFunctions } from './statistics-functions.ts';
import { textFactories, textFunctions } from './text-functions.ts';

/** Cassandra's functions, and those that explore mode adds. */
export const exploreCatalog: FunctionCatalog = new NativeCatalog({
  functions: () => [...textFunctions(), ...dateTruncFunctions(), ...statisticsFunctions()],
  factories: textFactories,
});
