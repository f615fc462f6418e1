import type {
  AddField,
  AlterTypeStatement,
  CreateTypeStatement,
  DropTypeStatement,
  FieldDefinition,
  RenameFields,
} from '../../parser/ast/index.ts';
import type { UserType } from '../../types/index.ts';
import {
  defineTable,
  definitionOf,
  type KeyspaceMetadata,
  referencesUserType,
  replaceUserType,
  type Schema,
  type TableMetadata,
  withKeyspace,
  without,
} from '../model/index.ts';
import { didYouMean } from '../nearest-name.ts';
import { qualifiedName } from '../qualified-name.ts';
import { authorize } from './authorization.ts';
import { changed, type DdlContext, type DdlOutcome, unchanged } from './context.ts';
import { checkUserKeyspaceName, existingKeyspace, keyspaceOf } from './names.ts';
import { isCounterNode, rawTypeText, resolveType } from './raw-type.ts';
import { invalid } from './refusal.ts';
import { allTables } from './resource-chain.ts';

/** CREATE TYPE (`CreateTypeStatement`, 5.0.8). */
export function createType(schema: Schema, statement: CreateTypeStatement, context: DdlContext): DdlOutcome {
  const keyspaceName = keyspaceOf(statement.name, context);
  const name = statement.name.name.text;
  authorize(schema, context, 'create', allTables(keyspaceName));
  checkUserKeyspaceName(keyspaceName);
  const keyspace = existingKeyspace(schema, keyspaceName);
  if (keyspace.types.has(name)) {
    if (statement.ifNotExists) return unchanged(schema);
    throw invalid(`A user type with name '${name}' already exists`, { position: statement.name.position });
  }
  const seen = new Set<string>();
  for (const field of statement.fields) {
    if (seen.has(field.name.text)) {
      throw invalid(`Duplicate field name '${field.name.text}' in type '${name}'`, { position: field.name.position });
    }
    seen.add(field.name.text);
  }
  for (const field of statement.fields) checkFieldType(field);
  const scope = { keyspace: keyspaceName, types: keyspace.types };
  const fields = statement.fields.map((field) => ({ name: field.name.text, type: resolveType(field.type, scope) }));
  const type: UserType = { kind: 'udt', keyspace: keyspaceName, name, fields, frozen: false };
  const types = new Map(keyspace.types).set(name, type);
  return changed(withKeyspace(schema, { ...keyspace, types }), {
    change: 'CREATED',
    target: 'TYPE',
    keyspace: keyspaceName,
    name,
  });
}

/** ALTER TYPE (`AlterTypeStatement`, 5.0.8). All that uses the type gets the new one. */
export function alterType(schema: Schema, statement: AlterTypeStatement, context: DdlContext): DdlOutcome {
  const keyspaceName = keyspaceOf(statement.name, context);
  const name = statement.name.name.text;
  authorize(schema, context, 'alter', allTables(keyspaceName));
  checkUserKeyspaceName(keyspaceName);
  const keyspace = schema.keyspaces.get(keyspaceName);
  const type = keyspace?.types.get(name);
  if (keyspace === undefined || type === undefined) {
    if (statement.ifExists) return unchanged(schema);
    throw invalid(`Type ${keyspaceName}.${name} doesn't exist`, {
      position: statement.name.position,
      suggestion: didYouMean(name, keyspace?.types.keys() ?? []),
    });
  }
  const altered = alter(keyspace, type, statement);
  if (altered === type) return unchanged(schema);
  return changed(withKeyspace(schema, withUserType(keyspace, altered)), {
    change: 'UPDATED',
    target: 'TYPE',
    keyspace: keyspaceName,
    name,
  });
}

/** DROP TYPE (`DropTypeStatement`, 5.0.8). */
export function dropType(schema: Schema, statement: DropTypeStatement, context: DdlContext): DdlOutcome {
  const keyspaceName = keyspaceOf(statement.name, context);
  const name = statement.name.name.text;
  authorize(schema, context, 'drop', allTables(keyspaceName));
  checkUserKeyspaceName(keyspaceName);
  const keyspace = schema.keyspaces.get(keyspaceName);
  if (keyspace === undefined || !keyspace.types.has(name)) {
    if (statement.ifExists) return unchanged(schema);
    throw invalid(`Type '${keyspaceName}.${name}' doesn't exist`, {
      position: statement.name.position,
      suggestion: didYouMean(name, keyspace?.types.keys() ?? []),
    });
  }
  checkUnused(keyspace, name);
  const shrunk = { ...keyspace, types: without(keyspace.types, name) };
  return changed(withKeyspace(schema, shrunk), { change: 'DROPPED', target: 'TYPE', keyspace: keyspaceName, name });
}

function alter(keyspace: KeyspaceMetadata, type: UserType, { action }: AlterTypeStatement): UserType {
  switch (action.kind) {
    case 'alterFieldType':
      throw invalid('Altering field types is no longer supported', { position: action.position });
    case 'addField':
      return addField(keyspace, type, action);
    case 'renameFields':
      return renameFields(keyspace, type, action);
  }
}

