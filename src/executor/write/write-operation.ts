import { EMPTY_BYTES, int32At } from '../../bytes/index.ts';
import { CqlError, unreachable } from '../../errors/index.ts';
import type { Operation, TypedExpression } from '../../planner/index.ts';
import { type ColumnMetadata, isMultiCell } from '../../schema/model/index.ts';
import { incrementedCounter } from '../../storage/merge/index.ts';
import { type CqlType, codecOf, cqlTypeName } from '../../types/index.ts';
import { collectionParts, componentAt, termValue } from '../evaluate/index.ts';
import type { CellWriter } from './cell-writer.ts';
import type { CurrentCells } from './current-cells.ts';
import type { WriteContext } from './write-context.ts';

const MIN_LONG = -0x8000_0000_0000_0000n;

/**
 * Does one operation to the row at hand (`Operation.execute` and its kinds, 5.0.8). `current` holds the cells that the row
 * has now, for the operations that read; `increments`: how often a counter counts up.
 */
export function writeOperation(
  operation: Operation,
  cells: CellWriter,
  current: CurrentCells | null,
  context: WriteContext,
  increments = 1,
): void {
  const { column } = operation;
  switch (operation.kind) {
    case 'set': {
      const value = termValue(operation.value, context);
      if (value !== undefined) setColumn(column, value, cells, context);
      return;
    }
    case 'setEntry': {
      const key = given(operation.key, context, 'map key');
      const value = termValue(operation.value, context);
      if (value === null) cells.elementTombstone(column, key);
      else if (value !== undefined) cells.element(column, key, value);
      return;
    }
    case 'setIndex': {
      const index = given(operation.index, context, 'list index');
      const value = termValue(operation.value, context);
      const path = pathAt(index, elementsOf(current, column), 'set an element on');
      if (value === null) cells.elementTombstone(column, path);
      else if (value !== undefined) cells.element(column, path, value);
      return;
    }
    case 'setField': {
      const value = termValue(operation.value, context);
      if (value === null) cells.elementTombstone(column, fieldPath(operation.field));
      else if (value !== undefined) cells.element(column, fieldPath(operation.field), value);
      return;
    }
    case 'append': {
      const value = termValue(operation.value, context);
      if (value !== undefined && value !== null) addElements(column, value, cells, context);
      return;
    }
    case 'prepend': {
      const value = termValue(operation.value, context);
      if (value === undefined || value === null) return;
      const elements = collectionParts(value, false);
      const paths = context.listPaths.prepend(elements.length);
      elements.forEach((element, i) => {
        cells.element(column, paths[i], present(element));
      });
      return;
    }
    case 'add':
      addNumber(operation, cells, current, context, increments);
      return;
    case 'discardValues': {
      const value = termValue(operation.value, context);
      if (value === undefined || value === null) return;
      const unwanted = new Set(collectionParts(value, false).map((element) => keyText(present(element))));
      for (const { path, value: element } of elementsOf(current, column)) {
        if (unwanted.has(keyText(element))) cells.elementTombstone(column, path);
      }
      return;
    }
    case 'discardKeys': {
      const value = termValue(operation.value, context);
      if (value === undefined || value === null) return;
      for (const key of collectionParts(value, false)) cells.elementTombstone(column, present(key));
      return;
    }
    case 'deleteColumn':
      if (isMultiCell(column.type)) cells.deleteColumn(column);
      else cells.tombstone(column);
      return;
    case 'deleteIndex': {
      const index = termValue(operation.index, context);
      if (index === null) throw CqlError.invalidRequest('Invalid null value for list index');
      if (index === undefined) return;
      cells.elementTombstone(column, pathAt(index, elementsOf(current, column), 'delete an element from'));
      return;
    }
    case 'deleteKey': {
      if (column.type.kind === 'map') cells.elementTombstone(column, given(operation.key, context, 'map key'));
      else cells.elementTombstone(column, setElement(operation.key, context));
      return;
    }
    case 'deleteField':
      cells.elementTombstone(column, fieldPath(operation.field));
      return;
    default:
      unreachable(operation);
  }
}

/** `c = v`: null deletes; a multi-cell column loses what it held. */
export function setColumn(
  column: ColumnMetadata,
  value: Uint8Array | null,
  cells: CellWriter,
  context: WriteContext,
): void {
  if (!isMultiCell(column.type)) {
    if (value === null) cells.tombstone(column);
    else cells.value(column, value);
    return;
  }
  cells.overwriteColumn(column);
  if (value === null) return;
  addElements(column, value, cells, context);
}

