import { isSystemKeyspace } from '../keyspace-names.ts';
import type { Schema } from '../model/index.ts';
import { compareIgnoringCase, keyspaceElements } from './elements.ts';
import type { DescribeOptions } from './options.ts';

/** All user keyspaces as CQL, statements parted by an empty line (DESCRIBE SCHEMA as cqlsh prints it). */
export function describeSchema(schema: Schema, options: DescribeOptions = {}): string {
  const keyspaces = [...schema.keyspaces.values()]
    .filter((keyspace) => !isSystemKeyspace(keyspace.name) && !keyspace.virtual)
    .sort((a, b) => compareIgnoringCase(a.name, b.name));
  const texts = keyspaces.flatMap((keyspace) => keyspaceElements(keyspace).map((e) => e.describe(options)));
  return texts.map((text) => `${text}\n`).join('\n');
}
