import type { Permission, Resource } from '../../parser/ast/index.ts';
import { isSystemKeyspace } from '../keyspace-names.ts';
import type { Schema } from '../model/index.ts';
import type { DdlContext } from './context.ts';
import { signatureKey } from './functions.ts';
import { keyspaceInUse } from './names.ts';
import { resolveType } from './raw-type.ts';
import { malformed } from './refusal.ts';

/** What permissions are granted on (`auth/IResource`, 5.0.8). */
export interface GrantableResource {
  /** The key under which permissions are kept: `data/ks/table`, `roles/r`, `functions/ks/f[int]`. */
  readonly name: string;
  /** As messages and LIST PERMISSIONS print it: `<table ks.t>`. */
  readonly text: string;
  /** The resources that contain it, nearest first, itself at the head. */
  readonly chain: readonly string[];
  readonly applicable: readonly Permission[];
  /** The resource's Java class, for a message. */
  readonly className: string;
  readonly keyspace: string | undefined;
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
      return data('data', '<all keyspaces>', ['data'], KEYSPACE_PERMISSIONS, undefined, true);
    case 'keyspaceResource': {
      const keyspace = resource.keyspace.text;
      const name = `data/${keyspace}`;
      const exists = hasKeyspace(schema, keyspace);
      return data(name, `<keyspace ${keyspace}>`, [name, 'data'], KEYSPACE_PERMISSIONS, keyspace, exists);
    }
    case 'allTables': {
      const keyspace = resource.keyspace.text;
      const chain = [`data/${keyspace}/*`, `data/${keyspace}`, 'data'];
      const exists = hasKeyspace(schema, keyspace);
      return data(chain[0], `<all tables in ${keyspace}>`, chain, KEYSPACE_PERMISSIONS, keyspace, exists);
    }
    case 'tableResource':
      return tableResource(resource.table.keyspace?.text ?? keyspaceInUse(context), resource.table.name.text, schema);
    case 'allRoles':
      return role('roles', '<all roles>', ['roles'], ['create', ...ROLE_PERMISSIONS], true);
    case 'roleResource': {
      const name = resource.role.text;
      const chain = [`roles/${name}`, 'roles'];
      return role(chain[0], `<role ${name}>`, chain, ROLE_PERMISSIONS, schema.roles.has(name));
    }
    case 'allFunctions': {
      const keyspace = resource.keyspace?.text;
      const chain = keyspace === undefined ? ['functions'] : [`functions/${keyspace}`, 'functions'];
      const text = keyspace === undefined ? '<all functions>' : `<all functions in ${keyspace}>`;
      const exists = keyspace === undefined || hasKeyspace(schema, keyspace);
      const applicable: readonly Permission[] = ['create', ...FUNCTION_PERMISSIONS];
      return { name: chain[0], text, chain, applicable, className: 'FunctionResource', keyspace: undefined, exists };
    }
    case 'functionResource':
      return functionResource(resource, schema, context);
    case 'allMBeans':
      return mbean('mbean', '<all mbeans>', ['mbean']);
    case 'mbeanResource':
      return mbean(`mbean/${resource.name}`, `<mbean ${resource.name}>`, [`mbean/${resource.name}`, 'mbean']);
  }
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

function tableResource(keyspace: string, table: string, schema: Schema): GrantableResource {
  const chain = [`data/${keyspace}/${table}`, `data/${keyspace}/*`, `data/${keyspace}`, 'data'];
  const found = schema.keyspaces.get(keyspace);
  const exists = found === undefined ? isSystemKeyspace(keyspace) : found.tables.has(table) || found.views.has(table);
  return data(chain[0], `<table ${keyspace}.${table}>`, chain, TABLE_PERMISSIONS, keyspace, exists);
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
  const chain = [`functions/${keyspaceName}/${name}[${key}]`, `functions/${keyspaceName}`, 'functions'];
  return {
    name: chain[0],
    text: `<function ${keyspaceName}.${name}(${key})>`,
    chain,
    applicable: FUNCTION_PERMISSIONS,
    className: 'FunctionResource',
    keyspace: undefined,
    exists: true,
  };
}

function data(
  name: string,
  text: string,
  chain: readonly string[],
  applicable: readonly Permission[],
  keyspace: string | undefined,
  exists: boolean,
): GrantableResource {
  return { name, text, chain, applicable, className: 'DataResource', keyspace, exists };
}

function role(
  name: string,
  text: string,
  chain: readonly string[],
  applicable: readonly Permission[],
  exists: boolean,
): GrantableResource {
  return { name, text, chain, applicable, className: 'RoleResource', keyspace: undefined, exists };
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
