import type { CreateAggregateStatement, DropAggregateStatement, TypeNode } from '../../parser/ast/index.ts';
import { type CqlType, codecOf, cqlTypeName } from '../../types/index.ts';
import {
  type AggregateMetadata,
  type FunctionMetadata,
  isOrderCompatible,
  type KeyspaceMetadata,
  type Schema,
  sameType,
  withKeyspace,
} from '../model/index.ts';
import { didYouMean } from '../nearest-name.ts';
import { changed, type DdlContext, type DdlOutcome, unchanged } from './context.ts';
import {
  authorizeDrop,
  authorizeReplacement,
  checkNotFrozen,
  checkReplaceOrNot,
  checkUnambiguous,
  findSigned,
  replaceOrAdd,
  sameSignature,
  takenIn,
  writtenSignature,
} from './functions.ts';
import { literalBytes } from './literal-value.ts';
import { checkUserKeyspaceName, existingKeyspace, keyspaceOf } from './names.ts';
import { rawTypeText, resolveType } from './raw-type.ts';
import { invalid, misconfigured } from './refusal.ts';

/** CREATE AGGREGATE (`CreateAggregateStatement`, 5.0.8). */
export function createAggregate(schema: Schema, statement: CreateAggregateStatement, context: DdlContext): DdlOutcome {
  const keyspaceName = keyspaceOf(statement.name, context);
  const name = statement.name.name.text;
  // Cassandra looks up the state function's types while it authorizes, before anything is checked.
  if (!schema.keyspaces.has(keyspaceName)) throw misconfigured(`Keyspace ${keyspaceName} doesn't exist`);
  authorizeReplacement(schema, context, schema.keyspaces.get(keyspaceName)?.aggregates, statement);
  checkUserKeyspaceName(keyspaceName);
  checkReplaceOrNot(statement);
  if (/[/[\]]/.test(name)) throw invalid(`Aggregate name '${name}' is invalid`);
  checkNotFrozen('Argument', statement.argumentTypes, takenIn(schema.keyspaces.get(keyspaceName), name));
  checkNotFrozen('State type', [statement.stateType]);
  const keyspace = existingKeyspace(schema, keyspaceName);
  const created = defineAggregate(keyspace, statement);
  const matches = sameSignature(name, created.argumentTypes);
  if (keyspace.functions.some(matches)) throw invalid(`Aggregate '${name}' cannot replace a function`);
  const existing = keyspace.aggregates.find(matches);
  if (existing !== undefined) {
    if (statement.ifNotExists) return unchanged(schema);
    if (!statement.orReplace) throw invalid(`Aggregate '${name}' already exists`);
    if (!isOrderCompatible(created.returnType, existing.returnType)) {
      throw invalid(
        `Cannot replace aggregate '${name}', the new return type ${cqlTypeName(created.returnType)} isn't compatible ` +
          `with the return type ${cqlTypeName(existing.returnType)} of existing function`,
      );
    }
  }
  const aggregates = replaceOrAdd(keyspace.aggregates, existing, created);
  return changed(withKeyspace(schema, { ...keyspace, aggregates }), {
    change: existing === undefined ? 'CREATED' : 'UPDATED',
    target: 'AGGREGATE',
    keyspace: keyspaceName,
    name,
    argumentTypes: statement.argumentTypes.map((type) => rawTypeText(type)),
  });
}

/** DROP AGGREGATE (`DropAggregateStatement`, 5.0.8). */
export function dropAggregate(schema: Schema, statement: DropAggregateStatement, context: DdlContext): DdlOutcome {
  const keyspaceName = keyspaceOf(statement.name, context);
  const name = statement.name.name.text;
  authorizeDrop(schema, context, schema.keyspaces.get(keyspaceName)?.aggregates, name);
  checkUserKeyspaceName(keyspaceName);
  const keyspace = schema.keyspaces.get(keyspaceName);
  const text = writtenSignature(keyspaceName, keyspace, name, statement.argumentTypes);
  if (keyspace !== undefined) checkUnambiguous('AGGREGATE', keyspace, name, statement.argumentTypes);
  const dropped = keyspace && findSigned(keyspace.aggregates, keyspace, name, statement.argumentTypes);
  if (keyspace === undefined || dropped === undefined) {
    if (statement.ifExists) return unchanged(schema);
    throw invalid(`Aggregate '${text}' doesn't exist`, {
      position: statement.name.position,
      suggestion: didYouMean(name, keyspace?.aggregates.map((each) => each.name) ?? []),
    });
  }
  const aggregates = keyspace.aggregates.filter((aggregate) => aggregate !== dropped);
  return changed(withKeyspace(schema, { ...keyspace, aggregates }), {
    change: 'DROPPED',
    target: 'AGGREGATE',
    keyspace: keyspaceName,
    name,
    argumentTypes: dropped.argumentTypes.map(cqlTypeName),
  });
}

