import { crc32 } from 'node:zlib';
import { ByteCursor } from '../../../../bytes/index.ts';
import type { SSTableVersion } from '../../sstable-version.ts';
import { CHECKSUM_BYTES, MAX_PARTS, StatisticsPart } from './format.ts';
import { readStats } from './read-stats.ts';
import { readSerializationHeader } from './serialization-header.ts';
import type { Statistics } from './statistics.ts';

interface Part {
  readonly ordinal: number;
  readonly start: number;
  readonly end: number;
}

/** Parses Statistics.db; a CorruptionError names the file and the offset of what cannot be. */
export function readStatistics(bytes: Uint8Array, version: SSTableVersion, file: string): Statistics {
  const parts = readParts(bytes, version, file);
  const cursorOf = (ordinal: number): ByteCursor | null => {
    const part = parts.find((candidate) => candidate.ordinal === ordinal);
    return part === undefined ? null : new ByteCursor(bytes, part.start, part.end, file);
  };
  const stats = cursorOf(StatisticsPart.STATS);
  const header = cursorOf(StatisticsPart.HEADER);
  if (stats === null || header === null) {
    return new ByteCursor(bytes, 0, bytes.length, file).fail('the statistics or the serialization header are missing');
  }
  const validation = cursorOf(StatisticsPart.VALIDATION);
  const compaction = cursorOf(StatisticsPart.COMPACTION);
  return {
    validation: validation && { partitioner: validation.shortUtf8(), filterFalsePositiveChance: validation.f64() },
    compaction: compaction && { cardinality: compaction.slice(compaction.i32()) },
    stats: readStats(stats, version),
    header: readSerializationHeader(header, version),
  };
}

function readParts(bytes: Uint8Array, version: SSTableVersion, file: string): Part[] {
  const cursor = new ByteCursor(bytes, 0, bytes.length, file);
  const checksumBytes = version.hasMetadataChecksum ? CHECKSUM_BYTES : 0;
  const count = cursor.i32();
  if (count < 1 || count > MAX_PARTS) cursor.fail(`${count} parts in Statistics.db`);
  let crc = crc32(bytes.subarray(0, 4));
  if (version.hasMetadataChecksum) expectChecksum(cursor, crc);
  const tableStart = cursor.position;
  const entries: { ordinal: number; start: number }[] = [];
  for (let i = 0; i < count; i++) entries.push({ ordinal: cursor.i32(), start: cursor.i32() });
  crc = crc32(bytes.subarray(tableStart, cursor.position), crc);
  if (version.hasMetadataChecksum) expectChecksum(cursor, crc);
  return entries.map(({ ordinal, start }, i) => {
    const next = i + 1 < count ? entries[i + 1].start : bytes.length;
    const end = next - checksumBytes;
    if (start < cursor.position || end < start || next > bytes.length) {
      cursor.fail(`part ${ordinal} would be at ${start} to ${next} of ${bytes.length}`);
    }
    if (version.hasMetadataChecksum) {
      expectChecksum(new ByteCursor(bytes, end, next, file), crc32(bytes.subarray(start, end)));
    }
    return { ordinal, start, end };
  });
}

function expectChecksum(cursor: ByteCursor, actual: number): void {
  const stored = cursor.u32();
  if (stored !== actual) cursor.fail(`checksum is ${hex(actual)}, stored is ${hex(stored)}`);
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
