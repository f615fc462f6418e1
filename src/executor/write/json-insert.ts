import { murmur3Token } from '../../bytes/index.ts';
import { CorruptionError, CqlError } from '../../errors/index.ts';
import type { CheckedWrite } from '../../planner/index.ts';
import { type ColumnMetadata, isMultiCell } from '../../schema/model/index.ts';
import type { DecoratedKey } from '../../storage/rows/index.ts';
import { codecOf, freezeType, type JsonValue, parseJson, withCqlNames } from '../../types/index.ts';
import { packPartitionKey } from '../access/partition-keys.ts';
import type { WriteContext } from './write-context.ts';
import { valueOf } from './write-operation.ts';

/** A row out of INSERT JSON: its key, and a value for each other column; undefined leaves a column as it is. */
export interface JsonRowValues {
  readonly key: DecoratedKey;
  readonly clustering: readonly Uint8Array[];
  readonly values: ReadonlyMap<ColumnMetadata, Uint8Array | null | undefined>;
}

/** Reads the JSON of an INSERT (`cql3/Json.parseJson`, 5.0.8). */
export function jsonRow({ table, json }: CheckedWrite, context: WriteContext): JsonRowValues {
  const text = json === null ? null : valueOf(json.value, context);
  if (json === null || text === null || text === undefined) {
    throw CqlError.invalidRequest('Got null for INSERT JSON values');
  }
  const given = parseObject(Buffer.from(text).toString('utf8'));
  const values = new Map<ColumnMetadata, Uint8Array | null | undefined>();
  for (const column of table.columns.values()) {
    const value = given.get(column.name);
    given.delete(column.name);
    if (value === undefined) values.set(column, json.otherwise === 'null' ? null : undefined);
    else values.set(column, value === null ? null : columnBytes(column, value));
  }
  const [unknown] = given.keys();
  if (unknown !== undefined) {
    throw CqlError.invalidRequest(`JSON values map contains unrecognized column: ${unknown}`);
  }
  const keyValue = (column: ColumnMetadata): Uint8Array => {
    const value = values.get(column);
    if (value === undefined) throw CqlError.invalidRequest(`Invalid unset value for column ${column.name}`);
    if (value === null) throw CqlError.invalidRequest(`Invalid null value in condition for column ${column.name}`);
    return value;
  };
  const key = packPartitionKey(table.partitionKey.map(keyValue));
  if (key.length === 0) throw CqlError.invalidRequest('Key may not be empty');
  return { key: { key, token: murmur3Token(key) }, clustering: table.clustering.map(keyValue), values };
}

function parseObject(text: string): Map<string, JsonValue> {
  let parsed: JsonValue;
  try {
    parsed = parseJson(text);
  } catch (error) {
    if (!(error instanceof CqlError)) throw error;
    throw CqlError.invalidRequest(`Could not decode JSON string as a map: ${error.message}. (String was: ${text})`);
  }
  if (!(parsed instanceof Map)) {
    throw CqlError.invalidRequest(`Could not decode JSON string as a map: not an object. (String was: ${text})`);
  }
  return new Map(withCqlNames(parsed));
}

function columnBytes(column: ColumnMetadata, value: JsonValue): Uint8Array {
  try {
    const type = isMultiCell(column.type) ? freezeType(column.type) : column.type;
    return codecOf(type).fromJson(value);
  } catch (error) {
    if (!(error instanceof CqlError) && !(error instanceof CorruptionError)) throw error;
    throw CqlError.invalidRequest(`Error decoding JSON value for ${column.name}: ${error.message}`);
  }
}
