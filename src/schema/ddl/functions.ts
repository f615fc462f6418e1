import type {
  CreateFunctionStatement,
  DropFunctionStatement,
  QualifiedName,
  TypeNode,
} from '../../parser/ast/index.ts';
import { type CqlType, cqlTypeName, freezeType } from '../../types/index.ts';
import {
  type FunctionMetadata,
  isOrderCompatible,
  type KeyspaceMetadata,
  type Schema,
  withKeyspace,
} from '../model/index.ts';
import { didYouMean } from '../nearest-name.ts';
import { authorize } from './authorization.ts';
import { changed, type DdlContext, type DdlOutcome, unchanged } from './context.ts';
import { checkUserKeyspaceName, existingKeyspace, keyspaceOf } from './names.ts';
import { isWrittenFrozen, rawTypeText, resolveType } from './raw-type.ts';
import { invalid } from './refusal.ts';
import { functionNamed, functionsOf, type ResourceChain } from './resource-chain.ts';

/** CREATE FUNCTION (`CreateFunctionStatement`, 5.0.8). The body is kept, never compiled. */
export function createFunction(schema: Schema, statement: CreateFunctionStatement, context: DdlContext): DdlOutcome {
  const keyspaceName = keyspaceOf(statement.name, context);
  const name = statement.name.name.text;
  authorizeReplacement(schema, context, schema.keyspaces.get(keyspaceName)?.functions, statement);
  checkUserKeyspaceName(keyspaceName);
  checkReplaceOrNot(statement);
  if (!context.trusted) checkLanguage(statement.language, context);
  if (/[/[\]]/.test(name)) throw invalid(`Function name '${name}' is invalid`);
  const argumentNames = statement.arguments.map((argument) => argument.name.text);
  if (new Set(argumentNames).size !== argumentNames.length) {
    throw invalid(
      `Duplicate argument names for given function ${name} with argument names [${argumentNames.join(', ')}]`,
    );
  }
  const typeScope = takenIn(schema.keyspaces.get(keyspaceName), name);
  const argumentNodes = statement.arguments.map((argument) => argument.type);
  checkNotFrozen('Argument', argumentNodes, typeScope);
  checkNotFrozen('Return type', [statement.returns]);
  const keyspace = existingKeyspace(schema, keyspaceName);
  const scope = { keyspace: keyspaceName, types: keyspace.types };
  const created: FunctionMetadata = {
    keyspace: keyspaceName,
    name,
    argumentNames,
    argumentTypes: statement.arguments.map((argument) => resolveType(argument.type, scope)),
    returnType: resolveType(statement.returns, scope),
    calledOnNullInput: statement.calledOnNullInput,
    deterministic: false,
    monotonic: false,
    monotonicOn: [],
    language: statement.language,
    body: statement.body,
  };
  const matches = sameSignature(name, created.argumentTypes);
  if (keyspace.aggregates.some(matches)) throw invalid(`Function '${name}' cannot replace an aggregate`);
  const existing = keyspace.functions.find(matches);
  if (existing !== undefined) {
    if (statement.ifNotExists) return unchanged(schema);
    checkReplacement(statement, created, existing);
  }
  const functions = replaceOrAdd(keyspace.functions, existing, created);
  return changed(withKeyspace(schema, { ...keyspace, functions }), {
    change: existing === undefined ? 'CREATED' : 'UPDATED',
    target: 'FUNCTION',
    keyspace: keyspaceName,
    name,
    argumentTypes: statement.arguments.map((argument) => rawTypeText(argument.type)),
  });
}

