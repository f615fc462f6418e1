import { checkKeyspaceName, hasValidNameCharacters, MAX_TABLE_NAME_LENGTH } from '../keyspace-names.ts';
import { isCounterTable, isCounterType, type TableMetadata } from '../model/index.ts';
import { checkIndexes } from './index-validation.ts';
import { misconfigured } from './refusal.ts';
import { checkValues } from './table-options.ts';

/** What must hold of every table, however it came about (`TableMetadata.validate`, 5.0.8). Returns client warnings. */
export function checkTable(table: TableMetadata): string[] {
  checkKeyspaceName(table.keyspace, 'ConfigurationException');
  const { name } = table;
  if (!hasValidNameCharacters(name)) {
    throw refused(
      table,
      `Table name must not be empty or not contain non-alphanumeric-underscore characters (got "${name}")`,
    );
  }
  if (name.length > MAX_TABLE_NAME_LENGTH) {
    throw refused(
      table,
      `Table name must not be more than ${MAX_TABLE_NAME_LENGTH} characters long ` +
        `(got ${name.length} characters for "${name}")`,
    );
  }
  checkValues(table.options);
  const counter = isCounterTable(table);
  for (const column of [...table.statics, ...table.regulars]) {
    if (counter === isCounterType(column.type)) continue;
    throw refused(
      table,
      counter
        ? `Cannot have a non counter column ("${column.name}") in a counter table`
        : `Cannot have a counter column ("${column.name}") in a non counter table`,
    );
  }
  return checkIndexes(table);
}

function refused(table: TableMetadata, message: string): Error {
  return misconfigured(`${table.keyspace}.${table.name}: ${message}`);
}
