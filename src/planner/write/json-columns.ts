import { CorruptionError, CqlError } from '../../errors/index.ts';
import { hashMapOrder, identifierHash } from '../../schema/java-order.ts';
import { type ColumnMetadata, isMultiCell, type TableMetadata } from '../../schema/model/index.ts';
import {
  codecOf,
  freezeType,
  type JsonValue,
  NullInVectorError,
  PlainJsonError,
  parseJson,
  withCqlNames,
} from '../../types/index.ts';

/** Bytes, null, or a fault that is told only when the value is used: after the faults of all texts, and of the keys. */
export type JsonColumnValue = Uint8Array | null | NullInVectorError;

/** Values of the columns that the JSON of an INSERT names (`cql3/Json.parseJson`, 5.0.8); UTF-8 in. */
export function jsonColumns(table: TableMetadata, json: Uint8Array): Map<ColumnMetadata, JsonColumnValue> {
  const given = parseObject(Buffer.from(json).toString('utf8'));
  const values = new Map<ColumnMetadata, JsonColumnValue>();
  // Of several faults the one of the first column is told: Cassandra walks a HashMap.
  for (const name of hashMapOrder(table.columns.keys(), identifierHash)) {
    const column = table.columns.get(name);
    const value = given.get(name);
    given.delete(name);
    if (column === undefined || value === undefined) continue;
    values.set(column, value === null ? null : columnBytes(column, value));
  }
  const [unknown] = given.keys();
  if (unknown !== undefined) {
    throw CqlError.invalidRequest(`JSON values map contains unrecognized column: ${unknown}`);
  }
  return values;
}

function parseObject(text: string): Map<string, JsonValue> {
  let parsed: JsonValue;
  try {
    parsed = parseJson(text);
  } catch (error) {
    if (!(error instanceof CqlError)) throw error;
    throw CqlError.invalidRequest(`Could not decode JSON string as a map: ${error.message}. (String was: ${text})`);
  }
  if (parsed === null) throw CqlError.invalidRequest('Got null for INSERT JSON values');
  if (!(parsed instanceof Map)) {
    throw CqlError.invalidRequest(`Could not decode JSON string as a map: not an object. (String was: ${text})`);
  }
  return new Map(withCqlNames(parsed));
}

function columnBytes(column: ColumnMetadata, value: JsonValue): JsonColumnValue {
  try {
    const type = isMultiCell(column.type) ? freezeType(column.type) : column.type;
    return codecOf(type).fromJson(value);
  } catch (error) {
    if (error instanceof NullInVectorError) return error;
    if (error instanceof PlainJsonError) throw error;
    if (!(error instanceof CqlError) && !(error instanceof CorruptionError)) throw error;
    throw CqlError.invalidRequest(`Error decoding JSON value for ${column.name}: ${error.message}`);
  }
}
