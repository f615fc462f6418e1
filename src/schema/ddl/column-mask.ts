import type { ColumnMask as ColumnMaskNode, Expression } from '../../parser/ast/index.ts';
import { type CqlType, cqlTypeName, toMarshalName } from '../../types/index.ts';
import { type ColumnMask, type Schema, sameType } from '../model/index.ts';
import type { DdlContext } from './context.ts';
import { isAssignable, literalBytes, literalText } from './literal-value.ts';
import { invalid } from './refusal.ts';

export interface MaskedColumn {
  readonly schema: Schema;
  readonly context: DdlContext;
  readonly keyspace: string;
  readonly table: string;
  readonly column: string;
  readonly type: CqlType;
}

const INT: CqlType = { kind: 'native', name: 'int' };
const TEXT: CqlType = { kind: 'native', name: 'text' };
const BLOB: CqlType = { kind: 'native', name: 'blob' };

/** A native masking function (`cql3/functions/masking`, 5.0.8): what stands after the column itself. */
interface MaskingFunction {
  /** As messages print the whole signature. */
  readonly signature: string;
  readonly parameters: (column: CqlType) => readonly CqlType[];
  readonly optional: number;
  readonly takes?: (column: CqlType) => boolean;
  readonly returns: (column: CqlType) => CqlType;
}

const same = (column: CqlType): CqlType => column;
const partial: Omit<MaskingFunction, 'signature'> = {
  parameters: () => [INT, INT, TEXT],
  optional: 1,
  takes: (column) => column.kind === 'native' && (column.name === 'text' || column.name === 'ascii'),
  returns: same,
};

const MASKING_FUNCTIONS: ReadonlyMap<string, MaskingFunction> = new Map<string, MaskingFunction>([
  ['mask_default', { signature: 'any', parameters: () => [], optional: 0, returns: same }],
  ['mask_null', { signature: 'any', parameters: () => [], optional: 0, returns: same }],
  ['mask_replace', { signature: 'any, any', parameters: (column) => [column], optional: 0, returns: same }],
  ['mask_hash', { signature: 'any, [text]', parameters: () => [TEXT], optional: 1, returns: () => BLOB }],
  ['mask_inner', { signature: '[text|varchar|ascii], int, int, [text]', ...partial }],
  ['mask_outer', { signature: '[text|varchar|ascii], int, int, [text]', ...partial }],
]);

/** Native functions without arguments that people try first; any other unknown name is "not found". */
const PARAMETERLESS_NATIVE_FUNCTIONS = new Set([
  'now',
  'uuid',
  'current_date',
  'current_time',
  'current_timestamp',
  'current_timeuuid',
]);

/** `ColumnMask.ensureEnabled` */
export function checkMaskingEnabled(context: DdlContext): void {
  if (context.settings.dataMasking || context.trusted) return;
  throw invalid(
    'Cannot mask columns because dynamic data masking is not enabled. You can enable it with the ' +
      'dynamic_data_masking_enabled property on cassandra.yaml',
  );
}

/** `MASKED WITH f(…)` of a column: finds the function, checks what it returns, serializes its arguments. */
export function resolveMask(mask: ColumnMaskNode, of: MaskedColumn): ColumnMask {
  const functionKeyspace = mask.function?.keyspace?.text;
  const name = mask.function?.name.text ?? 'mask_default';
  const text = `${mask.function?.keyspace ? `${functionKeyspace}.` : mask.function ? '' : 'system.'}${name}(${mask.arguments
    .map(literalText)
    .join(', ')})`;
  if (functionKeyspace === undefined || functionKeyspace === 'system') {
    const native = MASKING_FUNCTIONS.get(name);
    if (native !== undefined) return nativeMask(name, native, mask.arguments, text, of);
    if (PARAMETERLESS_NATIVE_FUNCTIONS.has(name)) {
      throw invalid(
        `Invalid number of arguments in call to function system.${name}: 0 required but ${mask.arguments.length + 1} provided`,
      );
    }
  }
  return userMask(functionKeyspace ?? of.keyspace, name, mask.arguments, text, of);
}

function nativeMask(
  name: string,
  native: MaskingFunction,
  args: readonly Expression[],
  text: string,
  of: MaskedColumn,
): ColumnMask {
  const parameters = native.parameters(of.type);
  if (args.length > parameters.length || args.length < parameters.length - native.optional) {
    throw invalid(`Invalid number of arguments for function system.${name}(${native.signature})`);
  }
  if (native.takes !== undefined && !native.takes(of.type)) {
    throw invalid(
      `Function system.${name} requires an argument of type [text|varchar|ascii], but found argument ` +
        `${toMarshalName(of.type)} of type ${cqlTypeName(of.type)}`,
    );
  }
  checkReturned(native.returns(of.type), text, of);
  return {
    functionKeyspace: 'system',
    functionName: name,
    arguments: args.map((arg, i) => ({ type: parameters[i], bytes: literalBytes(arg, parameters[i]) })),
  };
}

function userMask(
  functionKeyspace: string,
  name: string,
  args: readonly Expression[],
  text: string,
  of: MaskedColumn,
): ColumnMask {
  const functions = of.schema.keyspaces.get(functionKeyspace)?.functions ?? [];
  const found = functions.find(
    (fn) =>
      fn.name === name &&
      fn.argumentTypes.length === args.length + 1 &&
      sameType(thawed(fn.argumentTypes[0]), thawed(of.type)),
  );
  if (found === undefined) {
    throw invalid(
      `Unable to find masking function for ${of.column}, no declared function matches the signature ${text}`,
    );
  }
  if (functionKeyspace !== of.keyspace) {
    throw invalid(
      `Masking function ${text} doesn't belong to the same keyspace as the table ${of.keyspace}.${of.table}`,
    );
  }
  checkReturned(found.returnType, text, of);
  const types = found.argumentTypes.slice(1);
  args.forEach((arg, i) => {
    if (arg.kind !== 'literal' || isAssignable(arg.type, types[i])) return;
    throw invalid(
      `Type error: ${literalText(arg)} cannot be passed as argument ${i + 1} of function ` +
        `${functionKeyspace}.${name} of type ${cqlTypeName(types[i])}`,
      { position: arg.position },
    );
  });
  return {
    functionKeyspace,
    functionName: name,
    arguments: args.map((arg, i) => ({ type: types[i], bytes: literalBytes(arg, types[i]) })),
  };
}

function checkReturned(returned: CqlType, text: string, of: MaskedColumn): void {
  if (cqlTypeName(returned) === cqlTypeName(of.type)) return;
  throw invalid(
    `Masking function ${text} return type is ${cqlTypeName(returned)}. ` +
      `This is different to the type of the masked column ${of.column} of type ${cqlTypeName(of.type)}. ` +
      'Masking functions can only be attached to table columns if they return the same data type as the masked column.',
  );
}

function thawed(type: CqlType): CqlType {
  return 'frozen' in type ? { ...type, frozen: false } : type;
}
