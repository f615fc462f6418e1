import { quoteIdentifier } from '../../types/index.ts';
import type { Schema } from '../model/index.ts';
import { quoteString } from './cql-writer.ts';

/**
 * Statements that make the roles again: each role, then who is granted which, then permissions. Passwords stand as salted
 * hashes.
 */
export function describeRoles(schema: Schema): string {
  const roles = [...schema.roles.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const statements: string[] = [];
  for (const role of roles) {
    const options = [`SUPERUSER = ${role.superuser}`, `LOGIN = ${role.login}`];
    if (role.saltedHash !== null) options.push(`HASHED PASSWORD = ${quoteString(role.saltedHash)}`);
    const datacenters = role.options.get('datacenters') ?? 'ALL';
    if (datacenters !== 'ALL') {
      options.push(`ACCESS TO DATACENTERS {${datacenters.split(', ').map(quoteString).join(', ')}}`);
    }
    statements.push(`CREATE ROLE ${quoteIdentifier(role.name)} WITH ${options.join(' AND ')};`);
  }
  for (const role of roles) {
    for (const parent of role.memberOf) {
      statements.push(`GRANT ${quoteIdentifier(parent)} TO ${quoteIdentifier(role.name)};`);
    }
  }
  for (const role of roles) {
    for (const [resource, permissions] of role.permissions) {
      const names = [...permissions].map((permission) => permission.toUpperCase()).join(', ');
      statements.push(`GRANT ${names} ON ${resourceCql(resource)} TO ${quoteIdentifier(role.name)};`);
    }
  }
  return statements.map((statement) => `${statement}\n\n`).join('');
}

/** A resource's name (`data/ks/table`, `functions/ks/f[int]`…) as GRANT takes it. */
function resourceCql(name: string): string {
  const [kind, first, ...rest] = name.split('/');
  const keyspace = first === undefined ? '' : quoteIdentifier(first);
  switch (kind) {
    case 'data':
      if (first === undefined) return 'ALL KEYSPACES';
      if (rest.length === 0) return `KEYSPACE ${keyspace}`;
      return rest[0] === '*' ? `ALL TABLES IN KEYSPACE ${keyspace}` : `TABLE ${keyspace}.${quoteIdentifier(rest[0])}`;
    case 'roles':
      return first === undefined ? 'ALL ROLES' : `ROLE ${keyspace}`;
    case 'functions': {
      if (first === undefined) return 'ALL FUNCTIONS';
      if (rest.length === 0) return `ALL FUNCTIONS IN KEYSPACE ${keyspace}`;
      const [fn, types] = rest.join('/').slice(0, -1).split('[');
      return `FUNCTION ${keyspace}.${quoteIdentifier(fn)}(${types})`;
    }
    default:
      return first === undefined ? 'ALL MBEANS' : `MBEAN ${quoteString([first, ...rest].join('/'))}`;
  }
}
