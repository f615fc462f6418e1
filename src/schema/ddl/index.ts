/** DDL: what a schema statement makes of a schema, with Cassandra 5.0.8's checks and messages. */

export { applyStatement, isDdlStatement } from './apply-statement.ts';
export { type DdlContext, exploreSettings, strictSettings } from './context.ts';
export { listRoles } from './list-roles.ts';
export { hashPassword } from './password.ts';
export { defaultSuperuser } from './role-membership.ts';
