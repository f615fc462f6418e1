import { type CqlType, cqlTypeName } from '../../types/index.ts';
import { mapLiteral } from '../describe/cql-writer.ts';
import { hashMapOrder } from '../java-order.ts';
import { isMultiCell, type TableMetadata } from '../model/index.ts';
import { indexClassName, SAI_CLASS } from './index-class.ts';
import { type ParsedTarget, parseIndexTarget } from './index-target.ts';
import { invalid, misconfigured } from './refusal.ts';

const ANALYZER_OPTIONS = ['case_sensitive', 'normalize', 'ascii'];
const VECTOR_OPTIONS = ['maximum_node_connections', 'construction_beam_width', 'similarity_function', 'optimize_for'];
const SIMILARITY_FUNCTIONS = ['EUCLIDEAN', 'DOT_PRODUCT', 'COSINE'];
const OPTIMIZATIONS = ['LATENCY', 'RECALL'];
const UNSUPPORTED_NATIVE_TYPES = ['blob', 'counter', 'duration', 'empty'];

const VECTOR_WARNING =
  'SAI ANN indexes on vector columns are experimental and are not recommended for production use.\n' +
  "They don't yet support SELECT queries with:\n" +
  ' * Consistency level higher than ONE/LOCAL_ONE.\n' +
  ' * Paging.\n' +
  ' * No LIMIT clauses.\n' +
  ' * PER PARTITION LIMIT clauses.\n' +
  ' * GROUP BY clauses.\n' +
  ' * Aggregation functions.\n' +
  ' * Filters on columns without a SAI index.';

/** `StorageAttachedIndex.validateOptions`, 5.0.8. Returns client warnings. */
export function checkSaiIndex(table: TableMetadata, options: ReadonlyMap<string, string>): string[] {
  const unknown = [...options.keys()].filter(
    (name) => name !== 'target' && !ANALYZER_OPTIONS.includes(name) && !VECTOR_OPTIONS.includes(name),
  );
  if (unknown.length > 0) {
    throw misconfigured(
      `Properties specified [${hashMapOrder(unknown).join(', ')}] are not understood by StorageAttachedIndex`,
    );
  }
  const target = checkTarget(table, options.get('target'));
  const analysis = new Map([...options].filter(([name]) => ANALYZER_OPTIONS.includes(name)));
  const { kind } = target.column;
  if ((kind === 'partition_key' || kind === 'clustering') && analysis.size > 0) {
    throw invalid(`Analysis options are not supported on primary key columns, but found ${mapLiteral(analysis)}`);
  }
  const indexed = indexedTypes(target);
  checkAnalysis(indexed, analysis);
  const similarity = checkVectorOptions(indexed, options);
  for (const type of indexed) {
    if (type.kind === 'native' && UNSUPPORTED_NATIVE_TYPES.includes(type.name)) {
      throw invalid(`Unsupported type: ${cqlTypeName(type)}`);
    }
    const opaque = type.kind === 'custom' && type.components === undefined;
    if (opaque || isMultiCell(type)) throw invalid(`Unsupported type: ${cqlTypeName(type)}`);
  }
  return checkVector(indexed, similarity);
}

function checkTarget(table: TableMetadata, text: string | undefined): ParsedTarget {
  if (text === undefined) throw invalid('Missing target column');
  if (text.split(',').length > 1) {
    throw invalid(`A storage-attached index cannot be created over multiple columns: ${text}`);
  }
  const target = parseIndexTarget(table, text);
  if (target === undefined) throw invalid(`Failed to retrieve target column for: ${text}`);
  const same = [...table.indexes.values()].filter((index) => {
    if (indexClassName(index.options.get('class_name') ?? '') !== SAI_CLASS) return false;
    const other = parseIndexTarget(table, index.options.get('target') ?? '');
    return other?.column.name === target.column.name && other.kind === target.kind;
  });
  if (same.length > 1) {
    throw invalid(`Cannot create more than one storage-attached index on the same column: ${target.column.name}`);
  }
  return target;
}

/** What terms are of: of collections their keys, values or both (entries), else the column's own type. */
function indexedTypes({ column, kind }: ParsedTarget): CqlType[] {
  const { type } = column;
  if (!isMultiCell(type)) return [type];
  switch (type.kind) {
    case 'list':
    case 'set':
      return [type.element];
    case 'map':
      if (kind === 'entries') return [type.key, type.value];
      return [kind === 'keys' ? type.key : type.value];
    default:
      return [type];
  }
}

function checkAnalysis(indexed: readonly CqlType[], analysis: ReadonlyMap<string, string>): void {
  if (analysis.size === 0) return;
  const type = indexed[0];
  const isText = indexed.length === 1 && type.kind === 'native' && (type.name === 'text' || type.name === 'ascii');
  if (!isText) throw invalid(`CQL type ${typeText(indexed)} cannot be analyzed.`);
  for (const [name, value] of analysis) {
    if (value === '') throw invalid(`Empty value for boolean option '${name}'`);
    if (!/^(true|false)$/i.test(value)) throw invalid(`Illegal value for boolean option '${name}': ${value}`);
  }
}

/** The similarity function that counts. */
function checkVectorOptions(indexed: readonly CqlType[], options: ReadonlyMap<string, string>): string {
  const given = VECTOR_OPTIONS.filter((name) => options.has(name));
  if (given.length === 0) return 'COSINE';
  if (indexed.length !== 1 || indexed[0].kind !== 'vector') {
    throw invalid(`CQL type ${typeText(indexed)} cannot have vector options`);
  }
  const disabled = 'cannot be set without enabling SAI_VECTOR_ALLOW_CUSTOM_PARAMETERS';
  if (options.has('maximum_node_connections')) throw invalid(`Maximum node connections ${disabled}`);
  if (options.has('construction_beam_width')) throw invalid(`Construction beam width ${disabled}`);
  // Cassandra does not know the index's name here.
  const similarity = (options.get('similarity_function') ?? 'COSINE').toUpperCase();
  if (!SIMILARITY_FUNCTIONS.includes(similarity)) {
    throw invalid(
      `Similarity function ${similarity} was not recognized for index null. ` +
        `Valid values are: ${SIMILARITY_FUNCTIONS.join(', ')}`,
    );
  }
  const optimization = (options.get('optimize_for') ?? 'LATENCY').toUpperCase();
  if (!OPTIMIZATIONS.includes(optimization)) {
    throw invalid(
      `optimize_for '${optimization}' was not recognized for index null. Valid values are: ${OPTIMIZATIONS.join(', ')}`,
    );
  }
  return similarity;
}

function checkVector(indexed: readonly CqlType[], similarity: string): string[] {
  const type = indexed[0];
  if (indexed.length !== 1 || type.kind !== 'vector') return [];
  if (type.element.kind !== 'native' || type.element.name !== 'float') {
    throw invalid('SAI ANN indexes are only allowed on vector columns with float elements');
  }
  if (type.dimensions === 1 && similarity === 'COSINE') {
    throw invalid('Cosine similarity is not supported for single-dimension vectors');
  }
  return [VECTOR_WARNING];
}

/** Entries are indexed as a composite of key and value. */
function typeText(indexed: readonly CqlType[]): string {
  return indexed.map(cqlTypeName).join(', ');
}
