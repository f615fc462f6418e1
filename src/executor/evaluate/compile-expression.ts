import { EMPTY_BYTES } from '../../bytes/index.ts';
import { CorruptionError, CqlError, unreachable } from '../../errors/index.ts';
import { literalBytes, operandsOf, type TypedExpression } from '../../planner/index.ts';
import { type CqlType, codecOf, collectionRanges, NULL_END, type TypeCodec } from '../../types/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { compileElement, compileField, compileSlice } from './collection-access.ts';
import { compileCondition } from './compile-condition.ts';
import { hiddenEntries } from './hidden-entries.ts';
import { packCounted, packElements, packEntries } from './pack-collection.ts';
import { compilePartTimes } from './part-times.ts';
import { recodedChoices, recodedElements } from './recoded-elements.ts';
import { NO_ROW, type RowReader } from './row-reader.ts';
import { elementKey, sliceRange } from './selected-parts.ts';

/** Computes an expression's serialized value for a row; null for NULL. */
export type Evaluator = (row: RowReader) => Uint8Array | null;

/** Makes an expression ready to run. Parts that read no row and always give the same value are computed only once. */
export function compileExpression(expression: TypedExpression, context: StatementContext): Evaluator {
  const evaluate = compile(expression, context);
  if (!isConstant(expression)) return evaluate;
  let known: Uint8Array | null | undefined;
  return () => {
    if (known === undefined) known = evaluate(NO_ROW);
    return known;
  };
}

/** The value of an expression that reads no row. */
export function evaluateConstant(expression: TypedExpression, context: StatementContext): Uint8Array | null {
  // A short cut for literals and markers, which most terms are: every write evaluates all of its terms.
  if (expression.kind === 'constant') return constantBytes(expression, context);
  if (expression.kind === 'marker') return markerBytes(expression, context);
  return compile(expression, context)(NO_ROW);
}

/** The bytes of a term; undefined for a marker that was not set. */
export function termValue(term: TypedExpression, context: StatementContext): Uint8Array | null | undefined {
  if (term.kind === 'marker' && context.values[term.index] === undefined) return undefined;
  return evaluateConstant(term, context);
}

function isConstant(expression: TypedExpression): boolean {
  if (expression.kind === 'input' || expression.kind === 'aggregate' || expression.kind === 'test') return false;
  if (expression.kind === 'call' && !expression.function.pure) return false;
  return operandsOf(expression).every(isConstant);
}

function compile(expression: TypedExpression, context: StatementContext): Evaluator {
  switch (expression.kind) {
    case 'constant': {
      const bytes = constantBytes(expression, context);
      return () => bytes;
    }
    case 'marker': {
      const bytes = markerBytes(expression, context);
      return () => bytes;
    }
    case 'input': {
      const { slot } = expression;
      return (row) => row.value(slot);
    }
    case 'call':
      return compileCall(expression, context);
    case 'elements': {
      const { type } = expression;
      const parts = expression.elements.map((part, i) => (part === null ? null : compilePart(type, part, i, context)));
      if (type.kind === 'list' && !isConstant(expression)) return (row) => packListOfColumns(parts, row);
      return (row) =>
        packElements(
          type,
          parts.map((part) => (part === null ? null : part(row))),
        );
    }
    case 'entries': {
      const parts = expression.entries.map(
        ([key, value]) => [compileExpression(key, context), compileExpression(value, context)] as const,
      );
      const { type } = expression;
      return (row) =>
        packEntries(
          type,
          parts.map(([key, value]) => [key(row), value(row)] as const),
        );
    }
    case 'field':
      return compileField(expression, compileExpression(expression.operand, context));
    case 'element':
      return compileElement(
        expression,
        compileExpression(expression.operand, context),
        elementKey(expression, context),
      );
    case 'slice':
      return compileSlice(
        expression,
        compileExpression(expression.operand, context),
        sliceRange(expression, context),
        hiddenEntries(expression, context),
      );
    case 'partTimes':
      return compilePartTimes(expression, context);
    case 'test': {
      const test = compileCondition(expression.condition, context);
      return (row) => {
        const result = test(row);
        return result === null ? null : result ? TRUE : FALSE;
      };
    }
    case 'aggregate':
      throw CqlError.invalidRequest(`An aggregate has no place here: ${expression.function.name}`);
    default:
      return unreachable(expression);
  }
}

