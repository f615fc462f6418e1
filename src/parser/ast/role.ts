import type { MapLiteral } from './expression.ts';
import type { Name, Node, QualifiedName } from './node.ts';
import type { TypeNode } from './type.ts';

export type RoleStatement =
  | CreateRoleStatement
  | AlterRoleStatement
  | DropRoleStatement
  | ListRolesStatement
  | GrantRoleStatement
  | RevokeRoleStatement
  | CreateUserStatement
  | AlterUserStatement
  | DropUserStatement
  | ListUsersStatement
  | AddIdentityStatement
  | DropIdentityStatement
  | GrantPermissionsStatement
  | RevokePermissionsStatement
  | ListPermissionsStatement;

/** A role's name may also be a string, which keeps its case: then `quoted` is true. */
export type RoleName = Name;

export interface CreateRoleStatement extends Node<'createRole'> {
  readonly name: RoleName;
  readonly ifNotExists: boolean;
  readonly options: readonly RoleOption[];
}

export interface AlterRoleStatement extends Node<'alterRole'> {
  readonly name: RoleName;
  readonly ifExists: boolean;
  readonly options: readonly RoleOption[];
}

export type RoleOption = RolePassword | RoleFlag | RoleCustomOptions | RoleDatacenters | RoleCidrs;

export interface RolePassword extends Node<'rolePassword'> {
  readonly hashed: boolean;
  readonly password: string;
}

export interface RoleFlag extends Node<'roleFlag'> {
  readonly flag: 'superuser' | 'login';
  readonly value: boolean;
}

export interface RoleCustomOptions extends Node<'roleOptions'> {
  readonly options: MapLiteral;
}

/** `ACCESS TO ALL DATACENTERS` or `ACCESS TO DATACENTERS {'dc1'}` */
export interface RoleDatacenters extends Node<'roleDatacenters'> {
  readonly datacenters: 'all' | readonly string[];
}

/** `ACCESS FROM ALL CIDRS` or `ACCESS FROM CIDRS {'group'}` */
export interface RoleCidrs extends Node<'roleCidrs'> {
  readonly cidrs: 'all' | readonly string[];
}

export interface DropRoleStatement extends Node<'dropRole'> {
  readonly name: RoleName;
  readonly ifExists: boolean;
}

export interface ListRolesStatement extends Node<'listRoles'> {
  readonly of: RoleName | undefined;
  readonly noRecursive: boolean;
}

export interface GrantRoleStatement extends Node<'grantRole'> {
  readonly role: RoleName;
  readonly grantee: RoleName;
}

export interface RevokeRoleStatement extends Node<'revokeRole'> {
  readonly role: RoleName;
  readonly revokee: RoleName;
}

export interface UserOptions {
  readonly password: RolePassword | undefined;
  /** Absent when neither SUPERUSER nor NOSUPERUSER was written. */
  readonly superuser: boolean | undefined;
}

export interface CreateUserStatement extends Node<'createUser'>, UserOptions {
  readonly name: RoleName;
  readonly ifNotExists: boolean;
}

export interface AlterUserStatement extends Node<'alterUser'>, UserOptions {
  readonly name: RoleName;
  readonly ifExists: boolean;
}

export interface DropUserStatement extends Node<'dropUser'> {
  readonly name: RoleName;
  readonly ifExists: boolean;
}

export interface ListUsersStatement extends Node<'listUsers'> {}

export interface AddIdentityStatement extends Node<'addIdentity'> {
  readonly identity: string;
  readonly ifNotExists: boolean;
  readonly role: string;
}

export interface DropIdentityStatement extends Node<'dropIdentity'> {
  readonly identity: string;
  readonly ifExists: boolean;
}

export type Permission =
  | 'create'
  | 'alter'
  | 'drop'
  | 'select'
  | 'modify'
  | 'authorize'
  | 'describe'
  | 'execute'
  | 'unmask'
  | 'select_masked';

export interface GrantPermissionsStatement extends Node<'grantPermissions'> {
  readonly permissions: 'all' | readonly Permission[];
  readonly resource: Resource;
  readonly grantee: RoleName;
}

export interface RevokePermissionsStatement extends Node<'revokePermissions'> {
  readonly permissions: 'all' | readonly Permission[];
  readonly resource: Resource;
  readonly revokee: RoleName;
}

export interface ListPermissionsStatement extends Node<'listPermissions'> {
  readonly permissions: 'all' | readonly Permission[];
  readonly resource: Resource | undefined;
  readonly of: RoleName | undefined;
  readonly noRecursive: boolean;
}

/** What a permission is about. */
export type Resource =
  | AllKeyspacesResource
  | KeyspaceResource
  | AllTablesResource
  | TableResource
  | AllRolesResource
  | RoleResource
  | AllFunctionsResource
  | FunctionResource
  | AllMBeansResource
  | MBeanResource;

export interface AllKeyspacesResource extends Node<'allKeyspaces'> {}

export interface KeyspaceResource extends Node<'keyspaceResource'> {
  readonly keyspace: Name;
}

export interface AllTablesResource extends Node<'allTables'> {
  readonly keyspace: Name;
}

export interface TableResource extends Node<'tableResource'> {
  readonly table: QualifiedName;
}

export interface AllRolesResource extends Node<'allRoles'> {}

export interface RoleResource extends Node<'roleResource'> {
  readonly role: RoleName;
}

export interface AllFunctionsResource extends Node<'allFunctions'> {
  readonly keyspace: Name | undefined;
}

export interface FunctionResource extends Node<'functionResource'> {
  readonly function: QualifiedName;
  readonly argumentTypes: readonly TypeNode[];
}

export interface AllMBeansResource extends Node<'allMBeans'> {}

/** `MBEAN 'name'`, or `MBEANS 'pattern'` when `pattern` */
export interface MBeanResource extends Node<'mbeanResource'> {
  readonly name: string;
  readonly pattern: boolean;
}
