export const SAI_CLASS = 'org.apache.cassandra.index.sai.StorageAttachedIndex';
export const SASI_CLASS = 'org.apache.cassandra.index.sasi.SASIIndex';
/** `USING 'legacy_local_table'`: the built-in index, as if nothing were said. */
export const LEGACY_INDEX = 'legacy_local_table';

/** Aliases of classes, in upper or lower case (`IndexMetadata.getIndexClassName`). */
export function indexClassName(name: string): string {
  switch (name.toLowerCase()) {
    case 'sai':
    case 'storageattachedindex':
      return SAI_CLASS;
    default:
      return name;
  }
}
