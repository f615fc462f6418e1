/**
 * The order in which Java's `HashMap` and `HashSet` iterate, for the few places where Cassandra shows it: messages that
 * list option names or columns, replication options and dropped columns in DESCRIBE.
 */

/** Keys in the order of a `HashMap` into which they were put one after another. */
export function hashMapOrder(keys: Iterable<string>, hash: (key: string) => number = stringHash): string[] {
  const unique = [...new Set(keys)];
  let capacity = 16;
  while (unique.length > capacity * 0.75) capacity *= 2;
  const bucket = (key: string): number => {
    const h = hash(key);
    return (h ^ (h >>> 16)) & (capacity - 1);
  };
  // Sorting is stable: keys of one bucket stay in the order they came.
  return unique.sort((a, b) => bucket(a) - bucket(b));
}

/** `String.hashCode`. */
export function stringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
}

/** `ByteBuffer.hashCode` of the text's UTF-8: the hash of a `ColumnIdentifier`. */
export function identifierHash(text: string): number {
  const bytes = Buffer.from(text);
  let hash = 1;
  for (let i = bytes.length - 1; i >= 0; i--) hash = (Math.imul(31, hash) + ((bytes[i] << 24) >> 24)) | 0;
  return hash;
}
