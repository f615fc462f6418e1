/** Roles, users, identities and permissions. */
import type { IToken } from 'chevrotain';
import type { SourcePosition } from '../src/errors/index.ts';
import type * as ast from '../src/parser/ast/index.ts';
import { KeyspaceRules } from './keyspace-rules.ts';
import { nameOf, positionOf, stringValue } from './nodes.ts';
import * as t from './tokens.ts';
import { K } from './tokens.ts';

export abstract class RoleRules extends KeyspaceRules {
  /** A role's name: a name or a string. */
  readonly roleName = this.RULE('roleName', (): ast.RoleName => {
    const token = this.OR([{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.CONSUME(t.StringLiteral) }]);
    return this.ACTION(() => this.roleNameOf(token));
  });

  /** A user's name, which unlike a role's is no keyword and keeps its case. */
  readonly userName = this.RULE('userName', (): ast.RoleName => {
    const token = this.OR([
      { ALT: () => this.CONSUME(t.Identifier) },
      { ALT: () => this.CONSUME(t.StringLiteral) },
      { ALT: () => this.CONSUME(t.QuotedName) },
    ]);
    return this.ACTION(() => {
      if (token.tokenType === t.QuotedName) {
        this.fail('Quoted strings are are not supported for user names and USER is deprecated, please use ROLE', token);
      }
      const text = token.tokenType === t.StringLiteral ? stringValue(token.image) : token.image;
      return { kind: 'name', text, quoted: true, position: positionOf(token) };
    });
  });

  // ---- Roles ----

  readonly createRole = this.RULE('createRole', (position: SourcePosition): ast.CreateRoleStatement => {
    this.CONSUME(K.ROLE);
    const ifNotExists = this.SUBRULE(this.ifNotExists);
    const name = this.SUBRULE(this.roleName);
    return { kind: 'createRole', name, ifNotExists, options: this.SUBRULE(this.roleOptions), position };
  });

  readonly alterRole = this.RULE('alterRole', (position: SourcePosition): ast.AlterRoleStatement => {
    this.CONSUME(K.ROLE);
    const ifExists = this.SUBRULE(this.ifExists);
    const name = this.SUBRULE(this.roleName);
    return { kind: 'alterRole', name, ifExists, options: this.SUBRULE(this.roleOptions), position };
  });

  private readonly roleOptions = this.RULE('roleOptions', (): ast.RoleOption[] => {
    const options: ast.RoleOption[] = [];
    this.OPTION(() => {
      this.CONSUME(K.WITH);
      this.AT_LEAST_ONE_SEP({
        SEP: K.AND,
        DEF: () => {
          const option = this.SUBRULE(this.roleOption);
          this.ACTION(() => this.addRoleOption(options, option));
        },
      });
    });
    return options;
  });

