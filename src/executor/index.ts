/** Operators that run plans over storage, and the functions that statements call. */

export { nativeCatalog } from './functions/catalog.ts';
export { exploreCatalog } from './functions/explore-functions.ts';
export { executeSelect, type SelectExecution } from './select/execute-select.ts';
export { checkLimits } from './select/limits.ts';
export { PlanProfile, type StepProfile } from './select/plan-profile.ts';
export type { StatementContext } from './statement-context.ts';
