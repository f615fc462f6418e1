/** Sorted, encoded, unflushed writes. */
export { Memtable, type MemtableSnapshot } from './memtable.ts';
export { RemappedStream } from './remapped-stream.ts';
