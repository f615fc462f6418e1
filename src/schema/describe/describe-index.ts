import { quoteIdentifier } from '../../types/index.ts';
import type { IndexMetadata, TableMetadata } from '../model/index.ts';
import { qualifiedName } from '../qualified-name.ts';
import { mapLiteral, quoteString } from './cql-writer.ts';
import type { DescribeOptions } from './options.ts';

/** `IndexMetadata.toCqlString` */
export function describeIndex(table: TableMetadata, index: IndexMetadata, options: DescribeOptions = {}): string {
  const custom = index.kind === 'CUSTOM';
  const ifNotExists = options.ifNotExists ? 'IF NOT EXISTS ' : '';
  const target = index.options.get('target') ?? '';
  const head =
    `CREATE ${custom ? 'CUSTOM ' : ''}INDEX ${ifNotExists}${quoteIdentifier(index.name)} ` +
    `ON ${qualifiedName(table.keyspace, table.name)} (${target})`;
  if (!custom) return `${head};`;
  const rest = new Map(index.options);
  rest.delete('target');
  rest.delete('class_name');
  const using = ` USING ${quoteString(index.options.get('class_name') ?? '')}`;
  return rest.size === 0 ? `${head}${using};` : `${head}${using} WITH OPTIONS = ${mapLiteral(rest)};`;
}
