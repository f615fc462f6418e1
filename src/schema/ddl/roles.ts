import type { RoleStatement } from '../../parser/ast/index.ts';
import { type RoleMetadata, type Schema, without, withRole } from '../model/index.ts';
import { type DdlContext, type DdlOutcome, unchanged } from './context.ts';
import { applyPermissionStatement } from './permissions.ts';
import { invalid, unauthorized } from './refusal.ts';
import { hasPermission, isSuperuser, rolesOf } from './role-membership.ts';
import { datacentersText, type RoleSettings, readRoleOptions, readUserOptions } from './role-options.ts';

export type RoleChangeStatement = Exclude<RoleStatement, { kind: 'listRoles' | 'listUsers' | 'listPermissions' }>;

/** CREATE, ALTER and DROP of roles and users, GRANT and REVOKE (`cql3/statements/*RoleStatement`, 5.0.8). */
export function applyRoleStatement(schema: Schema, statement: RoleChangeStatement, context: DdlContext): DdlOutcome {
  switch (statement.kind) {
    case 'createRole':
      return createRole(schema, statement, readRoleOptions(statement.options, context), context);
    case 'createUser':
      return createRole(schema, statement, { ...readUserOptions(statement, context, false), login: true }, context);
    case 'alterRole':
      return alterRole(schema, statement, readRoleOptions(statement.options, context), context);
    case 'alterUser':
      return alterRole(schema, statement, readUserOptions(statement, context, undefined), context);
    case 'dropRole':
    case 'dropUser':
      return dropRole(schema, statement, context);
    case 'grantRole':
      return grantRole(schema, statement.role.text, statement.grantee.text, context);
    case 'revokeRole':
      return revokeRole(schema, statement.role.text, statement.revokee.text, context);
    case 'addIdentity':
    case 'dropIdentity':
      loggedIn(context);
      throw invalid('Identities need mutual TLS, which is not supported', { position: statement.position });
    case 'grantPermissions':
    case 'revokePermissions':
      return applyPermissionStatement(schema, statement, context);
  }
}

/** The role that is logged in (`ClientState.ensureNotAnonymous`). */
export function loggedIn(context: DdlContext): string {
  if (context.user !== null && context.settings.authentication) return context.user;
  if (context.trusted) return '';
  throw unauthorized('You have to be logged in and not anonymous to perform this request');
}

/** Whether permissions are asked for: not without an authorizer, and not of a schema that was accepted before. */
function needsAuthorization(context: DdlContext): boolean {
  return context.settings.authentication && !context.trusted;
}

function createRole(
  schema: Schema,
  statement: { readonly name: { readonly text: string }; readonly ifNotExists: boolean },
  settings: RoleSettings,
  context: DdlContext,
): DdlOutcome {
  const name = statement.name.text;
  if (needsAuthorization(context)) {
    authorizeRole(schema, 'create', ['roles'], context);
    if (settings.superuser && !isSuperuser(schema, context.user ?? '')) {
      throw unauthorized('Only superusers can create a role with superuser status');
    }
  }
  settings.check();
  if (name === '') throw invalid("Role name can't be an empty string");
  settings.checkDatacenters();
  const creator = loggedIn(context);
  if (schema.roles.has(name)) {
    if (statement.ifNotExists) return unchanged(schema);
    throw invalid(`${name} already exists`);
  }
  const role: RoleMetadata = {
    name,
    superuser: settings.superuser ?? false,
    login: settings.login ?? false,
    saltedHash: settings.saltedHash ?? null,
    memberOf: new Set(),
    options: new Map([['datacenters', datacentersText(settings.datacenters ?? 'all')]]),
    permissions: new Map(),
  };
  return rolesChanged(grantOwn(withRole(schema, role), creator, name));
}

/** Whoever makes a role may do with it what can be granted. */
function grantOwn(schema: Schema, creator: string, name: string): Schema {
  const role = schema.roles.get(creator);
  if (role === undefined) return schema;
  const own = new Set(['alter', 'drop', 'authorize', 'describe']);
  return withRole(schema, { ...role, permissions: new Map(role.permissions).set(`roles/${name}`, own) });
}

