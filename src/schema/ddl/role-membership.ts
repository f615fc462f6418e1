import type { RoleMetadata, Schema } from '../model/index.ts';

/** The role itself and all roles granted to it, directly or, when `recursive`, through others. */
export function rolesOf(schema: Schema, name: string, recursive: boolean): ReadonlySet<string> {
  const found = new Set([name]);
  const pending = [name];
  while (pending.length > 0) {
    const role = schema.roles.get(pending.pop() ?? '');
    for (const parent of role?.memberOf ?? []) {
      if (found.has(parent)) continue;
      found.add(parent);
      if (recursive) pending.push(parent);
    }
  }
  return found;
}

/** Whether the role, or one granted to it, is a superuser. */
export function isSuperuser(schema: Schema, name: string): boolean {
  return [...rolesOf(schema, name, true)].some((each) => schema.roles.get(each)?.superuser);
}

/** Whether the role may do that on the resource: by itself or through its roles, there or on what contains it. */
export function hasPermission(schema: Schema, name: string, permission: string, chain: readonly string[]): boolean {
  if (isSuperuser(schema, name)) return true;
  return [...rolesOf(schema, name, true)].some((each) => {
    const role = schema.roles.get(each);
    return chain.some((resource) => role?.permissions.get(resource)?.has(permission));
  });
}

/** Cassandra's first role, which exists wherever authentication is on. */
export function defaultSuperuser(saltedHash: string): RoleMetadata {
  return {
    name: 'cassandra',
    superuser: true,
    login: true,
    saltedHash,
    memberOf: new Set(),
    options: new Map([['datacenters', 'ALL']]),
    permissions: new Map(),
  };
}
