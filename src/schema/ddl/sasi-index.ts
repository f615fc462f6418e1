import { type CqlType, cqlTypeName } from '../../types/index.ts';
import { hashMapOrder } from '../java-order.ts';
import { isMultiCell, type TableMetadata } from '../model/index.ts';
import { parseIndexTarget } from './index-target.ts';
import { parseJavaLong } from './properties.ts';
import { misconfigured } from './refusal.ts';

export const SASI_WARNING = 'SASI indexes are experimental and are not recommended for production use.';

const ANALYZER_PACKAGE = 'org.apache.cassandra.index.sasi.analyzer.';
/** Analyzers and the types that they take; NoOpAnalyzer takes any. */
const TEXT_ANALYZERS = ['StandardAnalyzer', 'NonTokenizingAnalyzer', 'DelimiterAnalyzer'];
const MODES = ['PREFIX', 'CONTAINS', 'SPARSE'];

/** `SASIIndex.validateOptions`, 5.0.8 */
export function checkSasiIndex(table: TableMetadata, options: ReadonlyMap<string, string>): void {
  const text = options.get('target');
  if (text === undefined) throw misconfigured('unknown target column');
  const target = parseIndexTarget(table, text);
  if (target === undefined) throw misconfigured(`failed to retrieve target column for: ${text}`);
  const { type, kind } = target.column;
  if (isMultiCell(type)) throw misconfigured('complex columns are not yet supported by SASI');
  if (kind === 'partition_key') throw misconfigured('partition key columns are not yet supported by SASI');
  const analyzer = options.get('analyzer_class');
  if (analyzer !== undefined) checkAnalyzer(analyzer, options, type);
  const mode = (options.get('mode') ?? 'PREFIX').toUpperCase();
  if (!MODES.includes(mode)) throw misconfigured(`Incorrect index mode: ${options.get('mode')}`);
  const flushMemory = options.get('max_compaction_flush_memory_in_mb');
  if (flushMemory !== undefined && parseJavaLong(flushMemory) === undefined) {
    const given = hashMapOrder(options.keys()).map((name) => `${name}=${options.get(name)}`);
    throw misconfigured(`Failed to validate custom indexer options: {${given.join(', ')}}`);
  }
  if (mode !== 'SPARSE') return;
  const literalOption = options.get('is_literal');
  if (literalOption === undefined ? isTextType(type) : literalOption.toLowerCase() === 'true') {
    throw misconfigured('SPARSE mode is only supported on non-literal columns.');
  }
  const analyzed = options.get('analyzed');
  if (analyzed === undefined ? analyzer !== undefined : analyzed.toLowerCase() === 'true') {
    throw misconfigured("SPARSE mode doesn't support analyzers.");
  }
}

function checkAnalyzer(className: string, options: ReadonlyMap<string, string>, type: CqlType): void {
  const name = className.startsWith(ANALYZER_PACKAGE) ? className.slice(ANALYZER_PACKAGE.length) : '';
  if (!TEXT_ANALYZERS.includes(name) && name !== 'NoOpAnalyzer') {
    throw misconfigured(`Invalid analyzer class option specified [${className}]`);
  }
  if (name !== 'NoOpAnalyzer' && !isTextType(type)) {
    throw misconfigured(`${name} does not support type ${cqlTypeName(type)}`);
  }
  const normalizes = options.has('normalize_lowercase') || options.has('normalize_uppercase');
  if (name === 'NonTokenizingAnalyzer' && options.has('case_sensitive') && normalizes) {
    throw misconfigured(
      'case_sensitive option cannot be specified together with either normalize_lowercase or normalize_uppercase',
    );
  }
}

function isTextType(type: CqlType): boolean {
  return type.kind === 'native' && (type.name === 'text' || type.name === 'ascii');
}