function alterRole(
  schema: Schema,
  statement: { readonly name: { readonly text: string }; readonly ifExists: boolean },
  settings: RoleSettings,
  context: DdlContext,
): DdlOutcome {
  const name = statement.name.text;
  if (needsAuthorization(context)) authorizeAlter(schema, name, settings, context);
  settings.check();
  if (settings.isEmpty) throw invalid("ALTER [ROLE|USER] can't be empty");
  settings.checkDatacenters();
  loggedIn(context);
  const role = schema.roles.get(name);
  if (role === undefined) {
    if (statement.ifExists) return unchanged(schema);
    throw invalid(`Role ${name} doesn't exist`);
  }
  const options = new Map(role.options);
  if (settings.datacenters !== undefined) options.set('datacenters', datacentersText(settings.datacenters));
  return rolesChanged(
    withRole(schema, {
      ...role,
      superuser: settings.superuser ?? role.superuser,
      login: settings.login ?? role.login,
      saltedHash: settings.saltedHash ?? role.saltedHash,
      options,
    }),
  );
}

function authorizeAlter(schema: Schema, name: string, settings: RoleSettings, context: DdlContext): void {
  const user = loggedIn(context);
  const superuser = isSuperuser(schema, user);
  if (settings.superuser !== undefined && rolesOf(schema, user, true).has(name)) {
    throw unauthorized("You aren't allowed to alter your own superuser status or that of a role granted to you");
  }
  if (settings.superuser !== undefined && !superuser) {
    throw unauthorized('Only superusers are allowed to alter superuser status');
  }
  if (settings.datacenters !== undefined && !superuser) {
    throw unauthorized('Only superusers are allowed to alter access to datacenters.');
  }
  if (superuser) return;
  if (user !== name) authorizeRole(schema, 'alter', [`roles/${name}`, 'roles'], context);
  else if (settings.login !== undefined) throw unauthorized("You aren't allowed to alter LOGIN");
}

function dropRole(
  schema: Schema,
  statement: { readonly name: { readonly text: string }; readonly ifExists: boolean },
  context: DdlContext,
): DdlOutcome {
  const name = statement.name.text;
  if (needsAuthorization(context)) {
    authorizeRole(schema, 'drop', [`roles/${name}`, 'roles'], context);
    if (schema.roles.has(name) && isSuperuser(schema, name) && !isSuperuser(schema, context.user ?? '')) {
      throw unauthorized('Only superusers can drop a role with superuser status');
    }
  }
  const user = loggedIn(context);
  if (!schema.roles.has(name) && !statement.ifExists) throw invalid(`${name} doesn't exist`);
  if (user === name) throw invalid('Cannot DROP primary role for current login');
  if (!schema.roles.has(name)) return unchanged(schema);
  const roles = new Map<string, RoleMetadata>();
  for (const role of without(schema.roles, name).values()) {
    const memberOf = new Set([...role.memberOf].filter((each) => each !== name));
    roles.set(role.name, { ...role, memberOf, permissions: without(role.permissions, `roles/${name}`) });
  }
  return rolesChanged({ ...schema, roles });
}

function grantRole(schema: Schema, name: string, grantee: string, context: DdlContext): DdlOutcome {
  const role = checkMembership(schema, name, grantee, context);
  if (rolesOf(schema, grantee, true).has(name)) throw invalid(`${grantee} is a member of ${name}`);
  if (rolesOf(schema, name, true).has(grantee)) throw invalid(`${name} is a member of ${grantee}`);
  return rolesChanged(withRole(schema, { ...role, memberOf: new Set([...role.memberOf, name]) }));
}

function revokeRole(schema: Schema, name: string, revokee: string, context: DdlContext): DdlOutcome {
  const role = checkMembership(schema, name, revokee, context);
  if (!rolesOf(schema, revokee, false).has(name)) throw invalid(`${revokee} is not a member of ${name}`);
  const memberOf = new Set([...role.memberOf].filter((each) => each !== name));
  return rolesChanged(withRole(schema, { ...role, memberOf }));
}

/** The grantee's metadata, once both roles exist and the user may deal with the one granted. */
function checkMembership(schema: Schema, name: string, grantee: string, context: DdlContext): RoleMetadata {
  if (needsAuthorization(context)) authorizeRole(schema, 'authorize', [`roles/${name}`, 'roles'], context);
  loggedIn(context);
  if (!schema.roles.has(name)) throw invalid(`${name} doesn't exist`);
  const role = schema.roles.get(grantee);
  if (role === undefined) throw invalid(`${grantee} doesn't exist`);
  return role;
}

function authorizeRole(schema: Schema, permission: string, chain: readonly string[], context: DdlContext): void {
  const user = loggedIn(context);
  if (hasPermission(schema, user, permission, chain)) return;
  throw unauthorized(`User ${user} does not have sufficient privileges to perform the requested operation`);
}

export function rolesChanged(schema: Schema, warnings: readonly string[] = []): DdlOutcome {
  return { schema, changes: [], warnings };
}
