import { doubleToString } from '../../types/index.ts';
import { parseJavaDouble, parseJavaInt, parseJavaLong } from './properties.ts';
import { misconfigured } from './refusal.ts';

type Options = ReadonlyMap<string, string>;
type Unchecked = Map<string, string>;

/** What every strategy understands (`AbstractCompactionStrategy.validateOptions`, 5.0.8). */
export function checkCommonCompaction(options: Options, unchecked: Unchecked): void {
  const threshold = options.get('tombstone_threshold');
  if (threshold !== undefined) {
    const value = parseJavaDouble(threshold);
    if (value === undefined) throw notParsable(threshold, 'int (base10)', 'tombstone_threshold');
    if (value < 0) throw misconfigured(`tombstone_threshold must be greater than 0, but was ${value.toFixed(6)}`);
  }
  const interval = options.get('tombstone_compaction_interval');
  if (interval !== undefined) {
    const value = parseJavaLong(interval);
    if (value === undefined) throw notParsable(interval, 'int (base10)', 'tombstone_compaction_interval');
    if (value < 0n) throw misconfigured(`tombstone_compaction_interval must be greater than 0, but was ${value}`);
  }
  const uncheckedCompaction = options.get('unchecked_tombstone_compaction');
  if (uncheckedCompaction !== undefined && !isBoolean(uncheckedCompaction)) {
    throw misconfigured(
      `'unchecked_tombstone_compaction' should be either 'true' or 'false', not '${uncheckedCompaction}'`,
    );
  }
  const logAll = options.get('log_all');
  if (logAll !== undefined && !isBoolean(logAll)) {
    throw misconfigured(`'log_all' should either be 'true' or 'false', not ${logAll}`);
  }
  const enabled = options.get('enabled');
  if (enabled !== undefined && !isBoolean(enabled)) {
    throw misconfigured(`enabled should either be 'true' or 'false', not ${enabled}`);
  }
  for (const known of COMMON_OPTIONS) unchecked.delete(known);
}

const COMMON_OPTIONS = [
  'tombstone_threshold',
  'tombstone_compaction_interval',
  'unchecked_tombstone_compaction',
  'log_all',
  'enabled',
  'only_purge_repaired_tombstones',
  'provide_overlapping_tombstones',
];

/** `SizeTieredCompactionStrategyOptions.validateOptions` */
export function checkSizeTiered(options: Options, unchecked: Unchecked): void {
  const minSize = options.get('min_sstable_size');
  if (minSize !== undefined) {
    const value = parseJavaLong(minSize);
    if (value === undefined) throw notParsable(minSize, 'int (base10)', 'min_sstable_size');
    if (value < 0n) throw misconfigured(`min_sstable_size must be non negative: ${value}`);
  }
  const low = doubleOption(options, 'bucket_low', 0.5);
  const high = doubleOption(options, 'bucket_high', 1.5);
  if (high <= low) {
    throw misconfigured(
      `bucket_high value (${doubleToString(high)}) is less than or equal to the bucket_low value ` +
        `(${doubleToString(low)})`,
    );
  }
  for (const known of ['min_sstable_size', 'bucket_low', 'bucket_high', 'min_threshold', 'max_threshold']) {
    unchecked.delete(known);
  }
}

const MAX_LEVEL_COUNT = 9;
const MAX_LONG = 2n ** 63n - 1n;

/** `LeveledCompactionStrategy.validateOptions` */
export function checkLeveled(options: Options, unchecked: Unchecked): void {
  const sizeMib = positiveIntOption(options, 'sstable_size_in_mb', 1);
  const fanout = positiveIntOption(options, 'fanout_size', 10);
  const largestLevelBytes = BigInt(fanout) ** BigInt(MAX_LEVEL_COUNT - 1) * BigInt(sizeMib) * 1024n * 1024n;
  if (largestLevelBytes > MAX_LONG) {
    throw misconfigured(
      `At most ${MAX_LONG} bytes may be in a compaction level; ` +
        `your maxSSTableSize must be absurdly high to compute ${largestLevelBytes}`,
    );
  }
  for (const known of ['sstable_size_in_mb', 'fanout_size', 'single_sstable_uplevel']) unchecked.delete(known);
  checkSizeTiered(options, unchecked);
}

const TIME_UNITS = ['NANOSECONDS', 'MICROSECONDS', 'MILLISECONDS', 'SECONDS', 'MINUTES', 'HOURS', 'DAYS'];
const WINDOW_UNITS = ['MINUTES', 'HOURS', 'DAYS'];

/** `TimeWindowCompactionStrategyOptions.validateOptions` */
export function checkTimeWindow(options: Options, unchecked: Unchecked): void {
  const resolution = options.get('timestamp_resolution');
  if (resolution !== undefined && !TIME_UNITS.slice(0, 4).includes(resolution)) {
    throw misconfigured(`${resolution} is not valid for timestamp_resolution`);
  }
  const unit = options.get('compaction_window_unit');
  if (unit !== undefined && !WINDOW_UNITS.includes(unit)) {
    throw misconfigured(`${unit} is not valid for compaction_window_unit`);
  }
  const size = options.get('compaction_window_size');
  if (size !== undefined) {
    const value = parseJavaInt(size);
    if (value === undefined) throw notParsable(size, 'int (base10)', 'compaction_window_size');
    if (value < 1) throw misconfigured(`${value} must be greater than 1 for compaction_window_size`);
  }
  const frequency = options.get('expired_sstable_check_frequency_seconds');
  if (frequency !== undefined) {
    const value = parseJavaLong(frequency);
    if (value === undefined) throw notParsable(frequency, 'int (base10)', 'expired_sstable_check_frequency_seconds');
    if (value < 0n) {
      throw misconfigured(`expired_sstable_check_frequency_seconds must not be negative, but was ${value}`);
    }
  }
  checkUnsafeExpiration(options.get('unsafe_aggressive_sstable_expiration'));
  for (const known of TIME_WINDOW_OPTIONS) unchecked.delete(known);
  checkSizeTiered(options, unchecked);
}

const TIME_WINDOW_OPTIONS = [
  'compaction_window_size',
  'compaction_window_unit',
  'timestamp_resolution',
  'expired_sstable_check_frequency_seconds',
  'unsafe_aggressive_sstable_expiration',
];

function checkUnsafeExpiration(value: string | undefined): void {
  if (value === undefined) return;
  const name = 'unsafe_aggressive_sstable_expiration';
  if (!isBoolean(value)) throw misconfigured(`${name} is not 'true' or 'false' (${value})`);
  if (value.toLowerCase() === 'true') {
    throw misconfigured(
      `${name} is requested but not allowed, restart cassandra with ` +
        `-Dcassandra.allow_unsafe_aggressive_sstable_expiration=true to allow it`,
    );
  }
}

export function isBoolean(text: string): boolean {
  return /^(true|false)$/i.test(text);
}

export function notParsable(text: string, as: string, option: string): Error {
  return misconfigured(`${text} is not a parsable ${as} for ${option}`);
}

function doubleOption(options: Options, name: string, otherwise: number): number {
  const text = options.get(name);
  if (text === undefined) return otherwise;
  const value = parseJavaDouble(text);
  if (value === undefined) throw notParsable(text, 'float', name);
  return value;
}

function positiveIntOption(options: Options, name: string, otherwise: number): number {
  const text = options.get(name);
  if (text === undefined) return otherwise;
  const value = parseJavaInt(text);
  if (value === undefined) throw notParsable(text, 'int (base10)', name);
  if (value < 1) throw misconfigured(`${name} must be larger than 0, but was ${value}`);
  return value;
}
