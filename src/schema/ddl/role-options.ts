import type { RoleOption, RolePassword, UserOptions } from '../../parser/ast/index.ts';
import type { DdlContext } from './context.ts';
import { hashPassword, isPasswordHash } from './password.ts';
import { invalid, malformed } from './refusal.ts';

const ROLE_MANAGER = 'org.apache.cassandra.auth.CassandraRoleManager';

/** What WITH says of a role; what it does not say is undefined. */
export interface RoleSettings {
  readonly superuser: boolean | undefined;
  readonly login: boolean | undefined;
  readonly saltedHash: string | undefined;
  readonly datacenters: 'all' | readonly string[] | undefined;
  readonly isEmpty: boolean;
  /** `RoleOptions.validate`: done once the user is known to be allowed to. */
  check(): void;
  checkDatacenters(): void;
}

/** Options of CREATE and ALTER ROLE. Throws a SyntaxException when one is given twice. */
export function readRoleOptions(options: readonly RoleOption[], context: DdlContext): RoleSettings {
  const names = new Set<string>();
  let superuser: boolean | undefined;
  let login: boolean | undefined;
  let password: RolePassword | undefined;
  let datacenters: 'all' | readonly string[] | undefined;
  for (const option of options) {
    const name = optionName(option);
    if (names.has(name)) {
      throw malformed(`Multiple definition for property '${name}'`, { position: option.position });
    }
    names.add(name);
    if (option.kind === 'rolePassword') password = option;
    else if (option.kind === 'roleDatacenters') datacenters = option.datacenters;
    else if (option.kind === 'roleFlag' && option.flag === 'superuser') superuser = option.value;
    else if (option.kind === 'roleFlag') login = option.value;
  }
  if (names.has('PASSWORD') && names.has('HASHED PASSWORD')) {
    throw malformed("Options 'password' and 'hashed password' are mutually exclusive");
  }
  return settings({ superuser, login, password, datacenters }, names, context);
}

/** Options of CREATE and ALTER USER. */
export function readUserOptions(
  { password, superuser }: UserOptions,
  context: DdlContext,
  defaultSuperuser: boolean | undefined,
): RoleSettings {
  const names = new Set<string>();
  if (password !== undefined) names.add(optionName(password));
  if (superuser !== undefined) names.add('SUPERUSER');
  const given = { superuser: superuser ?? defaultSuperuser, login: undefined, password, datacenters: undefined };
  return settings(given, names, context);
}

/** LIST ROLES' datacenters column. */
export function datacentersText(datacenters: 'all' | readonly string[]): string {
  return datacenters === 'all' ? 'ALL' : datacenters.join(', ');
}

interface Given {
  readonly superuser: boolean | undefined;
  readonly login: boolean | undefined;
  readonly password: RolePassword | undefined;
  readonly datacenters: 'all' | readonly string[] | undefined;
}

function settings(given: Given, names: ReadonlySet<string>, context: DdlContext): RoleSettings {
  const { password, datacenters } = given;
  const saltedHash =
    password === undefined ? undefined : password.hashed ? password.password : hashPassword(password.password);
  return {
    superuser: given.superuser,
    login: given.login,
    datacenters,
    saltedHash,
    isEmpty: names.size === 0,
    check: () => {
      for (const name of names) checkSupported(name, context);
      if (password?.hashed && !isPasswordHash(password.password)) {
        throw invalid('Invalid hashed password value. Please use jBcrypt.', { position: password.position });
      }
    },
    checkDatacenters: () => {
      if (datacenters === undefined || datacenters === 'all' || context.trusted) return;
      const known = context.settings.datacenters;
      if (known === null || datacenters.every((name) => known.has(name))) return;
      throw invalid(
        `Invalid value(s) for DATACENTERS '[${datacenters.join(', ')}]',All values must be valid datacenters`,
      );
    },
  };
}

/** `CassandraRoleManager.supportedOptions`: passwords only where they are asked for. */
function checkSupported(name: string, context: DdlContext): void {
  const password = name === 'PASSWORD' || name === 'HASHED PASSWORD';
  if (name === 'OPTIONS' || (password && !context.settings.authentication)) {
    throw invalid(`${ROLE_MANAGER} doesn't support ${name}`);
  }
}

function optionName(option: RoleOption): string {
  switch (option.kind) {
    case 'rolePassword':
      return option.hashed ? 'HASHED PASSWORD' : 'PASSWORD';
    case 'roleFlag':
      return option.flag.toUpperCase();
    case 'roleOptions':
      return 'OPTIONS';
    case 'roleDatacenters':
      return 'DATACENTERS';
    case 'roleCidrs':
      return 'CIDRS';
  }
}
