/** Sorted, encoded, unflushed writes. */
export { Memtable, type MemtableSnapshot } from './memtable.ts';
