/** Sorted, encoded, unflushed writes. */
export { Memtable } from './memtable.ts';
export { RemappedStream } from './remapped-stream.ts';
