import type { ListPermissionsStatement, RoleStatement } from '../../parser/ast/index.ts';
import { type CqlType, codecOf } from '../../types/index.ts';
import type { RoleMetadata, Schema } from '../model/index.ts';
import type { DdlContext } from './context.ts';
import { invalid, unauthorized } from './refusal.ts';
import { ALL_PERMISSIONS, resolveResource, resourceText } from './resources.ts';
import { isSuperuser, rolesOf } from './role-membership.ts';
import { loggedIn } from './roles.ts';

export interface ListResult {
  readonly columns: readonly { readonly name: string; readonly type: CqlType }[];
  readonly rows: readonly (readonly Uint8Array[])[];
}

export type RoleQuery = Extract<RoleStatement, { kind: 'listRoles' | 'listUsers' | 'listPermissions' }>;

const TEXT: CqlType = { kind: 'native', name: 'text' };
const BOOLEAN: CqlType = { kind: 'native', name: 'boolean' };
const OPTIONS: CqlType = { kind: 'map', key: TEXT, value: TEXT, frozen: true };

/** What an AllowAllNetworkAuthorizer says of every role. */
const DATACENTERS = 'ALL';

/** LIST ROLES, LIST USERS and LIST PERMISSIONS (`cql3/statements/List*Statement`, 5.0.8). Null for no result at all. */
export function listRoles(schema: Schema, statement: RoleQuery, context: DdlContext): ListResult | null {
  const user = loggedIn(context);
  switch (statement.kind) {
    case 'listRoles': {
      const roles = visibleRoles(schema, statement.of?.text, !statement.noRecursive, user);
      return result(
        [
          ['role', TEXT],
          ['super', BOOLEAN],
          ['login', BOOLEAN],
          ['options', OPTIONS],
          ['datacenters', TEXT],
        ],
        roles.map((role) => [role.name, role.superuser, role.login, new Map(), DATACENTERS]),
      );
    }
    case 'listUsers': {
      const users = visibleRoles(schema, undefined, false, user).filter((role) => role.login);
      return result(
        [
          ['name', TEXT],
          ['super', BOOLEAN],
          ['datacenters', TEXT],
        ],
        users.map((role) => [role.name, isSuperuser(schema, role.name), DATACENTERS]),
      );
    }
    case 'listPermissions':
      return listPermissions(schema, statement, user, context);
  }
}

function listPermissions(
  schema: Schema,
  statement: ListPermissionsStatement,
  user: string,
  context: DdlContext,
): ListResult | null {
  const resource = statement.resource && resolveResource(statement.resource, schema, context);
  if (resource !== undefined && !resource.exists) throw invalid(`${resource.text} doesn't exist`);
  const of = statement.of?.text;
  checkExists(schema, of);
  if (!isSuperuser(schema, user) && (of === undefined || !rolesOf(schema, user, true).has(of))) {
    throw unauthorized(`You are not authorized to view ${of === undefined ? 'everyone' : of}'s permissions`);
  }
  const wanted = statement.permissions === 'all' ? ALL_PERMISSIONS : statement.permissions;
  const names = of === undefined ? [...schema.roles.keys()] : [...rolesOf(schema, of, true)];
  const chain = resource && (statement.noRecursive ? [resource.name] : resource.chain);
  const rows: string[][] = [];
  for (const name of names.sort()) {
    const granted = [...(schema.roles.get(name)?.permissions ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [key, permissions] of granted) {
      if (chain !== undefined && !chain.includes(key)) continue;
      for (const permission of ALL_PERMISSIONS) {
        if (!permissions.has(permission) || !wanted.includes(permission)) continue;
        rows.push([name, name, resourceText(key), permission.toUpperCase()]);
      }
    }
  }
  const columns = ['role', 'username', 'resource', 'permission'].map((name): [string, CqlType] => [name, TEXT]);
  return result(columns, rows);
}

function visibleRoles(schema: Schema, of: string | undefined, recursive: boolean, user: string): RoleMetadata[] {
  checkExists(schema, of);
  let names: Iterable<string>;
  if (isSuperuser(schema, user)) names = of === undefined ? schema.roles.keys() : rolesOf(schema, of, recursive);
  else if (of === undefined) names = rolesOf(schema, user, recursive);
  else if (rolesOf(schema, user, true).has(of)) names = rolesOf(schema, of, recursive);
  else throw unauthorized(`You are not authorized to view roles granted to ${of} `);
  return [...names].sort().flatMap((name) => schema.roles.get(name) ?? []);
}

function checkExists(schema: Schema, role: string | undefined): void {
  if (role !== undefined && !schema.roles.has(role)) throw invalid(`<role ${role}> doesn't exist`);
}

type Value = string | boolean | ReadonlyMap<string, string>;

function result(columns: readonly [string, CqlType][], rows: readonly (readonly Value[])[]): ListResult | null {
  if (rows.length === 0) return null;
  return {
    columns: columns.map(([name, type]) => ({ name, type })),
    rows: rows.map((row) => row.map((value, i) => codecOf(columns[i][1]).encode(value))),
  };
}
