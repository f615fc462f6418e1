import { compareUnsigned, int64, uint16At } from '../../../bytes/index.ts';
import type { TableMetadata } from '../../../schema/model/index.ts';
import { codecOf, compositeBytes } from '../../../types/index.ts';
import type { DecoratedKey } from '../../rows/index.ts';

/**
 * Partition keys as text, as sstabledump's `-k` and `-x` take them: of a composite key the values with `:` between, and
 * `\:` for a colon of a value (`CompositeType.getString` and `fromString`, 5.0.8).
 */
export function keyText(table: TableMetadata, key: Uint8Array): string {
  const codecs = table.partitionKey.map((column) => codecOf(column.type));
  if (codecs.length === 1) return codecs[0].toDisplayString(key, 0, key.length);
  const parts: string[] = [];
  let at = 0;
  for (let i = 0; i < codecs.length && at + 2 <= key.length; i++) {
    const end = Math.min(key.length, at + 2 + uint16At(key, at));
    parts.push(codecs[i].toDisplayString(key, at + 2, end).replaceAll(':', '\\:'));
    at = end + 1;
  }
  return parts.join(':');
}

/** Throws CqlError InvalidRequest when the text is not of the key's types. */
export function keyFromText(table: TableMetadata, text: string): Uint8Array {
  const codecs = table.partitionKey.map((column) => codecOf(column.type));
  if (codecs.length === 1) return codecs[0].fromString(text);
  const parts = text.split(/(?<!\\):/).map((part) => part.replaceAll('\\:', ':'));
  return compositeBytes(codecs.map((codec, i) => codec.fromString(parts[i] ?? '')));
}

export function compareKeys(a: DecoratedKey, b: DecoratedKey): number {
  const order = int64.compare(a.token.hi, a.token.lo, b.token.hi, b.token.lo);
  return order !== 0 ? order : compareUnsigned(a.key, 0, a.key.length, b.key, 0, b.key.length);
}