function defineAggregate(keyspace: KeyspaceMetadata, statement: CreateAggregateStatement): AggregateMetadata {
  const scope = { keyspace: keyspace.name, types: keyspace.types };
  const argumentTypes = statement.argumentTypes.map((type) => resolveType(type, scope));
  const stateType = resolveType(statement.stateType, scope);
  const stateNodes = [statement.stateType, ...statement.argumentTypes];
  const stateText = signatureText(keyspace, statement.stateFunction.text, stateNodes);
  const stateFunction = scalar(
    keyspace,
    statement.stateFunction.text,
    [stateType, ...argumentTypes],
    'State',
    stateText,
  );
  if (!sameType(stateFunction.returnType, stateType)) {
    throw invalid(
      `State function ${stateText} return type must be the same as the first argument type - ` +
        'check STYPE, argument and return types',
    );
  }
  const finalName = statement.finalFunction?.text ?? null;
  const finalText = signatureText(keyspace, finalName ?? '', [statement.stateType]);
  const finalFunction = finalName === null ? undefined : scalar(keyspace, finalName, [stateType], 'Final', finalText);
  const initialCondition = initialConditionText(statement, stateType);
  if (!stateFunction.calledOnNullInput && initialCondition === null) {
    throw invalid(
      `Cannot create aggregate '${statement.name.name.text}' without INITCOND because state function ` +
        `${keyspace.name}.${stateFunction.name} does not accept 'null' arguments`,
    );
  }
  return {
    keyspace: keyspace.name,
    name: statement.name.name.text,
    argumentTypes,
    returnType: finalFunction?.returnType ?? stateFunction.returnType,
    stateFunction: stateFunction.name,
    stateType,
    finalFunction: finalName,
    initialCondition,
    deterministic: false,
  };
}

/** The scalar function of that signature; aggregates will not do. */
function scalar(
  keyspace: KeyspaceMetadata,
  name: string,
  argumentTypes: readonly CqlType[],
  what: 'State' | 'Final',
  text: string,
): FunctionMetadata {
  const matches = sameSignature(name, argumentTypes);
  const found = keyspace.functions.find(matches);
  if (found !== undefined) return found;
  if (keyspace.aggregates.some(matches)) throw invalid(`${what} function ${text} isn't a scalar function`);
  throw invalid(`${what} function ${text} doesn't exist`, {
    suggestion: didYouMean(
      name,
      keyspace.functions.map((fn) => fn.name),
    ),
  });
}

function signatureText(keyspace: KeyspaceMetadata, name: string, types: readonly TypeNode[]): string {
  return `${keyspace.name}.${name}(${types.map((type) => rawTypeText(type, false, keyspace.name)).join(', ')})`;
}

/** INITCOND as DESCRIBE prints it: read as a value of the state's type and written again. */
function initialConditionText(statement: CreateAggregateStatement, stateType: CqlType): string | null {
  if (statement.initialCondition === undefined) return null;
  const bytes = literalBytes(statement.initialCondition, stateType);
  if (bytes === null) return null;
  if (bytes.length === 0 && isEmptyMeaningless(stateType)) {
    throw invalid('INITCOND must not be empty for all types except TEXT, ASCII, BLOB');
  }
  return codecOf(stateType).toLiteral(bytes, 0, bytes.length);
}

function isEmptyMeaningless(type: CqlType): boolean {
  return !(type.kind === 'native' && (type.name === 'text' || type.name === 'ascii' || type.name === 'blob'));
}
