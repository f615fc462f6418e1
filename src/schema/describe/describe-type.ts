import { cqlTypeName, isNativeTypeName, quoteIdentifier, type UserType } from '../../types/index.ts';
import { qualifiedName } from '../qualified-name.ts';
import type { DescribeOptions } from './options.ts';

/**
 * `UserType.toCqlString`. Cassandra forgets to quote a name that is also a native type's; with internals, which are there
 * to make the schema again, it is quoted.
 */
export function describeType(type: UserType, options: DescribeOptions = {}): string {
  const ifNotExists = options.ifNotExists ? 'IF NOT EXISTS ' : '';
  const fields = type.fields.map((field) => `    ${quoteIdentifier(field.name)} ${cqlTypeName(field.type)}`);
  const quoted = options.internals && isNativeTypeName(type.name);
  const name = quoted ? `${quoteIdentifier(type.keyspace)}."${type.name}"` : qualifiedName(type.keyspace, type.name);
  return `CREATE TYPE ${ifNotExists}${name} (\n${fields.join(',\n')}\n);`;
}