function addField(keyspace: KeyspaceMetadata, type: UserType, action: AddField): UserType {
  const field = action.field.text;
  const typeName = cqlName(type);
  checkFieldType({ name: action.field, type: action.type });
  if (type.fields.some((each) => each.name === field)) {
    if (action.ifNotExists) return type;
    throw invalid(`Cannot add field ${field} to type ${typeName}: a field with name ${field} already exists`, {
      position: action.field.position,
    });
  }
  const fieldType = resolveType(action.type, { keyspace: keyspace.name, types: keyspace.types });
  const typeText = rawTypeText(action.type, false, keyspace.name);
  const refusal = `Cannot add new field ${field} of type ${typeText} to user type ${typeName} as`;
  if (referencesUserType(fieldType, type.name)) throw invalid(`${refusal} it would create a circular reference`);
  const keyed = [...keyspace.tables.values(), ...keyspace.views.values()].filter((table) =>
    table.partitionKey.some((column) => referencesUserType(column.type, type.name)),
  );
  if (keyed.length > 0) {
    const names = keyed.map((table) => qualifiedName(table.keyspace, table.name));
    throw invalid(`${refusal} the type is being used in partition key by the following tables: ${names.join(', ')}`);
  }
  return { ...type, fields: [...type.fields, { name: field, type: fieldType }] };
}

function renameFields(keyspace: KeyspaceMetadata, type: UserType, action: RenameFields): UserType {
  const dependents = keyspace.aggregates.filter(
    (aggregate) => aggregate.initialCondition !== null && referencesUserType(aggregate.stateType, type.name),
  );
  if (dependents.length > 0) {
    const names = dependents.map((aggregate) => `${aggregate.keyspace}.${aggregate.name}`).join(', ');
    throw invalid(`Cannot alter user type ${cqlName(type)} as it is still used in INITCOND by aggregates ${names}`);
  }
  const fields = [...type.fields];
  for (const { from, to } of action.renames) {
    const index = type.fields.findIndex((field) => field.name === from.text);
    if (index >= 0) fields[index] = { name: to.text, type: fields[index].type };
    else if (!action.ifExists) {
      throw invalid(`Unkown field ${from.text} in user type ${cqlName(type)}`, {
        position: from.position,
        suggestion: didYouMean(
          from.text,
          type.fields.map((field) => field.name),
        ),
      });
    }
  }
  const names = fields.map((field) => field.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  // Cassandra prints the keyspace where the type was meant.
  if (twice !== undefined) throw invalid(`Duplicate field name ${twice} in type ${type.keyspace}`);
  return fields.every((field, i) => field.name === type.fields[i].name) ? type : { ...type, fields };
}

function checkFieldType({ type }: FieldDefinition): void {
  if (isCounterNode(type)) throw invalid('A user type cannot contain counters', { position: type.position });
  if (type.kind === 'userType') {
    throw invalid('A user type cannot contain non-frozen UDTs', { position: type.position });
  }
}

function checkUnused(keyspace: KeyspaceMetadata, name: string): void {
  const refusal = `Cannot drop user type '${keyspace.name}.${name}' as it is still used by`;
  const functions = [
    ...keyspace.functions.filter((fn) =>
      [...fn.argumentTypes, fn.returnType].some((type) => referencesUserType(type, name)),
    ),
    ...keyspace.aggregates.filter((aggregate) =>
      [...aggregate.argumentTypes, aggregate.returnType, aggregate.stateType].some((type) =>
        referencesUserType(type, name),
      ),
    ),
  ];
  if (functions.length > 0) {
    throw invalid(`${refusal} functions ${functions.map((fn) => `${fn.keyspace}.${fn.name}`).join(', ')}`);
  }
  const types = [...keyspace.types.values()].filter((type) =>
    type.fields.some((field) => referencesUserType(field.type, name)),
  );
  if (types.length > 0) throw invalid(`${refusal} user types ${sortedNames(types)}`);
  const tables = [...keyspace.tables.values()].filter((table) =>
    [...table.columns.values()].some((column) => referencesUserType(column.type, name)),
  );
  if (tables.length > 0) throw invalid(`${refusal} tables ${tables.map((table) => table.name).join(', ')}`);
}

function sortedNames(named: readonly { readonly name: string }[]): string {
  return named
    .map((each) => each.name)
    .sort()
    .join(', ');
}

/** `KeyspaceMetadata.withUpdatedUserType` */
function withUserType(keyspace: KeyspaceMetadata, type: UserType): KeyspaceMetadata {
  const update = (table: TableMetadata): TableMetadata => {
    if (![...table.columns.values()].some((column) => referencesUserType(column.type, type.name))) return table;
    const definition = definitionOf(table);
    const columns = definition.columns.map((column) => ({ ...column, type: replaceUserType(column.type, type) }));
    return defineTable({ ...definition, columns });
  };
  const types = mapValues(keyspace.types, (each): UserType => {
    if (each.name === type.name) return type;
    const fields = each.fields.map((field) => ({ name: field.name, type: replaceUserType(field.type, type) }));
    return { ...each, fields };
  });
  return {
    ...keyspace,
    types,
    tables: mapValues(keyspace.tables, update),
    views: mapValues(keyspace.views, update),
    functions: keyspace.functions.map((fn) => ({
      ...fn,
      argumentTypes: fn.argumentTypes.map((each) => replaceUserType(each, type)),
      returnType: replaceUserType(fn.returnType, type),
    })),
    aggregates: keyspace.aggregates.map((aggregate) => ({
      ...aggregate,
      argumentTypes: aggregate.argumentTypes.map((each) => replaceUserType(each, type)),
      returnType: replaceUserType(aggregate.returnType, type),
      stateType: replaceUserType(aggregate.stateType, type),
    })),
  };
}

function mapValues<V>(map: ReadonlyMap<string, V>, change: (value: V) => V): Map<string, V> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}

/** `UserType.getCqlTypeName` */
function cqlName(type: UserType): string {
  return qualifiedName(type.keyspace, type.name);
}
