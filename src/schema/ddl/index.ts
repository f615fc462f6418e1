/** DDL: what a schema statement makes of a schema, with Cassandra 5.0.8's checks and messages. */

export { applyStatement, type DdlStatement, isDdlStatement } from './apply-statement.ts';
export { authorize, requireSuperuser } from './authorization.ts';
export {
  type DdlContext,
  type DdlOutcome,
  type DdlSettings,
  exploreSettings,
  type SchemaChange,
  strictSettings,
} from './context.ts';
export { type ListResult, listRoles, type RoleQuery } from './list-roles.ts';
export { hashPassword, verifyPassword } from './password.ts';
export { resolveType } from './raw-type.ts';
export {
  ALL_KEYSPACES,
  allTables,
  functionNamed,
  functionsOf,
  keyspaceData,
  type ResourceChain,
  tableData,
} from './resource-chain.ts';
export { defaultSuperuser, hasPermission, isSuperuser, rolesOf } from './role-membership.ts';
