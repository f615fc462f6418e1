import { unreachable } from '../../errors/index.ts';
import type {
  Permission,
  Resource,
  RoleName,
  RoleOption,
  RolePassword,
  RoleStatement,
  UserOptions,
} from '../ast/index.ts';
import { ifExists, ifNotExists } from './definition.ts';
import { printMap } from './expression.ts';
import { printName, printQualified, quoteString } from './name.ts';
import { words } from './query.ts';
import { printTypeList } from './type.ts';

export function printRoleStatement(statement: RoleStatement): string {
  switch (statement.kind) {
    case 'createRole':
      return words('CREATE ROLE', ifNotExists(statement), printName(statement.name), printOptions(statement.options));
    case 'alterRole':
      return words('ALTER ROLE', ifExists(statement), printName(statement.name), printOptions(statement.options));
    case 'dropRole':
      return words('DROP ROLE', ifExists(statement), printName(statement.name));
    case 'listRoles':
      return words('LIST ROLES', printOf(statement.of), statement.noRecursive && 'NORECURSIVE');
    case 'grantRole':
      return `GRANT ${printName(statement.role)} TO ${printName(statement.grantee)}`;
    case 'revokeRole':
      return `REVOKE ${printName(statement.role)} FROM ${printName(statement.revokee)}`;
    case 'createUser':
      return words(
        'CREATE USER',
        ifNotExists(statement),
        quoteString(statement.name.text),
        printUserOptions(statement),
      );
    case 'alterUser':
      return words('ALTER USER', ifExists(statement), quoteString(statement.name.text), printUserOptions(statement));
    case 'dropUser':
      return words('DROP USER', ifExists(statement), quoteString(statement.name.text));
    case 'listUsers':
      return 'LIST USERS';
    case 'addIdentity':
      return words(
        'ADD IDENTITY',
        ifNotExists(statement),
        `${quoteString(statement.identity)} TO ROLE ${quoteString(statement.role)}`,
      );
    case 'dropIdentity':
      return words('DROP IDENTITY', ifExists(statement), quoteString(statement.identity));
    case 'grantPermissions':
      return `GRANT ${printPermissions(statement.permissions)} ON ${printResource(statement.resource)} TO ${printName(statement.grantee)}`;
    case 'revokePermissions':
      return `REVOKE ${printPermissions(statement.permissions)} ON ${printResource(statement.resource)} FROM ${printName(statement.revokee)}`;
    case 'listPermissions':
      return words(
        `LIST ${printPermissions(statement.permissions)}`,
        statement.resource && `ON ${printResource(statement.resource)}`,
        printOf(statement.of),
        statement.noRecursive && 'NORECURSIVE',
      );
    default:
      return unreachable(statement);
  }
}

function printOf(role: RoleName | undefined): string | undefined {
  return role && `OF ${printName(role)}`;
}

function printPermissions(permissions: 'all' | readonly Permission[]): string {
  return permissions === 'all' ? 'ALL PERMISSIONS' : permissions.map((each) => each.toUpperCase()).join(', ');
}

function printPassword({ hashed, password }: RolePassword, sign: string): string {
  return `${hashed ? 'HASHED ' : ''}PASSWORD${sign}${quoteString(password)}`;
}

function printUserOptions({ password, superuser }: UserOptions): string {
  return words(
    password && `WITH ${printPassword(password, ' ')}`,
    superuser !== undefined && (superuser ? 'SUPERUSER' : 'NOSUPERUSER'),
  );
}

function printOptions(options: readonly RoleOption[]): string | undefined {
  return options.length === 0 ? undefined : `WITH ${options.map(printOption).join(' AND ')}`;
}

function printOption(option: RoleOption): string {
  switch (option.kind) {
    case 'rolePassword':
      return printPassword(option, ' = ');
    case 'roleFlag':
      return `${option.flag.toUpperCase()} = ${option.value}`;
    case 'roleOptions':
      return `OPTIONS = ${printMap(option.options)}`;
    case 'roleDatacenters':
      return `ACCESS TO ${printAccess(option.datacenters, 'DATACENTERS')}`;
    case 'roleCidrs':
      return `ACCESS FROM ${printAccess(option.cidrs, 'CIDRS')}`;
    default:
      return unreachable(option);
  }
}

function printAccess(names: 'all' | readonly string[], word: string): string {
  return names === 'all' ? `ALL ${word}` : `${word} {${names.map(quoteString).join(', ')}}`;
}

function printResource(resource: Resource): string {
  switch (resource.kind) {
    case 'allKeyspaces':
      return 'ALL KEYSPACES';
    case 'keyspaceResource':
      return `KEYSPACE ${printName(resource.keyspace)}`;
    case 'allTables':
      return `ALL TABLES IN KEYSPACE ${printName(resource.keyspace)}`;
    case 'tableResource':
      return `TABLE ${printQualified(resource.table)}`;
    case 'allRoles':
      return 'ALL ROLES';
    case 'roleResource':
      return `ROLE ${printName(resource.role)}`;
    case 'allFunctions':
      return words('ALL FUNCTIONS', resource.keyspace && `IN KEYSPACE ${printName(resource.keyspace)}`);
    case 'functionResource':
      return `FUNCTION ${printQualified(resource.function)}${printTypeList(resource.argumentTypes)}`;
    case 'allMBeans':
      return 'ALL MBEANS';
    case 'mbeanResource':
      return `${resource.pattern ? 'MBEANS' : 'MBEAN'} ${quoteString(resource.name)}`;
    default:
      return unreachable(resource);
  }
}
