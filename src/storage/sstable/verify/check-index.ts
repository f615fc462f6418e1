import { CorruptionError } from '../../../errors/index.ts';
import { BigRowIndex } from '../big/big-row-index.ts';
import type { IndexedPartition } from '../partition-index.ts';
import type { SSTableReader } from '../sstable-reader.ts';
import { findingOf, type Report } from './finding.ts';
import { keyOrder } from './key-order.ts';

/**
 * Walks the whole index: keys in order, positions that ascend, first and last key, the summary's samples, and of each row
 * index the blocks' order and places. Returns whether it could be walked to its end.
 */
export function checkIndex(reader: SSTableReader, report: Report): boolean {
  const file = reader.path(reader.version.format === 'bti' ? 'Partitions.db' : 'Index.db');
  const damage = (detail: string): void => report({ file, detail, place: { file } });
  try {
    const index = reader.index();
    const order = keyOrder(reader);
    let previous: { key: Uint8Array; position: number } | null = null;
    let first: Uint8Array | null = null;
    for (const entry of index.entries()) {
      first ??= entry.key;
      if (previous !== null) {
        if (order !== null && order(previous.key, entry.key) >= 0) {
          damage(`the entry at data position ${entry.dataPosition} is out of order`);
        }
        if (entry.dataPosition <= previous.position) {
          damage(`data position ${entry.dataPosition} stands behind ${previous.position}`);
        }
      }
      if (entry.dataPosition >= reader.dataLength)
        damage(`data position ${entry.dataPosition} is behind the data's end`);
      checkBlocks(reader, entry, damage);
      previous = { key: entry.key, position: entry.dataPosition };
    }
    checkEnds(reader, first, previous?.key ?? null, damage);
    return true;
  } catch (error) {
    if (!(error instanceof CorruptionError)) throw error;
    report(findingOf(error, file));
    return false;
  }
}

function checkBlocks(reader: SSTableReader, entry: IndexedPartition, damage: (detail: string) => void): void {
  if (!(entry.rowIndex instanceof BigRowIndex)) return;
  const { comparator } = reader;
  let end = -1;
  let previousLast = null;
  for (const block of entry.rowIndex.blocks()) {
    const where = `a block of the partition at ${entry.dataPosition}`;
    if (end >= 0 && block.offset !== end) damage(`${where} begins at ${block.offset}, the one before ends at ${end}`);
    if (block.width <= 0 || entry.dataPosition + block.offset + block.width > reader.dataLength) {
      damage(`${where} has ${block.width} bytes`);
    }
    if (comparator.compare(block.first, block.last) > 0) damage(`${where} ends before it begins`);
    if (previousLast !== null && comparator.compare(previousLast, block.first) >= 0) damage(`${where} is out of order`);
    end = block.offset + block.width;
    previousLast = block.last;
  }
}

function checkEnds(
  reader: SSTableReader,
  first: Uint8Array | null,
  last: Uint8Array | null,
  damage: (detail: string) => void,
): void {
  if (first === null || last === null) {
    damage('the index has no entries');
    return;
  }
  const index = reader.index();
  const { stats } = reader.statistics;
  for (const [name, stored, actual] of [
    ['first', index.firstKey, first],
    ['last', index.lastKey, last],
    ['first', stats.firstKey ?? first, first],
    ['last', stats.lastKey ?? last, last],
  ] as const) {
    if (Buffer.compare(stored, actual) !== 0) damage(`the ${name} key is stored as another one`);
  }
}
