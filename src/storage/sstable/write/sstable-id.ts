import { uuidUnitsOfMicros } from '../../../types/index.ts';

const UNITS_PER_SECOND = 10_000_000n;
const SECONDS_PER_DAY = 86_400n;

/** The sequence number after those of the given file names' SSTables. */
export function nextSequenceId(fileNames: Iterable<string>): string {
  let last = 0;
  for (const name of fileNames) {
    const match = /^[a-z]{2}-(\d+)-(?:big|bti)-/.exec(name);
    if (match !== null) last = Math.max(last, Number(match[1]));
  }
  return String(last + 1);
}

/**
 * An identifier from a version-1 UUID (`UUIDBasedSSTableId`, 5.0.8): in base 36 the days (4 digits), the seconds of the
 * day (4) and the units of 100 ns (5) of its time, then its low 64 bits, clock sequence and node (13).
 */
export function timeBasedId(microsSinceEpoch: bigint, clockAndNode: bigint): string {
  const units = uuidUnitsOfMicros(microsSinceEpoch);
  const seconds = units / UNITS_PER_SECOND;
  const digits = (value: bigint, width: number): string => value.toString(36).padStart(width, '0');
  const low = (clockAndNode & 0x3fffffffffffffffn) | 0x8000000000000000n;
  return `${digits(seconds / SECONDS_PER_DAY, 4)}_${digits(seconds % SECONDS_PER_DAY, 4)}_${digits(units % UNITS_PER_SECOND, 5)}${digits(low, 13)}`;
}
