import { hasValidNameCharacters } from '../keyspace-names.ts';
import type { IndexMetadata, TableMetadata } from '../model/index.ts';
import { indexClassName, SAI_CLASS, SASI_CLASS } from './index-class.ts';
import { misconfigured } from './refusal.ts';
import { checkSaiIndex } from './sai-index.ts';
import { checkSasiIndex } from './sasi-index.ts';

/** Checks all indexes of a table (`Indexes.validate`, 5.0.8). Returns client warnings. */
export function checkIndexes(table: TableMetadata): string[] {
  return [...table.indexes.values()].flatMap((index) => checkIndex(table, index));
}

function checkIndex(table: TableMetadata, index: IndexMetadata): string[] {
  if (!hasValidNameCharacters(index.name)) throw misconfigured(`Illegal index name ${index.name}`);
  if (index.kind !== 'CUSTOM') return [];
  const className = index.options.get('class_name');
  if (className === undefined) throw misconfigured(`Required option missing for index ${index.name} : class_name`);
  const wholeName = indexClassName(className);
  const options = new Map(index.options);
  options.delete('class_name');
  switch (wholeName) {
    case SAI_CLASS:
      return checkSaiIndex(table, options);
    case SASI_CLASS:
      checkSasiIndex(table, index.options);
      return [];
    default:
      if (wholeName.startsWith('java.lang.')) {
        throw misconfigured(`Specified Indexer class (${wholeName}) does not implement the Indexer interface`);
      }
      throw misconfigured(`Unable to find custom indexer class '${wholeName}'`);
  }
}