/** DROP FUNCTION (`DropFunctionStatement`, 5.0.8). */
export function dropFunction(schema: Schema, statement: DropFunctionStatement, context: DdlContext): DdlOutcome {
  const keyspaceName = keyspaceOf(statement.name, context);
  const name = statement.name.name.text;
  authorizeDrop(schema, context, schema.keyspaces.get(keyspaceName)?.functions, name);
  checkUserKeyspaceName(keyspaceName);
  const keyspace = schema.keyspaces.get(keyspaceName);
  const text = writtenSignature(keyspaceName, keyspace, name, statement.argumentTypes);
  if (keyspace === undefined) {
    if (statement.ifExists) return unchanged(schema);
    throw invalid(`Function '${text}' doesn't exist`);
  }
  checkUnambiguous('FUNCTION', keyspace, name, statement.argumentTypes);
  const dropped = findSigned(keyspace.functions, keyspace, name, statement.argumentTypes);
  if (dropped === undefined) {
    if (statement.ifExists) return unchanged(schema);
    throw invalid(`Function '${text}' doesn't exist`, {
      position: statement.name.position,
      suggestion: didYouMean(
        name,
        keyspace.functions.map((fn) => fn.name),
      ),
    });
  }
  checkNoDependents(keyspace, dropped, text);
  const functions = keyspace.functions.filter((fn) => fn !== dropped);
  return changed(withKeyspace(schema, { ...keyspace, functions }), {
    change: 'DROPPED',
    target: 'FUNCTION',
    keyspace: keyspaceName,
    name,
    argumentTypes: dropped.argumentTypes.map(cqlTypeName),
  });
}

/** ALTER of what OR REPLACE replaces, else CREATE in the keyspace. */
export function authorizeReplacement(
  schema: Schema,
  context: DdlContext,
  existing: readonly Signed[] | undefined,
  statement: { readonly name: QualifiedName; readonly orReplace: boolean },
): void {
  const keyspace = keyspaceOf(statement.name, context);
  const replaced = statement.orReplace && existing?.find((each) => each.name === statement.name.name.text);
  if (replaced) authorize(schema, context, 'alter', resourceOf(keyspace, replaced));
  else authorize(schema, context, 'create', functionsOf(keyspace));
}

/** DROP of every overload that the name may mean. */
export function authorizeDrop(
  schema: Schema,
  context: DdlContext,
  existing: readonly (Signed & { readonly keyspace: string })[] | undefined,
  name: string,
): void {
  for (const each of existing ?? []) {
    if (each.name === name) authorize(schema, context, 'drop', resourceOf(each.keyspace, each));
  }
}

function resourceOf(keyspace: string, fn: Signed): ResourceChain {
  return functionNamed(keyspace, fn.name, signatureKey(fn.argumentTypes));
}

export function checkReplaceOrNot(statement: { readonly orReplace: boolean; readonly ifNotExists: boolean }): void {
  if (statement.orReplace && statement.ifNotExists) {
    throw invalid("Cannot use both 'OR REPLACE' and 'IF NOT EXISTS' directives");
  }
}

/** `Argument 'frozen<list<int>>' cannot be frozen…`: signatures are frozen by nature. */
export function checkNotFrozen(what: string, types: readonly TypeNode[], typeScope?: string): void {
  const frozen = types.find(isWrittenFrozen);
  if (frozen === undefined) return;
  const text = rawTypeText(frozen, false, typeScope);
  throw invalid(`${what} '${text}' cannot be frozen; remove frozen<> modifier from '${text}'`, {
    position: frozen.position,
  });
}

interface Signed {
  readonly name: string;
  readonly argumentTypes: readonly CqlType[];
}

/** Frozen or not, types of one text make the same signature (`UserFunction.typesMatch`). */
export function sameSignature(name: string, argumentTypes: readonly CqlType[]): (other: Signed) => boolean {
  const key = signatureKey(argumentTypes);
  return (other) => other.name === name && signatureKey(other.argumentTypes) === key;
}

export function signatureKey(types: readonly CqlType[]): string {
  return types.map((type) => cqlTypeName(freezeType(type))).join(', ');
}

/** `keyspace.name(int, text)`, without parentheses when none were written. */
export function writtenSignature(
  keyspaceName: string,
  keyspace: KeyspaceMetadata | undefined,
  name: string,
  types: readonly TypeNode[] | undefined,
): string {
  const typeScope = takenIn(keyspace, name);
  const args = types === undefined ? '' : `(${types.map((type) => rawTypeText(type, false, typeScope)).join(', ')})`;
  return `${keyspaceName}.${name}${args}`;
}

