import type { Permission, Resource } from '../../parser/ast/index.ts';
import { isSystemKeyspace } from '../keyspace-names.ts';
import type { Schema } from '../model/index.ts';
import type { DdlContext } from './context.ts';
import { signatureKey } from './functions.ts';
import { keyspaceInUse } from './names.ts';
import { resolveType } from './raw-type.ts';
import { malformed } from './refusal.ts';
import {
  ALL_FUNCTIONS,
  ALL_KEYSPACES,
  ALL_ROLES,
  allTables,
  functionNamed,
  functionsOf,
  keyspaceData,
  type ResourceChain,
  roleNamed,
  tableData,
} from './resource-chain.ts';

/** What permissions are granted on (`auth/IResource`, 5.0.8). */
export interface GrantableResource extends ResourceChain {
  readonly applicable: readonly Permission[];
  /** The resource's Java class, for a message. */
  readonly className: 'DataResource' | 'RoleResource' | 'FunctionResource' | 'JMXResource';
  readonly exists: boolean;
}

export const ALL_PERMISSIONS: readonly Permission[] = [
  'create',
  'alter',
  'drop',
  'select',
  'modify',
  'authorize',
  'describe',
  'execute',
  'unmask',
  'select_masked',
];

const KEYSPACE_PERMISSIONS: readonly Permission[] = [
  'create',
  'alter',
  'drop',
  'select',
  'modify',
  'authorize',
  'unmask',
  'select_masked',
];
const TABLE_PERMISSIONS = KEYSPACE_PERMISSIONS.filter((permission) => permission !== 'create');
const ROLE_PERMISSIONS: readonly Permission[] = ['alter', 'drop', 'authorize', 'describe'];
const FUNCTION_PERMISSIONS: readonly Permission[] = ['alter', 'drop', 'authorize', 'execute'];
const MBEAN_PERMISSIONS: readonly Permission[] = ['select', 'modify', 'authorize', 'describe', 'execute'];

export function resolveResource(resource: Resource, schema: Schema, context: DdlContext): GrantableResource {
  switch (resource.kind) {
    case 'allKeyspaces':
      return data(ALL_KEYSPACES, KEYSPACE_PERMISSIONS, true);
    case 'keyspaceResource':
      return data(
        keyspaceData(resource.keyspace.text),
        KEYSPACE_PERMISSIONS,
        hasKeyspace(schema, resource.keyspace.text),
      );
    case 'allTables':
      return data(allTables(resource.keyspace.text), KEYSPACE_PERMISSIONS, hasKeyspace(schema, resource.keyspace.text));
    case 'tableResource': {
      const keyspace = resource.table.keyspace?.text ?? keyspaceInUse(context);
      const table = resource.table.name.text;
      return data(tableData(keyspace, table), TABLE_PERMISSIONS, hasTable(schema, keyspace, table));
    }
    case 'allRoles':
      return { ...ALL_ROLES, applicable: ['create', ...ROLE_PERMISSIONS], className: 'RoleResource', exists: true };
    case 'roleResource': {
      const exists = schema.roles.has(resource.role.text);
      return { ...roleNamed(resource.role.text), applicable: ROLE_PERMISSIONS, className: 'RoleResource', exists };
    }
    case 'allFunctions': {
      const keyspace = resource.keyspace?.text;
      const chain = keyspace === undefined ? ALL_FUNCTIONS : functionsOf(keyspace);
      const exists = keyspace === undefined || hasKeyspace(schema, keyspace);
      return { ...chain, applicable: ['create', ...FUNCTION_PERMISSIONS], className: 'FunctionResource', exists };
    }
    case 'functionResource':
      return functionResource(resource, schema, context);
    case 'allMBeans':
      return mbean('mbean', '<all mbeans>', ['mbean']);
    case 'mbeanResource':
      return mbean(`mbean/${resource.name}`, `<mbean ${resource.name}>`, [`mbean/${resource.name}`, 'mbean']);
  }
}

/** What its maker may do with a new keyspace, table or function (`AlterSchemaStatement.createdResources`). */
export function permissionsOfMaker(resource: ResourceChain): readonly Permission[] {
  if (resource.keyspace === undefined) {
    return resource.chain.length > 2 ? FUNCTION_PERMISSIONS : ['create', ...FUNCTION_PERMISSIONS];
  }
  return resource.chain.length > 2 ? TABLE_PERMISSIONS : KEYSPACE_PERMISSIONS;
}

/** How LIST PERMISSIONS prints a resource of that name. */
export function resourceText(name: string): string {
  const [kind, first, ...rest] = name.split('/');
  switch (kind) {
    case 'data':
      if (first === undefined) return '<all keyspaces>';
      if (rest.length === 0) return `<keyspace ${first}>`;
      return rest[0] === '*' ? `<all tables in ${first}>` : `<table ${first}.${rest[0]}>`;
    case 'roles':
      return first === undefined ? '<all roles>' : `<role ${first}>`;
    case 'functions':
      if (first === undefined) return '<all functions>';
      return rest.length === 0
        ? `<all functions in ${first}>`
        : `<function ${first}.${rest[0].replace('[', '(').replace(']', ')')}>`;
    default:
      return first === undefined ? '<all mbeans>' : `<mbean ${first}>`;
  }
}

function functionResource(
  resource: Extract<Resource, { kind: 'functionResource' }>,
  schema: Schema,
  context: DdlContext,
): GrantableResource {
  const keyspaceName = resource.function.keyspace?.text ?? keyspaceInUse(context);
  const name = resource.function.name.text;
  const keyspace = schema.keyspaces.get(keyspaceName);
  const scope = { keyspace: keyspaceName, types: keyspace?.types ?? new Map() };
  const key = signatureKey(resource.argumentTypes.map((type) => resolveType(type, scope)));
  const all = [...(keyspace?.functions ?? []), ...(keyspace?.aggregates ?? [])];
  if (!all.some((fn) => fn.name === name && signatureKey(fn.argumentTypes) === key)) {
    // Cassandra meets the missing function while it parses, and calls it a syntax error.
    throw malformed(`Function ${keyspaceName}.${name}(${key}) doesn't exist`, { position: resource.position });
  }
  const chain = functionNamed(keyspaceName, name, key);
  return { ...chain, applicable: FUNCTION_PERMISSIONS, className: 'FunctionResource', exists: true };
}

function data(chain: ResourceChain, applicable: readonly Permission[], exists: boolean): GrantableResource {
  return { ...chain, applicable, className: 'DataResource', exists };
}

function mbean(name: string, text: string, chain: readonly string[]): GrantableResource {
  return {
    name,
    text,
    chain,
    applicable: MBEAN_PERMISSIONS,
    className: 'JMXResource',
    keyspace: undefined,
    exists: true,
  };
}

function hasKeyspace(schema: Schema, keyspace: string): boolean {
  return schema.keyspaces.has(keyspace) || isSystemKeyspace(keyspace);
}

function hasTable(schema: Schema, keyspace: string, table: string): boolean {
  const found = schema.keyspaces.get(keyspace);
  return found === undefined ? isSystemKeyspace(keyspace) : found.tables.has(table) || found.views.has(table);
}
