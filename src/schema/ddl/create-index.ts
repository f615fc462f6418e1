import type { CreateIndexStatement, IndexTarget as IndexTargetNode } from '../../parser/ast/index.ts';
import { type CqlType, quoteIdentifier } from '../../types/index.ts';
import { hasValidNameCharacters, MAX_NAME_LENGTH } from '../keyspace-names.ts';
import {
  type ColumnMetadata,
  compactValueColumn,
  findIndexedTable,
  type IndexMetadata,
  isCollectionType,
  isCompactTable,
  isCounterTable,
  isMultiCell,
  type KeyspaceMetadata,
  redefineTable,
  referencesDuration,
  type Schema,
  type TableMetadata,
  visibleColumn,
  withKeyspace,
  withTable,
} from '../model/index.ts';
import { didYouMean } from '../nearest-name.ts';
import { qualifiedName } from '../qualified-name.ts';
import { authorize } from './authorization.ts';
import { changed, type DdlContext, type DdlOutcome, unchanged } from './context.ts';
import { LEGACY_INDEX, SASI_CLASS } from './index-class.ts';
import { type IndexTargetKind, targetText } from './index-target.ts';
import { checkUserKeyspaceName, existingKeyspace, keyspaceOf } from './names.ts';
import { Properties } from './properties.ts';
import { invalid } from './refusal.ts';
import { tableData } from './resource-chain.ts';
import { SASI_WARNING } from './sasi-index.ts';
import { checkTable } from './table-validation.ts';

interface Target {
  readonly column: ColumnMetadata;
  readonly kind: IndexTargetKind;
}

/** CREATE INDEX (`CreateIndexStatement`, 5.0.8): 2i, SAI, SASI and other custom classes. */
export function createIndex(schema: Schema, statement: CreateIndexStatement, context: DdlContext): DdlOutcome {
  const properties = new Properties(statement.properties);
  const keyspaceName = keyspaceOf(statement.table, context);
  const className = implementation(statement);
  const tableName = statement.table.name.text;
  authorize(schema, context, 'alter', tableData(keyspaceName, tableName));
  checkUserKeyspaceName(keyspaceName);
  const options = indexOptions(properties, className);
  if (className === SASI_CLASS && !context.settings.sasiIndexes && !context.trusted) {
    throw invalid('SASI indexes are disabled. Enable in cassandra.yaml to use.');
  }
  const keyspace = existingKeyspace(schema, keyspaceName);
  const table = keyspace.tables.get(tableName) ?? keyspace.views.get(tableName);
  if (table === undefined) {
    throw invalid(`Table '${tableName}' doesn't exist`, {
      position: statement.table.position,
      suggestion: didYouMean(tableName, keyspace.tables.keys()),
    });
  }
  const warnings = className === SASI_CLASS ? [SASI_WARNING] : [];
  const given = statement.name?.text;
  if (given !== undefined && findIndexedTable(keyspace, given) !== undefined) {
    if (statement.ifNotExists) return unchanged(schema, warnings);
    throw invalid(`Index '${given}' already exists`, { position: statement.name?.position });
  }
  if (isCounterTable(table)) throw invalid("Secondary indexes on counter tables aren't supported");
  if (table.view !== undefined) throw invalid("Secondary indexes on materialized views aren't supported");
  const targets = checkTargets(table, statement.targets, className !== undefined);
  const index: IndexMetadata = {
    name: given ?? generatedName(keyspace, table, targets),
    kind: className === undefined ? 'COMPOSITES' : 'CUSTOM',
    options: new Map(options).set('target', targets.map((t) => targetText(t.column.name, t.kind)).join(', ')),
  };
  const equal = [...table.indexes.values()].find((other) => sameButName(other, index));
  if (equal !== undefined) {
    if (statement.ifNotExists) return unchanged(schema, warnings);
    throw invalid(`Index ${index.name} is a duplicate of existing index ${equal.name}`);
  }
  const indexed = redefineTable(table, { indexes: [...table.indexes.values(), index] });
  if (!context.trusted) warnings.unshift(...checkTable(indexed));
  return changed(
    withKeyspace(schema, withTable(keyspace, indexed)),
    { change: 'UPDATED', target: 'TABLE', keyspace: keyspaceName, name: tableName },
    warnings,
  );
}

/** The class after USING; undefined for the built-in index. CUSTOM without one asks for the default by its name. */
function implementation(statement: CreateIndexStatement): string | undefined {
  const using = statement.using ?? LEGACY_INDEX;
  return !statement.custom && using.toLowerCase() === LEGACY_INDEX ? undefined : using;
}

/** `IndexAttributes.validate` */
function indexOptions(properties: Properties, className: string | undefined): ReadonlyMap<string, string> {
  properties.checkKnown(['options']);
  if (className === undefined && !properties.isEmpty) {
    throw invalid('Cannot specify options for a non-CUSTOM index');
  }
  const options = properties.map('options') ?? new Map<string, string>();
  for (const reserved of ['class_name', 'target']) {
    if (options.has(reserved)) throw invalid(`Cannot specify ${reserved} as a CUSTOM option`);
  }
  return className === undefined ? options : new Map(options).set('class_name', className);
}

