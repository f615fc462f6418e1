/**
 * Index.db, the partition index of the BIG format, in the order of the data (`io/sstable/format/big/RowIndexEntry` and
 * `io/sstable/IndexInfo`, 5.0.8).
 *
 *   entry         u16 key length, key, vint position in the uncompressed data, vint size of the row index (0: none)
 *   row index     vint length of the partition's header in the data, deletion, vint number of blocks,
 *                 blocks, then an i32 for each block: its offset from the first one
 *   block         first clustering, last clustering (u8 kind each), vint offset from the partition's beginning,
 *                 signed vint width - 64 KiB, u8 1 and a deletion when a range tombstone is open at its end, else u8 0
 */
export const WIDTH_BASE_BYTES = 64 * 1024;
export const OFFSET_BYTES = 4;
