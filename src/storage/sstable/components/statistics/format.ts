/**
 * Statistics.db (`io/sstable/metadata/MetadataSerializer`, 5.0.8). Parts stand in the order of their ordinals.
 *
 *   i32 number of parts [, i32 CRC32 of it]
 *   (i32 ordinal, i32 offset in the file)* [, i32 CRC32 of all before but the first CRC]
 *   (part [, i32 CRC32 of the part])*
 *
 * The checksums are there from version `na` on.
 */
export const StatisticsPart = {
  VALIDATION: 0,
  COMPACTION: 1,
  STATS: 2,
  HEADER: 3,
} as const;

export const CHECKSUM_BYTES = 4;
/** More parts than any version has: a count above it is damage. */
export const MAX_PARTS = 64;
