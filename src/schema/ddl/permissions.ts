import type { GrantPermissionsStatement, Permission, RevokePermissionsStatement } from '../../parser/ast/index.ts';
import { isSystemKeyspace, isVirtualKeyspace } from '../keyspace-names.ts';
import { type Schema, without, withRole } from '../model/index.ts';
import { authorize } from './authorization.ts';
import type { DdlContext, DdlOutcome } from './context.ts';
import { invalid, malformed, unauthorized } from './refusal.ts';
import { ALL_PERMISSIONS, type GrantableResource, resolveResource } from './resources.ts';
import { loggedIn, rolesChanged } from './roles.ts';

/** The only ones that a system keyspace's data may be granted (`Permission.INVALID_FOR_SYSTEM_KEYSPACES`). */
const SYSTEM_KEYSPACE_PERMISSIONS: readonly Permission[] = ['select', 'describe', 'alter'];

/** GRANT and REVOKE of permissions (`GrantPermissionsStatement`, `RevokePermissionsStatement`, 5.0.8). */
export function applyPermissionStatement(
  schema: Schema,
  statement: GrantPermissionsStatement | RevokePermissionsStatement,
  context: DdlContext,
): DdlOutcome {
  const resource = resolveResource(statement.resource, schema, context);
  const permissions = applicablePermissions(statement.permissions, resource);
  const name = statement.kind === 'grantPermissions' ? statement.grantee.text : statement.revokee.text;
  for (const permission of ['authorize' as const, ...permissions]) authorize(schema, context, permission, resource);
  loggedIn(context);
  const role = schema.roles.get(name);
  if (role === undefined) throw invalid(`Role ${name} doesn't exist`);
  if (!resource.exists) throw invalid(`Resource ${resource.text} doesn't exist`);
  const before = role.permissions.get(resource.name) ?? new Set<string>();
  if (statement.kind === 'grantPermissions') {
    checkSystemKeyspace(permissions, resource);
    const already = permissions.filter((permission) => before.has(permission));
    const granted = new Map(role.permissions).set(resource.name, new Set([...before, ...permissions]));
    return rolesChanged(
      withRole(schema, { ...role, permissions: granted }),
      warning('already granted', name, already, resource),
    );
  }
  const absent = permissions.filter((permission) => !before.has(permission));
  const left = new Set([...before].filter((permission) => !permissions.some((each) => each === permission)));
  const revoked =
    left.size === 0 ? without(role.permissions, resource.name) : new Map(role.permissions).set(resource.name, left);
  return rolesChanged(
    withRole(schema, { ...role, permissions: revoked }),
    warning('not granted', name, absent, resource),
  );
}

/** Those of the permissions that the resource knows; a SyntaxException when there are none. */
function applicablePermissions(
  permissions: 'all' | readonly Permission[],
  resource: GrantableResource,
): readonly Permission[] {
  const wanted = permissions === 'all' ? ALL_PERMISSIONS : permissions;
  const applicable = ALL_PERMISSIONS.filter((each) => wanted.includes(each) && resource.applicable.includes(each));
  if (applicable.length > 0) return applicable;
  throw malformed(`Resource type ${resource.className} does not support any of the requested permissions`);
}

function checkSystemKeyspace(permissions: readonly Permission[], { keyspace }: GrantableResource): void {
  if (keyspace === undefined || !isSystemKeyspace(keyspace) || isVirtualKeyspace(keyspace)) return;
  if (permissions.every((permission) => SYSTEM_KEYSPACE_PERMISSIONS.includes(permission))) return;
  throw unauthorized('Granting permissions on system keyspaces is strictly limited, this operation is not permitted');
}

function warning(
  how: string,
  role: string,
  permissions: readonly Permission[],
  resource: GrantableResource,
): readonly string[] {
  if (permissions.length === 0) return [];
  const names = permissions.map((permission) => permission.toUpperCase()).join(', ');
  return [`Role '${role}' was ${how} ${names} on ${resource.text}`];
}
