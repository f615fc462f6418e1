import { EMPTY_BYTES } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import { type CheckedWrite, type JsonColumnValue, jsonColumns } from '../../planner/index.ts';
import type { ColumnMetadata } from '../../schema/model/index.ts';
import type { DecoratedKey } from '../../storage/rows/index.ts';
import { checkKeyLength, decoratedKey } from '../access/partition-keys.ts';
import { termValue } from '../evaluate/index.ts';
import type { WriteContext } from './write-context.ts';

/** A row out of INSERT JSON: its key, and a value for each other column; undefined leaves a column as it is. */
export interface JsonRowValues {
  readonly key: DecoratedKey;
  readonly clustering: readonly Uint8Array[];
  readonly values: ReadonlyMap<ColumnMetadata, JsonColumnValue | undefined>;
}

/** Reads the JSON of an INSERT (`cql3/Json.parseJson`, 5.0.8). */
export function jsonRow({ table, json }: CheckedWrite, context: WriteContext): JsonRowValues {
  const text = json === null ? null : termValue(json.value, context);
  if (json === null || text === null) throw CqlError.invalidRequest('Got null for INSERT JSON values');
  const given = jsonColumns(table, text ?? EMPTY_BYTES);
  const values = new Map<ColumnMetadata, JsonColumnValue | undefined>();
  for (const column of table.columns.values()) {
    const value = given.get(column);
    values.set(column, value === undefined && json.otherwise === 'null' ? null : value);
  }
  const keyValue = (column: ColumnMetadata): Uint8Array => {
    const value = values.get(column);
    if (value === undefined) throw CqlError.invalidRequest(`Invalid unset value for column ${column.name}`);
    if (value === null) throw CqlError.invalidRequest(`Invalid null value in condition for column ${column.name}`);
    if (value instanceof CqlError) throw value;
    return value;
  };
  const key = decoratedKey(table.partitionKey.map(keyValue));
  const clustering = table.clustering.map(keyValue);
  checkKeyLength(clustering);
  return { key, clustering, values };
}
