import { CqlError } from '../errors/index.ts';
import type { BoundValue, ResultColumn } from '../session/session.ts';
import { type CqlValue, codecOf } from '../types/index.ts';

/** Values of bind markers: in order, or by name. `undefined` leaves a value unset. */
export type Parameters = readonly (CqlValue | undefined)[] | Readonly<Record<string, CqlValue | undefined>>;

/** Bytes of bound values. Throws CqlError InvalidRequest, which names the marker, for what its type does not take. */
export function encodeParameters(params: Parameters, columns: readonly ResultColumn[]): readonly BoundValue[] {
  if (isList(params)) {
    if (params.length !== columns.length) {
      throw CqlError.invalidRequest(
        `Invalid amount of bind variables: ${params.length} given, ${columns.length} expected`,
      );
    }
    return columns.map((column, i) => encode(params[i], column));
  }
  return columns.map((column) => {
    if (!Object.hasOwn(params, column.name)) {
      throw CqlError.invalidRequest(`no value for bind marker '${column.name}'`);
    }
    return encode(params[column.name], column);
  });
}

function isList(params: Parameters): params is readonly (CqlValue | undefined)[] {
  return Array.isArray(params);
}

function encode(value: CqlValue | undefined, { name, type }: ResultColumn): BoundValue {
  if (value === undefined || value === null) return value;
  try {
    return codecOf(type).encode(value);
  } catch (error) {
    if (error instanceof TypeError) throw CqlError.invalidRequest(`${name}: ${error.message}`);
    if (error instanceof CqlError) throw CqlError.invalidRequest(`${name}: ${error.message}`);
    throw error;
  }
}
