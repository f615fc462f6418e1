import { CqlError } from '../../errors/index.ts';
import type { TypedExpression } from '../../planner/index.ts';
import type { StatementContext } from '../statement-context.ts';

/**
 * What is wrong with the value of a term, at its place where the plan is the statement's own. A plan that other statements
 * share knows the places of the first: the session then asks a plan of the statement alone.
 */
export function termFault(
  term: TypedExpression,
  { literals }: Pick<StatementContext, 'literals'>,
  message: string,
): CqlError {
  const position = term.kind === 'constant' && literals === null ? term.position : undefined;
  return CqlError.invalidRequest(message, position === undefined ? {} : { position });
}