  private readonly roleOption = this.RULE('roleOption', (): ast.RoleOption => {
    const position = positionOf(this.peek());
    return this.OR<ast.RoleOption>([
      {
        ALT: () => {
          const hashed = this.OPTION(() => this.CONSUME(K.HASHED)) !== undefined;
          this.CONSUME(K.PASSWORD);
          this.CONSUME1(t.Equals);
          const password = stringValue(this.CONSUME(t.StringLiteral).image);
          return { kind: 'rolePassword', hashed, password, position };
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.OPTIONS);
          this.CONSUME2(t.Equals);
          return { kind: 'roleOptions', options: this.SUBRULE(this.propertyMap), position };
        },
      },
      {
        ALT: () => {
          const flag = this.OR1<ast.RoleFlag['flag']>([
            { ALT: () => this.CONSUME(K.SUPERUSER) && 'superuser' },
            { ALT: () => this.CONSUME(K.LOGIN) && 'login' },
          ]);
          this.CONSUME3(t.Equals);
          const value = this.CONSUME(t.BooleanLiteral).image.toLowerCase() === 'true';
          return { kind: 'roleFlag', flag, value, position };
        },
      },
      { ALT: () => this.SUBRULE(this.accessOption) },
    ]);
  });

  private readonly accessOption = this.RULE('accessOption', (): ast.RoleDatacenters | ast.RoleCidrs => {
    const position = positionOf(this.CONSUME(K.ACCESS));
    return this.OR<ast.RoleDatacenters | ast.RoleCidrs>([
      {
        ALT: () => {
          this.CONSUME(K.TO);
          const datacenters = this.OR1<'all' | string[]>([
            { ALT: () => this.CONSUME(K.ALL) && this.CONSUME1(K.DATACENTERS) && 'all' },
            { ALT: () => this.CONSUME2(K.DATACENTERS) && this.SUBRULE1(this.stringSet) },
          ]);
          return { kind: 'roleDatacenters', datacenters, position };
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.FROM);
          const cidrs = this.OR2<'all' | string[]>([
            { ALT: () => this.CONSUME2(K.ALL) && this.CONSUME1(K.CIDRS) && 'all' },
            { ALT: () => this.CONSUME2(K.CIDRS) && this.SUBRULE2(this.stringSet) },
          ]);
          return { kind: 'roleCidrs', cidrs, position };
        },
      },
    ]);
  });

  private readonly stringSet = this.RULE('stringSet', (): string[] => {
    const strings: string[] = [];
    this.CONSUME(t.LBrace);
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => strings.push(stringValue(this.CONSUME(t.StringLiteral).image)),
    });
    this.CONSUME(t.RBrace);
    return strings;
  });

  // ---- Users and identities ----

  readonly createUser = this.RULE('createUser', (position: SourcePosition): ast.CreateUserStatement => {
    this.CONSUME(K.USER);
    const ifNotExists = this.SUBRULE(this.ifNotExists);
    const name = this.SUBRULE(this.userName);
    const options = this.SUBRULE(this.userOptions);
    return this.ACTION(() => ({ kind: 'createUser', name, ifNotExists, ...options, position }));
  });

  readonly alterUser = this.RULE('alterUser', (position: SourcePosition): ast.AlterUserStatement => {
    this.CONSUME(K.USER);
    const ifExists = this.SUBRULE(this.ifExists);
    const name = this.SUBRULE(this.userName);
    const options = this.SUBRULE(this.userOptions);
    return this.ACTION(() => ({ kind: 'alterUser', name, ifExists, ...options, position }));
  });

  private readonly userOptions = this.RULE('userOptions', (): ast.UserOptions => {
    const password = this.OPTION1(() => {
      this.CONSUME(K.WITH);
      return this.SUBRULE(this.userPassword);
    });
    const superuser = this.OPTION2(() =>
      this.OR([{ ALT: () => this.CONSUME(K.SUPERUSER) && true }, { ALT: () => this.CONSUME(K.NOSUPERUSER) && false }]),
    );
    return { password, superuser };
  });

  private readonly userPassword = this.RULE('userPassword', (): ast.RolePassword => {
    const position = positionOf(this.peek());
    const hashed = this.OPTION(() => this.CONSUME(K.HASHED)) !== undefined;
    this.CONSUME(K.PASSWORD);
    const password = stringValue(this.CONSUME(t.StringLiteral).image);
    return { kind: 'rolePassword', hashed, password, position };
  });

  readonly addIdentity = this.RULE('addIdentity', (): ast.AddIdentityStatement => {
    const position = positionOf(this.CONSUME(K.ADD));
    this.CONSUME(K.IDENTITY);
    const ifNotExists = this.SUBRULE(this.ifNotExists);
    const identity = this.SUBRULE1(this.identityName);
    this.CONSUME(K.TO);
    this.CONSUME(K.ROLE);
    return { kind: 'addIdentity', identity, ifNotExists, role: this.SUBRULE2(this.identityName), position };
  });

  readonly identityName = this.RULE('identityName', (): string => {
    const token = this.OR([
      { ALT: () => this.CONSUME(t.Identifier) },
      { ALT: () => this.CONSUME(t.StringLiteral) },
      { ALT: () => this.CONSUME(t.QuotedName) },
    ]);
    return this.ACTION(() => {
      if (token.tokenType === t.QuotedName) this.fail('Quoted strings are are not supported for identity', token);
      return token.tokenType === t.StringLiteral ? stringValue(token.image) : token.image;
    });
  });

  // ---- GRANT, REVOKE, LIST ----

  readonly grant = this.RULE('grant', (): ast.GrantPermissionsStatement | ast.GrantRoleStatement => {
    const position = positionOf(this.CONSUME(K.GRANT));
    return this.OR<ast.GrantPermissionsStatement | ast.GrantRoleStatement>([
      {
        GATE: () => this.namesPermissions(K.TO),
        ALT: () => {
          const { permissions, resource } = this.SUBRULE(this.permissionsOnResource);
          this.CONSUME1(K.TO);
          return { kind: 'grantPermissions', permissions, resource, grantee: this.SUBRULE1(this.roleName), position };
        },
      },
      {
        ALT: () => {
          const role = this.SUBRULE2(this.roleName);
          this.CONSUME2(K.TO);
          return { kind: 'grantRole', role, grantee: this.SUBRULE3(this.roleName), position };
        },
      },
    ]);
  });

  readonly revoke = this.RULE('revoke', (): ast.RevokePermissionsStatement | ast.RevokeRoleStatement => {
    const position = positionOf(this.CONSUME(K.REVOKE));
    return this.OR<ast.RevokePermissionsStatement | ast.RevokeRoleStatement>([
      {
        GATE: () => this.namesPermissions(K.FROM),
        ALT: () => {
          const { permissions, resource } = this.SUBRULE(this.permissionsOnResource);
          this.CONSUME1(K.FROM);
          return { kind: 'revokePermissions', permissions, resource, revokee: this.SUBRULE1(this.roleName), position };
        },
      },
      {
        ALT: () => {
          const role = this.SUBRULE2(this.roleName);
          this.CONSUME2(K.FROM);
          return { kind: 'revokeRole', role, revokee: this.SUBRULE3(this.roleName), position };
        },
      },
    ]);
  });

  private readonly permissionsOnResource = this.RULE('permissionsOnResource', () => {
    const token = this.peek();
    const permissions = this.SUBRULE(this.permissions);
    this.CONSUME(K.ON);
    const resource = this.SUBRULE(this.resource);
    this.ACTION(() => this.checkApplicable(permissions, resource, token));
    return { permissions, resource };
  });

  private readonly permissions = this.RULE('permissions', (): 'all' | ast.Permission[] =>
    this.OR<'all' | ast.Permission[]>([
      {
        ALT: () => {
          this.CONSUME(K.ALL);
          this.OPTION1(() => this.CONSUME(K.PERMISSIONS));
          return 'all';
        },
      },
      {
        ALT: () => {
          const list: ast.Permission[] = [];
          this.AT_LEAST_ONE_SEP({
            SEP: t.Comma,
            DEF: () => {
              list.push(this.SUBRULE(this.permission));
              this.OPTION2(() => this.CONSUME(K.PERMISSION));
            },
          });
          return list;
        },
      },
    ]),
  );

  private readonly permission = this.RULE('permission', (): ast.Permission => {
    const token = this.OR([
      { ALT: () => this.CONSUME(K.CREATE) },
      { ALT: () => this.CONSUME(K.ALTER) },
      { ALT: () => this.CONSUME(K.DROP) },
      { ALT: () => this.CONSUME(K.SELECT) },
      { ALT: () => this.CONSUME(K.MODIFY) },
      { ALT: () => this.CONSUME(K.AUTHORIZE) },
      { ALT: () => this.CONSUME(K.DESCRIBE) },
      { ALT: () => this.CONSUME(K.EXECUTE) },
      { ALT: () => this.CONSUME(K.UNMASK) },
      { ALT: () => this.CONSUME(K.SELECT_MASKED) },
    ]);
    // The permissions are spelt as their keywords.
    return this.ACTION(() => token.image.toLowerCase() as ast.Permission);
  });

  private readonly resource = this.RULE('resource', (): ast.Resource => {
    const position = positionOf(this.peek());
    return this.OR<ast.Resource>([
      {
        GATE: () => this.LA(2).tokenType !== t.Dot && this.LA(2).tokenType !== K.TO,
        ALT: () => {
          this.CONSUME(K.ALL);
          return this.SUBRULE(this.allResource, { ARGS: [position] });
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.KEYSPACE);
          return { kind: 'keyspaceResource', keyspace: this.SUBRULE(this.keyspaceName), position };
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.TABLE);
          return { kind: 'tableResource', table: this.SUBRULE1(this.tableName), position };
        },
      },
      {
        GATE: () => this.namesPart(),
        ALT: () => {
          this.CONSUME(K.ROLE);
          return { kind: 'roleResource', role: this.SUBRULE(this.roleName), position };
        },
      },
      {
        GATE: () => this.namesPart(),
        ALT: () => {
          this.CONSUME(K.FUNCTION);
          const name = this.SUBRULE(this.functionName);
          return { kind: 'functionResource', function: name, argumentTypes: this.SUBRULE(this.typeList), position };
        },
      },
      {
        GATE: () => this.namesPart(),
        ALT: () => {
          const pattern = this.OR1<boolean>([
            { ALT: () => this.CONSUME(K.MBEAN) && false },
            { ALT: () => this.CONSUME(K.MBEANS) && true },
          ]);
          const token = this.CONSUME(t.StringLiteral);
          return this.ACTION(() => {
            const name = stringValue(token.image);
            this.checkBeanName(name, pattern, token);
            return { kind: 'mbeanResource', name, pattern, position };
          });
        },
      },
      { ALT: () => ({ kind: 'tableResource', table: this.SUBRULE2(this.tableName), position }) },
    ]);
  });

  private readonly allResource = this.RULE(
    'allResource',
    (position: SourcePosition): ast.Resource =>
      this.OR<ast.Resource>([
        { ALT: () => this.CONSUME(K.KEYSPACES) && { kind: 'allKeyspaces', position } },
        {
          ALT: () => {
            this.CONSUME(K.TABLES);
            this.CONSUME1(K.IN);
            this.CONSUME1(K.KEYSPACE);
            return { kind: 'allTables', keyspace: this.SUBRULE1(this.keyspaceName), position };
          },
        },
        { ALT: () => this.CONSUME(K.ROLES) && { kind: 'allRoles', position } },
        {
          ALT: () => {
            this.CONSUME(K.FUNCTIONS);
            const keyspace = this.OPTION(() => {
              this.CONSUME2(K.IN);
              this.CONSUME2(K.KEYSPACE);
              return this.SUBRULE2(this.keyspaceName);
            });
            return { kind: 'allFunctions', keyspace, position };
          },
        },
        { ALT: () => this.CONSUME(K.MBEANS) && { kind: 'allMBeans', position } },
      ]),
  );

  readonly list = this.RULE(
    'list',
    (): ast.ListRolesStatement | ast.ListUsersStatement | ast.ListPermissionsStatement => {
      const position = positionOf(this.CONSUME(K.LIST));
      return this.OR<ast.ListRolesStatement | ast.ListUsersStatement | ast.ListPermissionsStatement>([
        {
          ALT: () => {
            this.CONSUME(K.ROLES);
            const of = this.SUBRULE1(this.ofRole);
            return { kind: 'listRoles', of, noRecursive: this.SUBRULE1(this.noRecursive), position };
          },
        },
        { ALT: () => this.CONSUME(K.USERS) && { kind: 'listUsers', position } },
        {
          ALT: () => {
            const permissions = this.SUBRULE(this.permissions);
            const resource = this.OPTION(() => {
              this.CONSUME(K.ON);
              return this.SUBRULE(this.resource);
            });
            const of = this.SUBRULE2(this.ofRole);
            const noRecursive = this.SUBRULE2(this.noRecursive);
            return { kind: 'listPermissions', permissions, resource, of, noRecursive, position };
          },
        },
      ]);
    },
  );

  private readonly ofRole = this.RULE('ofRole', (): ast.RoleName | undefined =>
    this.OPTION(() => {
      this.CONSUME(K.OF);
      return this.SUBRULE(this.roleName);
    }),
  );

  private readonly noRecursive = this.RULE('noRecursive', (): boolean => {
    let found = false;
    this.OPTION(() => {
      this.CONSUME(K.NORECURSIVE);
      found = true;
    });
    return found;
  });

  // ---- Decisions and actions ----

  /** After GRANT or REVOKE: permissions, and not a role of such a name, which TO or FROM would follow at once. */
  private namesPermissions(connective: typeof K.TO): boolean {
    return this.LA(2).tokenType !== connective;
  }

  /** Whether ROLE, FUNCTION… is the keyword, because what it names follows, and not a table of that name. */
  private namesPart(): boolean {
    const next = this.LA(2);
    return next.tokenType === t.StringLiteral || t.isNameType(next.tokenType);
  }

  private roleNameOf(token: IToken): ast.RoleName {
    if (token.tokenType !== t.StringLiteral) return nameOf(token);
    return { kind: 'name', text: stringValue(token.image), quoted: true, position: positionOf(token) };
  }

  private addRoleOption(list: ast.RoleOption[], next: ast.RoleOption): void {
    for (const earlier of list) {
      if (earlier.kind === 'rolePassword' && next.kind === 'rolePassword' && earlier.hashed !== next.hashed) {
        this.failAt("Options 'password' and 'hashed password' are mutually exclusive", next.position);
      }
      const key = roleOptionKey(next);
      if (key !== undefined && key === roleOptionKey(earlier)) {
        this.failAt(`Multiple definition for property '${key}'`, next.position);
      }
    }
    list.push(next);
  }

  private checkApplicable(permissions: 'all' | readonly ast.Permission[], resource: ast.Resource, token: IToken): void {
    if (permissions === 'all') return;
    const { type, applicable } = permissionsOf(resource);
    if (permissions.some((permission) => applicable.includes(permission))) return;
    this.fail(`Resource type ${type} does not support any of the requested permissions`, token);
  }

  /** The checks of Cassandra's parser short of JMX's own syntax. */
  private checkBeanName(name: string, pattern: boolean, token: IToken): void {
    if (name === '') this.fail('Empty JMX object name supplied', token);
    if (name === '*:*') this.fail('Please use ALL MBEANS instead of wildcard pattern', token);
    if (!/^[^:\n]*:.+=?/.test(name)) this.fail(`${name} is not a valid JMX object name`, token);
    if (pattern && !/[*?]/.test(name)) {
      this.fail(`Plural form used, but non-pattern JMX object name specified (${name})`, token);
    }
  }
}