/** Where the name is taken, Cassandra has looked its argument types up before it prints them: `ks.type`, not `type`. */
export function takenIn(keyspace: KeyspaceMetadata | undefined, name: string): string | undefined {
  const taken = [...(keyspace?.functions ?? []), ...(keyspace?.aggregates ?? [])].some((each) => each.name === name);
  return taken ? keyspace?.name : undefined;
}

/** Functions and aggregates of one name count together. */
export function checkUnambiguous(
  what: 'FUNCTION' | 'AGGREGATE',
  keyspace: KeyspaceMetadata,
  name: string,
  types: readonly TypeNode[] | undefined,
): void {
  const count = [...keyspace.functions, ...keyspace.aggregates].filter((each) => each.name === name).length;
  if (count > 1 && types === undefined) {
    throw invalid(
      `'DROP ${what} ${name}' matches multiple function definitions; specify the argument types by issuing a ` +
        `statement like 'DROP ${what} ${name} (type, type, ...)'. You can use cqlsh 'DESCRIBE ${what} ${name}' ` +
        'command to find all overloads',
    );
  }
}

export function findSigned<T extends Signed>(
  all: readonly T[],
  keyspace: KeyspaceMetadata,
  name: string,
  types: readonly TypeNode[] | undefined,
): T | undefined {
  if (types === undefined) return all.find((each) => each.name === name);
  checkNotFrozen('Argument', types, takenIn(keyspace, name));
  const scope = { keyspace: keyspace.name, types: keyspace.types };
  const argumentTypes = types.map((type) => resolveType(type, scope));
  return all.find(sameSignature(name, argumentTypes));
}

export function replaceOrAdd<T>(all: readonly T[], existing: T | undefined, created: T): readonly T[] {
  return [...all.filter((each) => each !== existing), created];
}

/** `UDFunction.assertUdfsEnabled` */
function checkLanguage(language: string, context: DdlContext): void {
  if (!context.settings.userFunctions) {
    throw invalid(
      'User-defined functions are disabled in cassandra.yaml - set user_defined_functions_enabled=true to enable',
    );
  }
  if (language.toLowerCase() === 'java') return;
  throw invalid(
    'Currently only Java UDFs are available in Cassandra. For more information - CASSANDRA-18252 and CASSANDRA-17281',
  );
}

function checkReplacement(
  statement: CreateFunctionStatement,
  created: FunctionMetadata,
  existing: FunctionMetadata,
): void {
  const { name } = created;
  if (!statement.orReplace) throw invalid(`Function '${name}' already exists`);
  if (created.calledOnNullInput !== existing.calledOnNullInput) {
    const directive = created.calledOnNullInput ? 'CALLED ON NULL INPUT' : 'RETURNS NULL ON NULL INPUT';
    throw invalid(`Function '${name}' must have ${directive} directive`);
  }
  if (!isOrderCompatible(created.returnType, existing.returnType)) {
    throw invalid(
      `Cannot replace function '${name}', the new return type ${cqlTypeName(created.returnType)} is not compatible ` +
        `with the return type ${cqlTypeName(existing.returnType)} of existing function`,
    );
  }
}

function checkNoDependents(keyspace: KeyspaceMetadata, fn: FunctionMetadata, text: string): void {
  const key = signatureKey(fn.argumentTypes);
  const aggregates = keyspace.aggregates.filter(
    (aggregate) =>
      (aggregate.stateFunction === fn.name &&
        signatureKey([aggregate.stateType, ...aggregate.argumentTypes]) === key) ||
      (aggregate.finalFunction === fn.name && signatureKey([aggregate.stateType]) === key),
  );
  if (aggregates.length > 0) {
    const names = aggregates.map((aggregate) => `${aggregate.keyspace}.${aggregate.name}`).join(', ');
    throw invalid(`Function '${text}' is still referenced by aggregates ${names}`);
  }
  const masked = [...keyspace.tables.values()].filter((table) =>
    [...table.columns.values()].some(
      (column) => column.mask?.functionKeyspace === fn.keyspace && column.mask.functionName === fn.name,
    ),
  );
  if (masked.length > 0) {
    const names = masked.map((table) => table.name).join(', ');
    throw invalid(`Function '${text}' is still referenced by column masks in tables ${names}`);
  }
}