/** A part of a literal. What a literal of a whole value leaves unset is refused; a UDT of many cells has an empty field then. */
function compilePart(type: CqlType, part: TypedExpression, i: number, context: StatementContext): Evaluator {
  if (part.kind !== 'marker' || termValue(part, context) !== undefined) return compileExpression(part, context);
  if (type.kind === 'tuple') throw CqlError.invalidRequest(`Invalid unset value for tuple field number ${i}`);
  if (type.kind === 'vector') throw CqlError.invalidRequest('null is not supported inside vectors');
  if (type.kind === 'udt' && type.frozen) {
    const { name } = type.fields[i];
    throw CqlError.invalidRequest(`Invalid unset value for field '${name}' of user defined type ${type.name}`);
  }
  return type.kind === 'udt' ? () => EMPTY_BYTES : compileExpression(part, context);
}

const TRUE = Uint8Array.of(1);
const FALSE = Uint8Array.of(0);

function constantBytes(
  { bytes, literal, type }: Extract<TypedExpression, { kind: 'constant' }>,
  { literals }: StatementContext,
): Uint8Array | null {
  if (literals === null || literal === undefined) return bytes;
  const given = literals[literal.slot];
  if (given === undefined) return bytes;
  const position = { line: 1, column: 0, offset: 0 };
  return literalBytes({ kind: 'literal', position, ...given, slot: literal.slot }, { name: literal.name, type });
}

function markerBytes(
  { index, type, name }: Extract<TypedExpression, { kind: 'marker' }>,
  { values }: StatementContext,
): Uint8Array | null {
  const value = values[index];
  if (value === undefined) {
    const column = name.replace(/^in\((.*)\)$/s, '$1');
    throw CqlError.invalidRequest(`Invalid unset value for column ${column}`);
  }
  if (value === null) return null;
  const isChoices = name.startsWith('in(');
  validateMarker(type, value, isChoices);
  return isChoices ? recodedChoices(type, value) : recodedElements(type, value);
}

/** A selected list keeps the nulls of its columns (`ListSelector`, 5.0.8), which no stored list has. */
function packListOfColumns(parts: readonly (Evaluator | null)[], row: RowReader): Uint8Array {
  return packCounted(parts.map((part) => (part === null ? null : part(row))));
}

/** The choices of IN. Null ones are let through: where they are used they are refused or ignored. */
function validateMarker(type: CqlType, value: Uint8Array, isChoices: boolean): void {
  try {
    if (isChoices && type.kind === 'list') validateChoices(codecOf(type.element), value);
    else codecOf(type).validate(value, 0, value.length);
  } catch (error) {
    // A malformed value here was sent by a client: an invalid request, and no damage of a file.
    if (error instanceof CorruptionError) throw CqlError.invalidRequest(error.message);
    throw error;
  }
}

function validateChoices(element: TypeCodec, list: Uint8Array): void {
  const ranges = collectionRanges(list, 0, list.length, 'list', 1);
  for (let i = 0; i < ranges.length; i += 2) {
    if (ranges[i + 1] !== NULL_END) element.validate(list, ranges[i], ranges[i + 1]);
  }
}

function compileCall(expression: Extract<TypedExpression, { kind: 'call' }>, context: StatementContext): Evaluator {
  const { function: called } = expression;
  for (const argument of expression.args) {
    if (argument.kind === 'marker' && context.values[argument.index] === undefined) {
      throw CqlError.invalidRequest(`Invalid unset value for argument in call to function ${called.name}`);
    }
  }
  const args = expression.args.map((argument) => compileExpression(argument, context));
  if (args.length === 1) {
    const [first] = args;
    const single: (Uint8Array | null)[] = [null];
    return (row) => {
      single[0] = first(row);
      return called.evaluate(single, context);
    };
  }
  return (row) =>
    called.evaluate(
      args.map((argument) => argument(row)),
      context,
    );
}