function addElements(column: ColumnMetadata, value: Uint8Array, cells: CellWriter, context: WriteContext): void {
  const { type } = column;
  switch (type.kind) {
    case 'list':
      for (const element of collectionParts(value, false)) {
        cells.element(column, context.listPaths.append(), present(element));
      }
      return;
    case 'set':
      for (const element of collectionParts(value, false)) cells.element(column, present(element), EMPTY_BYTES);
      return;
    case 'map': {
      const parts = collectionParts(value, true);
      for (let i = 0; i < parts.length; i += 2) cells.element(column, present(parts[i]), present(parts[i + 1]));
      return;
    }
    case 'udt':
      type.fields.forEach((_, i) => {
        const field = componentAt(value, i);
        if (field !== null) cells.element(column, fieldPath(i), field);
      });
      return;
    default:
      throw CqlError.invalidRequest(`${column.name} of type ${cqlTypeName(type)} has no elements`);
  }
}

function addNumber(
  { column, value, sign }: Extract<Operation, { kind: 'add' }>,
  cells: CellWriter,
  current: CurrentCells | null,
  context: WriteContext,
  increments: number,
): void {
  const added = termValue(value, context);
  if (added === undefined) return;
  if (isCounter(column.type)) {
    if (added === null) throw CqlError.invalidRequest('Invalid null value for counter increment');
    const increment = new DataView(added.buffer, added.byteOffset, added.length).getBigInt64(0);
    if (sign === -1 && increment === MIN_LONG) {
      throw CqlError.invalidRequest(
        `The negation of ${increment} overflows supported counter precision (signed 8 bytes integer)`,
      );
    }
    const before = current?.value(column) ?? null;
    const delta = BigInt.asIntN(64, increment * BigInt(sign * increments));
    cells.value(column, incrementedCounter(context.counterId, before, delta, context.timestampMicros));
    return;
  }
  // Only under a condition: a number or text that is there grows; what is null stays null.
  const before = current?.value(column) ?? null;
  if (before === null || added === null) return;
  cells.value(column, sum(column.type, before, added));
}

function sum(type: CqlType, a: Uint8Array, b: Uint8Array): Uint8Array {
  const codec = codecOf(type);
  const left = codec.decode(a, 0, a.length);
  const right = codec.decode(b, 0, b.length);
  if (typeof left === 'string' && typeof right === 'string') return codec.encode(left + right);
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    const wide = type.kind === 'native' && type.name === 'varint';
    return codec.encode(wide ? left + right : BigInt.asIntN(64, left + right));
  }
  if (typeof left === 'number' && typeof right === 'number') return codec.encode(wrapped(type, left + right));
  throw CqlError.invalidRequest(`+= does not work on ${cqlTypeName(type)} yet`);
}

function wrapped(type: CqlType, value: number): number {
  if (type.kind !== 'native') return value;
  switch (type.name) {
    case 'tinyint':
      return (value << 24) >> 24;
    case 'smallint':
      return (value << 16) >> 16;
    case 'int':
      return value | 0;
    case 'float':
      return Math.fround(value);
    default:
      return value;
  }
}

/** An element of a set that was not set counts as the empty one (`Sets.ElementDiscarder`, 5.0.8). */
function setElement(term: TypedExpression, context: WriteContext): Uint8Array {
  const value = termValue(term, context);
  if (value === null) throw CqlError.invalidRequest('Invalid null set element');
  return value ?? EMPTY_BYTES;
}

function given(term: TypedExpression, context: WriteContext, what: string): Uint8Array {
  const value = termValue(term, context);
  if (value === null)
    throw CqlError.invalidRequest(`Invalid null ${what === 'list index' ? 'value for list index' : what}`);
  if (value === undefined) {
    throw CqlError.invalidRequest(`Invalid unset ${what === 'list index' ? 'value for list index' : what}`);
  }
  return value;
}

function pathAt(index: Uint8Array, elements: readonly { path: Uint8Array }[], doing: string): Uint8Array {
  if (elements.length === 0) throw CqlError.invalidRequest(`Attempted to ${doing} a list which is null`);
  const at = int32At(index, 0);
  if (at < 0 || at >= elements.length) {
    throw CqlError.invalidRequest(`List index ${at} out of bound, list has size ${elements.length}`);
  }
  return elements[at].path;
}

function elementsOf(current: CurrentCells | null, column: ColumnMetadata) {
  return current?.elements(column) ?? [];
}

/** A UDT field's cell path: its position as an int16. */
function fieldPath(index: number): Uint8Array {
  return Uint8Array.of(index >> 8, index & 0xff);
}

function present(value: Uint8Array | null): Uint8Array {
  if (value === null) throw CqlError.invalidRequest('null is not supported inside collections');
  return value;
}

function keyText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function isCounter(type: CqlType): boolean {
  return type.kind === 'native' && type.name === 'counter';
}
