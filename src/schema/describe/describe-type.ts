import { cqlTypeName, quoteIdentifier, type UserType } from '../../types/index.ts';
import { qualifiedName } from './cql-writer.ts';
import type { DescribeOptions } from './options.ts';

/** `UserType.toCqlString` */
export function describeType(type: UserType, options: DescribeOptions = {}): string {
  const ifNotExists = options.ifNotExists ? 'IF NOT EXISTS ' : '';
  const fields = type.fields.map((field) => `    ${quoteIdentifier(field.name)} ${cqlTypeName(field.type)}`);
  return `CREATE TYPE ${ifNotExists}${qualifiedName(type.keyspace, type.name)} (\n${fields.join(',\n')}\n);`;
}
