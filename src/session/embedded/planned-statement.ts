import { CqlError } from '../../errors/index.ts';
import type { BindMarker, SelectStatement, Statement } from '../../parser/ast/index.ts';
import { type Extension, strictRefusal } from '../../parser/dialect.ts';
import { parse, parseSplit } from '../../parser/parse.ts';
import type { SplitStatement } from '../../parser/splitter.ts';
import {
  type CheckedBatch,
  type CheckedWrite,
  checkBatch,
  checkWrite,
  type MarkerSpecification,
  type PlanContext,
  type PlannedSelect,
  planStatement,
} from '../../planner/index.ts';
import type { PreparedStatement, ResultColumn } from '../session.ts';
import type { StatementTrace } from './statement-trace.ts';

/** A statement that is parsed and, where it is a SELECT or a write, checked against the schema and planned. */
export interface PlannedStatement {
  readonly text: string;
  readonly statement: Statement;
  readonly markers: readonly BindMarker[];
  readonly select: PlannedSelect | null;
  readonly write: CheckedWrite | CheckedBatch | null;
  /** Name and type of what each bind marker of a write is for. */
  readonly writeMarkers: readonly MarkerSpecification[];
  /** Explore mode: a line for each construct that Cassandra's grammar lacks. */
  readonly notes: readonly string[];
  /** Whether other statements of the same shape may run this plan with their own literals. */
  readonly isShareable: boolean;
}

export function planText(
  cql: string | SplitStatement,
  context: PlanContext,
  trace: StatementTrace | null = null,
): PlannedStatement {
  const parsed = typeof cql === 'string' ? parse(cql) : parseSplit(cql);
  trace?.('Parsed');
  const { statement, markers, extensions } = parsed;
  if (context.dialect === 'strict' && extensions.length > 0) throw strictRefusal(extensions[0]);
  const select = selectOf(statement);
  const writeMarkers: MarkerSpecification[] = [];
  const write = writeOf(statement, context, writeMarkers);
  const planned = select === null ? null : planStatement(select, context, usesExtensions(statement, extensions));
  // A SELECT with notes was planned around one literal that Cassandra refuses; another literal may need no notes.
  const isSharedSelect = select !== null && literalsStandInConditions(select) && planned?.checked.notes.length === 0;
  return {
    text: typeof cql === 'string' ? cql : cql.text,
    statement,
    markers,
    select: planned,
    write,
    writeMarkers,
    notes: extensions.map(({ feature }) => `Cassandra has no ${feature}`),
    isShareable: parsed.isShareable && (write !== null || isSharedSelect),
  };
}

function selectOf(statement: Statement): SelectStatement | null {
  if (statement.kind === 'select') return statement;
  return statement.kind === 'explain' && statement.statement.kind === 'select' ? statement.statement : null;
}

function writeOf(
  statement: Statement,
  context: PlanContext,
  markers: MarkerSpecification[],
): CheckedWrite | CheckedBatch | null {
  switch (statement.kind) {
    case 'insert':
    case 'update':
    case 'delete':
      return checkWrite(statement, context, markers);
    case 'batch':
      return checkBatch(statement, context, markers);
    case 'explain':
      return writeOf(statement.statement, context, markers);
    default:
      return null;
  }
}

/** Whether extensions other than EXPLAIN itself are used: the explained SELECT is planned as it would be alone. */
function usesExtensions(statement: Statement, extensions: readonly Extension[]): boolean {
  return extensions.some(({ feature }) => statement.kind !== 'explain' || !feature.startsWith('EXPLAIN'));
}

/** Whether literals stand in WHERE only. Elsewhere they decide on the names and types of columns, or on groups. */
function literalsStandInConditions({ selection, groupBy, orderBy, having }: SelectStatement): boolean {
  const isPlain =
    selection.kind === 'allColumns' || selection.selectors.every(({ expression }) => expression.kind === 'column');
  return isPlain && groupBy.length === 0 && orderBy.length === 0 && having === undefined;
}

export function resultColumns({ checked }: PlannedSelect): ResultColumn[] {
  const keyspace = checked.table?.keyspace ?? '';
  const table = checked.table?.name ?? '';
  if (checked.json) return [{ keyspace, table, name: '[json]', type: { kind: 'native', name: 'text' } }];
  return checked.selectors.map(({ name, expression, columnKind }) => {
    return { keyspace, table, name, type: expression.type, ...(columnKind === undefined ? {} : { kind: columnKind }) };
  });
}

/** What `Session.prepare` returns for a statement. */
export function describePrepared(cql: string, planned: PlannedStatement): PreparedStatement {
  if (planned.write !== null) return describeWrite(cql, planned, planned.write);
  const { select } = planned;
  const keyspace = select?.checked.table?.keyspace ?? '';
  const table = select?.checked.table?.name ?? '';
  const parameters = planned.markers.map((marker, i): ResultColumn => {
    const specification = select?.checked.markers[i];
    if (specification === undefined) throw CqlError.invalidRequest('A bind marker has no type here', marker);
    return { keyspace, table, name: marker.name?.text ?? specification.name, type: specification.type };
  });
  const columns = select === null ? [] : resultColumns(select);
  return { cql, parameters, columns, partitionKeyIndexes: select === null ? [] : keyIndexes(select) };
}

function describeWrite(cql: string, planned: PlannedStatement, write: CheckedWrite | CheckedBatch): PreparedStatement {
  const first = write.kind === 'batch' ? write.writes[0] : write;
  const keyspace = first?.table.keyspace ?? '';
  const table = first?.table.name ?? '';
  const parameters = planned.markers.map((marker, i): ResultColumn => {
    const specification = planned.writeMarkers[i];
    if (specification === undefined) throw CqlError.invalidRequest('A bind marker has no type here', marker);
    return { keyspace, table, name: marker.name?.text ?? specification.name, type: specification.type };
  });
  return { cql, parameters, columns: [], partitionKeyIndexes: write.kind === 'batch' ? [] : writeKeyIndexes(write) };
}

function writeKeyIndexes({ access }: CheckedWrite): number[] {
  if (access?.partitions.kind !== 'keys') return [];
  const indexes = access.partitions.components.map((component) => {
    const value = component.kind === 'values' && component.values.length === 1 ? component.values[0] : undefined;
    return value?.kind === 'marker' ? value.index : -1;
  });
  return indexes.includes(-1) ? [] : indexes;
}

/** The markers that are the partition key, if each of its columns is one. */
function keyIndexes({ checked }: PlannedSelect): number[] {
  const { table, restrictions } = checked;
  if (table === null || restrictions === null) return [];
  const indexes = table.partitionKey.map((column) => {
    const restriction = restrictions.partitionKey.of(column);
    const value = restriction?.kind === 'eq' ? restriction.values[0] : undefined;
    return value?.kind === 'marker' ? value.index : -1;
  });
  return indexes.includes(-1) ? [] : indexes;
}
