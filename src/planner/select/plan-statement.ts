import { CqlError } from '../../errors/index.ts';
import type { SelectStatement } from '../../parser/ast/index.ts';
import { exploreSelect } from '../explore/explore-select.ts';
import { lackingFunctions } from '../explore/lacking-functions.ts';
import type { PhysicalPlan } from '../plan/physical-plan.ts';
import { planSelect } from '../plan/plan-select.ts';
import type { PlanContext } from '../plan-context.ts';
import { checkSelect } from './check-select.ts';
import type { CheckedSelect } from './checked-select.ts';
import { requireMonotonic } from './group-by.ts';

/** A SELECT that can be run as often as wanted, as long as the schema stays what it was. */
export interface PlannedSelect {
  readonly checked: CheckedSelect;
  readonly plan: PhysicalPlan;
}

/**
 * Checks and plans a SELECT. In explore mode what Cassandra would refuse is planned all the same, and the reason for the
 * refusal is noted. `usesExtensions`: the text has what Cassandra's grammar has not.
 */
export function planStatement(
  statement: SelectStatement,
  context: PlanContext,
  usesExtensions: boolean,
): PlannedSelect {
  const checked =
    context.dialect === 'strict' ? checkSelect(statement, context) : checkExplored(statement, context, usesExtensions);
  return { checked, plan: planSelect(checked) };
}

function checkExplored(statement: SelectStatement, context: PlanContext, usesExtensions: boolean): CheckedSelect {
  const lacking = lackingFunctions(statement, context.functions);
  const notes = lacking.map((name) => `Cassandra has no function ${name}`);
  if (usesExtensions || notes.length > 0) return exploreSelect(statement, context, notes);
  try {
    const checked = checkSelect(statement, context);
    requireMonotonic(checked.grouping);
    return checked;
  } catch (error) {
    if (!(error instanceof CqlError)) throw error;
    return exploreSelect(statement, context, [`Cassandra would refuse this: ${error.message}`]);
  }
}
