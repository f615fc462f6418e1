import { isSystemKeyspace } from '../keyspace-names.ts';
import type { Schema } from '../model/index.ts';
import { describeRoles } from './describe-roles.ts';
import { compareIgnoringCase, keyspaceElements } from './elements.ts';
import type { DescribeOptions } from './options.ts';

/**
 * What a database's `schema.cql` holds: all user keyspaces with internals, then the roles. `schemaFromCql` reads it back
 * to the same schema.
 */
export function durableSchemaText(schema: Schema): string {
  return describeSchema(schema, { internals: true }) + describeRoles(schema);
}

/** All user keyspaces as CQL, an empty line after each statement (DESCRIBE SCHEMA as cqlsh prints it). */
export function describeSchema(schema: Schema, options: DescribeOptions = {}): string {
  const keyspaces = [...schema.keyspaces.values()]
    .filter((keyspace) => !isSystemKeyspace(keyspace.name) && !keyspace.virtual)
    .sort((a, b) => compareIgnoringCase(a.name, b.name));
  const texts = keyspaces.flatMap((keyspace) => keyspaceElements(keyspace).map((e) => e.describe(options)));
  return texts.map((text) => `${text}\n\n`).join('');
}