/** Cassandra's name of an option that may stand once. */
function roleOptionKey(option: ast.RoleOption): string | undefined {
  switch (option.kind) {
    case 'rolePassword':
      return option.hashed ? 'HASHED_PASSWORD' : 'PASSWORD';
    case 'roleFlag':
      return option.flag.toUpperCase();
    case 'roleOptions':
      return 'OPTIONS';
    default:
      return undefined;
  }
}

const ON_TABLE = ['alter', 'drop', 'select', 'modify', 'authorize', 'unmask', 'select_masked'] as const;
const ON_KEYSPACE = ['create', ...ON_TABLE] as const;
const ON_ROLE = ['alter', 'drop', 'authorize', 'describe'] as const;
const ON_FUNCTION = ['alter', 'drop', 'authorize', 'execute'] as const;
const ON_BEAN = ['authorize', 'describe', 'execute', 'modify', 'select'] as const;

/** What may be granted on a resource (`IResource.applicablePermissions`), and Cassandra's name of its class. */
function permissionsOf(resource: ast.Resource): { type: string; applicable: readonly ast.Permission[] } {
  switch (resource.kind) {
    case 'allKeyspaces':
    case 'keyspaceResource':
    case 'allTables':
      return { type: 'DataResource', applicable: ON_KEYSPACE };
    case 'tableResource':
      return { type: 'DataResource', applicable: ON_TABLE };
    case 'allRoles':
      return { type: 'RoleResource', applicable: ['create', ...ON_ROLE] };
    case 'roleResource':
      return { type: 'RoleResource', applicable: ON_ROLE };
    case 'allFunctions':
      return { type: 'FunctionResource', applicable: ['create', ...ON_FUNCTION] };
    case 'functionResource':
      return { type: 'FunctionResource', applicable: ON_FUNCTION };
    case 'allMBeans':
    case 'mbeanResource':
      return { type: 'JMXResource', applicable: ON_BEAN };
  }
}
