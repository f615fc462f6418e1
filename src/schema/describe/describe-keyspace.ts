import { quoteIdentifier } from '../../types/index.ts';
import { copiedCapacity, hashMapOrder, stringHash } from '../java-order.ts';
import { isVirtualKeyspace } from '../keyspace-names.ts';
import type { KeyspaceMetadata } from '../model/index.ts';
import { quoteString } from './cql-writer.ts';
import type { DescribeOptions } from './options.ts';

const LOCATOR_PACKAGE = 'org.apache.cassandra.locator.';

/** `KeyspaceMetadata.toCqlString`: the keyspace alone, without what is in it. */
export function describeKeyspace(keyspace: KeyspaceMetadata, options: DescribeOptions = {}): string {
  const name = quoteIdentifier(keyspace.name);
  if (isVirtualKeyspace(keyspace.name)) {
    return (
      `/*\nWarning: Keyspace ${name} is a virtual keyspace and cannot be recreated with CQL.\n` +
      `Structure, for reference:\nVIRTUAL KEYSPACE ${name};\n*/`
    );
  }
  const ifNotExists = options.ifNotExists ? 'IF NOT EXISTS ' : '';
  const replication = replicationLiteral(keyspace.replication);
  return (
    `CREATE KEYSPACE ${ifNotExists}${name} WITH replication = ${replication}` +
    `  AND durable_writes = ${keyspace.durableWrites};`
  );
}

/** The class without its usual package, then the options as a Java map orders them. */
function replicationLiteral(replication: ReadonlyMap<string, string>): string {
  const strategy = replication.get('class') ?? '';
  const shortName = strategy.startsWith(LOCATOR_PACKAGE) ? strategy.slice(LOCATOR_PACKAGE.length) : strategy;
  const options = hashMapOrder(
    [...replication.keys()].filter((key) => key !== 'class'),
    stringHash,
    copiedCapacity(replication.size),
  );
  const entries = options.map((key) => `${quoteString(key)}: ${quoteString(replication.get(key) ?? '')}`);
  return `{${[`'class': ${quoteString(shortName)}`, ...entries].join(', ')}}`;
}
