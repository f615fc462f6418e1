/** Of small SSTables, in chunks so small that partitions are cut. */
export const WRITER_OPTIONS = {
  directory: '/out',
  encodingStats: { minTimestampHi: 0, minTimestampLo: 0, minLocalSeconds: 0, minTtl: 0 },
  compression: new Map([
    ['class', 'LZ4Compressor'],
    ['chunk_length_in_kb', '1'],
  ]),
  estimatedKeys: 8,
};
