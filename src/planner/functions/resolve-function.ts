import { CqlError } from '../../errors/index.ts';
import { type CqlType, cqlTypeName, quoteIdentifier } from '../../types/index.ts';
import { assignability, worstOf } from '../types/assignability.ts';
import { sameType } from '../types/same-type.ts';
import type { ArgumentView, FunctionCatalog, NativeFunction, TokenTable } from './function.ts';
import { operatorOf } from './operators.ts';

export interface FunctionCallView {
  /** Null when the name was written without one. */
  readonly keyspace: string | null;
  readonly name: string;
  readonly args: readonly ArgumentView[];
  /** The type that the result should have, where the place of the call tells. */
  readonly receiver: CqlType | null;
  /** No type equals that of the receiver (`isOpaque`). */
  readonly receiverIsOpaque: boolean;
  readonly table: TokenTable | null;
  /** The keyspace has a user function of that name: they are described, not run. */
  readonly hasUserFunction: boolean;
}

/**
 * The overload that a call means (`cql3/functions/FunctionResolver.get`, 5.0.8), or null when no function has the name.
 * An exact match wins, then the only weak one.
 */
export function resolveFunction(catalog: FunctionCatalog, call: FunctionCallView): NativeFunction | null {
  const shown = call.keyspace === null ? call.name : `${call.keyspace}.${call.name}`;
  if (call.hasUserFunction) {
    throw CqlError.invalidRequest(`User defined function ${shown} is kept in the schema, but not run yet`);
  }
  if (call.keyspace !== null && call.keyspace !== 'system') return null;
  const candidates = [...catalog.functions(call.name)];
  for (const factory of catalog.factories(call.name)) {
    const made = factory.create(call.args, call.receiver, call.table);
    if (made !== null) candidates.push(made);
  }
  if (candidates.length === 0) return null;
  if (candidates.length === 1) {
    checkOnly(candidates[0], call);
    return candidates[0];
  }
  return bestOf(candidates, call, shown, catalog.isExploreOnly(call.name));
}

function checkOnly(candidate: NativeFunction, call: FunctionCallView): void {
  const { argumentTypes } = candidate;
  const name = `${candidate.keyspace}.${candidate.name}`;
  if (call.args.length !== argumentTypes.length) {
    throw CqlError.invalidRequest(
      `Invalid number of arguments in call to function ${name}: ${argumentTypes.length} required but ${call.args.length} provided`,
    );
  }
  call.args.forEach((argument, i) => {
    if (argument.assignableTo(argumentTypes[i]) !== 'no') return;
    throw CqlError.invalidRequest(
      `Type error: ${argument.text} cannot be passed as argument ${i} of function ${name} of type ${cqlTypeName(argumentTypes[i])}`,
    );
  });
}

function bestOf(
  candidates: readonly NativeFunction[],
  call: FunctionCallView,
  shown: string,
  isExploreOnly: boolean,
): NativeFunction {
  const compatible: NativeFunction[] = [];
  for (const candidate of candidates) {
    if (call.receiver !== null && assignability(candidate.returnType, call.receiver) === 'no') continue;
    if (candidate.argumentTypes.length !== call.args.length) continue;
    const fit = worstOf(call.args.map((argument, i) => argument.assignableTo(candidate.argumentTypes[i])));
    if (fit === 'exact') return candidate;
    if (fit === 'weak') compatible.push(candidate);
  }
  if (compatible.length === 1) return compatible[0];
  // Cassandra's functions are never guessed at; of explore's own the one that most arguments fit exactly is meant.
  const closest = isExploreOnly ? closestOf(compatible, call) : null;
  if (closest !== null) return closest;
  const operator = operatorOf(call.name);
  if (compatible.length === 0) {
    if (operator !== null) {
      throw CqlError.invalidRequest(
        `the '${operator}' operation is not supported between ${call.args[0].text} and ${call.args[1].text}`,
      );
    }
    throw CqlError.invalidRequest(
      `Invalid call to function ${shown}, none of its type signatures match (known type signatures: ${signatures(candidates)})`,
    );
  }
  return disambiguated(compatible, call, shown, operator);
}

function closestOf(compatible: readonly NativeFunction[], { args }: FunctionCallView): NativeFunction | null {
  const fits = compatible.map(
    ({ argumentTypes }) => args.filter((argument, i) => argument.assignableTo(argumentTypes[i]) === 'exact').length,
  );
  const best = Math.max(...fits);
  return fits.filter((fit) => fit === best).length === 1 ? compatible[fits.indexOf(best)] : null;
}

function disambiguated(
  compatible: readonly NativeFunction[],
  call: FunctionCallView,
  shown: string,
  operator: string | null,
): NativeFunction {
  if (operator !== null) {
    const { receiver } = call;
    if (receiver !== null && !call.receiverIsOpaque && !call.args.some((argument) => argument.isMarker)) {
      const fitting = compatible.find((candidate) => candidate.argumentTypes.every((type) => sameType(type, receiver)));
      if (fitting !== undefined) return fitting;
    }
    throw CqlError.invalidRequest(
      `Ambiguous '${operator}' operation with args ${call.args[0].text} and ${call.args[1].text}: use type hint to disambiguate, example '(int) ?'`,
    );
  }
  if (call.name === '_negate') throw CqlError.invalidRequest('Ambiguous negation: use type casts to disambiguate');
  throw CqlError.invalidRequest(
    `Ambiguous call to function ${shown} (can be matched by following signatures: ${signatures(compatible)}): use type casts to disambiguate`,
  );
}

function signatures(functions: readonly NativeFunction[]): string {
  return functions
    .map(({ keyspace, name, argumentTypes, returnType }) => {
      return `${quoteIdentifier(keyspace)}.${quoteIdentifier(name)} : (${argumentTypes.map(cqlTypeName).join(', ')}) -> ${cqlTypeName(returnType)}`;
    })
    .join(', ');
}
