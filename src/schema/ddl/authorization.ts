import type { Permission } from '../../parser/ast/index.ts';
import { isLocalSystemKeyspace, isReplicatedSystemKeyspace, isSystemKeyspace } from '../keyspace-names.ts';
import type { Schema } from '../model/index.ts';
import type { DdlContext } from './context.ts';
import { unauthorized } from './refusal.ts';
import type { ResourceChain } from './resource-chain.ts';
import { hasPermission, isSuperuser } from './role-membership.ts';

/** Always readable, since every client reads them (`ClientState.READABLE_SYSTEM_RESOURCES`). */
const READABLE_TABLES = new Set(['data/system/local', 'data/system/peers', 'data/system/peers_v2']);
const READABLE_KEYSPACES = ['system_schema', 'system_virtual_schema'];

/**
 * Throws Unauthorized unless the user may do that with the resource (`ClientState.ensurePermission`, 5.0.8): done before a
 * statement is looked at any further. Nobody changes system keyspaces; the rest is asked only where roles log in.
 */
export function authorize(schema: Schema, context: DdlContext, permission: Permission, resource: ResourceChain): void {
  forbidSystemChange(permission, resource);
  if (!context.settings.authentication || context.trusted) return;
  if (permission === 'select' && isReadableByAll(resource)) return;
  const user = loggedInRole(context);
  // Permissions on all keyspaces do not reach the system's.
  const ordinary = !isSuperuser(schema, user);
  const ownOnly = ordinary && resource.keyspace !== undefined && isSystemKeyspace(resource.keyspace);
  const chain = ownOnly ? resource.chain.slice(0, -1) : resource.chain;
  if (hasPermission(schema, user, permission, chain)) return;
  throw unauthorized(
    `User ${user} has no ${permission.toUpperCase()} permission on ${resource.text} or any of its parents`,
  );
}

/** Throws Unauthorized with that message unless a superuser is logged in, or nobody needs to be. */
export function requireSuperuser(schema: Schema, context: DdlContext, message: string): void {
  if (!context.settings.authentication || context.trusted) return;
  if (!isSuperuser(schema, loggedInRole(context))) throw unauthorized(message);
}

function loggedInRole(context: DdlContext): string {
  if (context.user !== null) return context.user;
  throw unauthorized('You have not logged in');
}

function isReadableByAll({ name, keyspace }: ResourceChain): boolean {
  return READABLE_TABLES.has(name) || (keyspace !== undefined && READABLE_KEYSPACES.includes(keyspace));
}

/** `ClientState.preventSystemKSSchemaModification` */
function forbidSystemChange(permission: Permission, { keyspace, text, name }: ResourceChain): void {
  if (keyspace === undefined || !(permission === 'create' || permission === 'alter' || permission === 'drop')) return;
  if (isLocalSystemKeyspace(keyspace)) throw unauthorized(`${keyspace} keyspace is not user-modifiable.`);
  if (!isReplicatedSystemKeyspace(keyspace)) return;
  if (permission === 'alter' && name === `data/${keyspace}`) return;
  throw unauthorized(`Cannot ${permission.toUpperCase()} ${text}`);
}
