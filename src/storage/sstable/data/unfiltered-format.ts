/**
 * Rows and range tombstone markers on disk (`db/rows/UnfilteredSerializer` and `db/rows/Cell.Serializer`, 5.0.8).
 *
 *   partition    u16 key length, key, deletion; [static row]; (row | marker)*; u8 END_OF_PARTITION
 *   static row   u8 flags (EXTENSION), u8 extended flags (IS_STATIC), body
 *   row          u8 flags, [u8 extended flags], clustering, body
 *   body         vint size of what follows it, vint size of the previous element,
 *                [liveness: timestamp, [TTL, local time]], [deletion: timestamp, local time], [columns], columns' data
 *   marker       u8 flags, u8 kind, u16 number of values, values; vint size of what follows it, vint size of the previous
 *                element, deletion (of a boundary: the one that ends, then the one that begins)
 *   columns      which of the header's columns are there; absent with HAS_ALL_COLUMNS
 *   simple       cell
 *   complex      [deletion], vint number of cells, cells
 *   cell         u8 flags, [timestamp], [local time], [TTL], [vint path length, path], [[vint length], value]
 *
 * Timestamps, local times and TTLs are unsigned vints of their difference from the header's minima. The size that stands
 * in a body counts from behind itself, so it includes the size of the previous element.
 */
export const UnfilteredFlag = {
  END_OF_PARTITION: 0x01,
  IS_MARKER: 0x02,
  HAS_TIMESTAMP: 0x04,
  HAS_TTL: 0x08,
  HAS_DELETION: 0x10,
  HAS_ALL_COLUMNS: 0x20,
  HAS_COMPLEX_DELETION: 0x40,
  EXTENSION: 0x80,
} as const;

export const ExtendedFlag = {
  IS_STATIC: 0x01,
  HAS_SHADOWABLE_DELETION: 0x02,
} as const;

export const CellFlag = {
  IS_DELETED: 0x01,
  IS_EXPIRING: 0x02,
  HAS_EMPTY_VALUE: 0x04,
  USE_ROW_TIMESTAMP: 0x08,
  USE_ROW_TTL: 0x10,
} as const;

/** Below this many columns a bitmap says which are missing. */
export const LARGE_SUBSET_COLUMNS = 64;