function checkTargets(table: TableMetadata, nodes: readonly IndexTargetNode[], custom: boolean): Target[] {
  const targets = nodes.map((node) => resolveTarget(table, node));
  if (targets.length === 0 && !custom) {
    throw invalid('Only CUSTOM indexes can be created without specifying a target column');
  }
  if (targets.length > 1) {
    if (!custom) throw invalid('Only CUSTOM indexes support multiple columns');
    const names = targets.map((target) => target.column.name);
    const twice = names.find((name, i) => names.indexOf(name) < i);
    if (twice !== undefined) throw invalid(`Duplicate column '${twice}' in index target list`);
  }
  for (const target of targets) checkTarget(table, target, custom);
  return targets;
}

function resolveTarget(table: TableMetadata, node: IndexTargetNode): Target {
  const name = node.column.text;
  const column = visibleColumn(table, name);
  if (column === undefined) {
    throw invalid(
      `Undefined column name ${quoteIdentifier(name)} in table ${qualifiedName(table.keyspace, table.name)}`,
      {
        position: node.position,
        suggestion: didYouMean(name, table.columns.keys()),
      },
    );
  }
  const kind = node.of === 'simple' && isCollectionType(column.type) ? 'values' : node.of;
  return { column, kind };
}

/** `CreateIndexStatement.validateIndexTarget` */
function checkTarget(table: TableMetadata, { column, kind }: Target, custom: boolean): void {
  const { name, type } = column;
  if (custom) checkCustomName(name);
  if (referencesDuration(type)) throw withDurations(type);
  if (isCompactTable(table)) {
    if (column.kind === 'partition_key' || column.kind === 'clustering') {
      throw invalid('Secondary indexes are not supported on PRIMARY KEY columns in COMPACT STORAGE tables');
    }
    if (compactValueColumn(table) === column) {
      throw invalid('Secondary indexes are not supported on compact value column of COMPACT STORAGE tables');
    }
  }
  if (column.kind === 'partition_key' && table.partitionKey.length === 1) {
    throw invalid(`Cannot create secondary index on the only partition key column ${name}`);
  }
  const collection = isCollectionType(type);
  const frozenCollection = collection && type.frozen;
  if (frozenCollection && kind !== 'full') {
    throw invalid(
      `Cannot create ${kind === 'simple' ? '' : kind}() index on frozen column ${name}. Frozen collections are ` +
        `immutable and must be fully indexed by using the 'full(${quoteIdentifier(name)})' modifier`,
    );
  }
  if (!frozenCollection && kind === 'full') throw invalid('full() indexes can only be created on frozen collections');
  if (!collection && kind !== 'simple') {
    throw invalid(`Cannot create ${kind}() index on ${name}. Non-collection columns only support simple indexes`);
  }
  if ((kind === 'keys' || kind === 'entries') && !(type.kind === 'map' && !type.frozen)) {
    throw invalid(`Cannot create index on ${kind} of column ${name} with non-map type`);
  }
  if (type.kind === 'udt' && isMultiCell(type)) throw invalid(`Cannot create index on non-frozen UDT column ${name}`);
}

function checkCustomName(name: string): void {
  if (!hasValidNameCharacters(name)) {
    throw invalid(`Column '${name}' contains non-alphanumeric-underscore characters`);
  }
  if (name.length > MAX_NAME_LENGTH) {
    throw invalid(`Column '${name}' is longer than the permissible name length of ${MAX_NAME_LENGTH} characters`);
  }
}

function withDurations(type: CqlType): Error {
  const on = 'Secondary indexes are not supported on';
  if (isCollectionType(type)) return invalid(`${on} collections containing durations`);
  // A user type is a tuple to Cassandra, and asked first.
  if (type.kind === 'tuple' || type.kind === 'udt') return invalid(`${on} tuples containing durations`);
  return invalid(`${on} duration columns`);
}

/** `table_column_idx`, with a number behind it while the keyspace has an index of that name. */
function generatedName(keyspace: KeyspaceMetadata, table: TableMetadata, targets: readonly Target[]): string {
  const middle = targets.length === 1 ? `_${targets[0].column.name}` : '';
  const base = `${table.name}${middle}_idx`.replaceAll(/\W/g, '');
  let name = base;
  for (let i = 1; findIndexedTable(keyspace, name) !== undefined; i++) name = `${base}_${i}`;
  return name;
}

function sameButName(a: IndexMetadata, b: IndexMetadata): boolean {
  if (a.kind !== b.kind || a.options.size !== b.options.size) return false;
  return [...a.options].every(([name, value]) => b.options.get(name) === value);
}
