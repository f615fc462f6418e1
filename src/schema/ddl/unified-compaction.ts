import { parseHumanReadableBytes, prettyPrintMemory } from '../model/human-size.ts';
import { isBoolean, notParsable } from './compaction-strategies.ts';
import { parseJavaDouble, parseJavaInt, parseJavaLong } from './properties.ts';
import { misconfigured } from './refusal.ts';

const GIB = 1024 ** 3;
const DEFAULT_TARGET_SSTABLE_BYTES = GIB;
const MIN_TARGET_SSTABLE_BYTES = 1024 ** 2;
const INCLUSION_METHODS = ['NONE', 'SINGLE', 'TRANSITIVE'];

/** `unified/Controller.validateOptions`, 5.0.8 */
export function checkUnified(_options: ReadonlyMap<string, string>, unchecked: Map<string, string>): void {
  const take = (name: string): string | undefined => {
    const value = unchecked.get(name);
    unchecked.delete(name);
    return value;
  };
  const scaling = take('scaling_parameters');
  if (scaling !== undefined) for (const parameter of scaling.split(',')) checkScaling(parameter.trim());
  checkPositiveInt(take('base_shard_count'), 'base_shard_count');
  const targetBytes = checkTargetSize(take('target_sstable_size'));
  checkFlushSize(take('flush_size_override'));
  const maxSstables = take('max_sstables_to_compact');
  if (maxSstables !== undefined && parseJavaInt(maxSstables) === undefined) {
    throw notParsable(maxSstables, 'int (base10)', 'max_sstables_to_compact');
  }
  checkFrequency(take('expired_sstable_check_frequency_seconds'));
  const unsafe = take('unsafe_aggressive_sstable_expiration');
  if (unsafe !== undefined && !isBoolean(unsafe)) {
    throw misconfigured(`unsafe_aggressive_sstable_expiration should either be 'true' or 'false', not ${unsafe}`);
  }
  const inclusion = take('overlap_inclusion_method');
  if (inclusion !== undefined && !INCLUSION_METHODS.includes(inclusion.toUpperCase())) {
    throw misconfigured(
      `Invalid overlap inclusion method ${inclusion}. The valid options are [${INCLUSION_METHODS.join(', ')}].`,
    );
  }
  checkMinSize(take('min_sstable_size'), targetBytes);
  checkGrowth(take('sstable_growth'));
}

/** `N`, `L4`, `T4` or a number. */
function checkScaling(parameter: string): void {
  const match = /^(?:N|L(\d+)|T(\d+)|[+-]?\d+)$/.exec(parameter);
  if (match === null) {
    throw misconfigured(`Scaling parameter ${parameter} must match N|L[0-9]+|T[0-9]+|[+-]?[0-9]+`);
  }
  const fanFactor = match[1] ?? match[2];
  if (fanFactor !== undefined && Number(fanFactor) < 2) {
    throw misconfigured(`Fan factor cannot be lower than 2 in ${parameter}`);
  }
}

function checkPositiveInt(text: string | undefined, name: string): void {
  if (text === undefined) return;
  const value = parseJavaInt(text);
  if (value === undefined) throw notParsable(text, 'int (base10)', name);
  if (value <= 0) throw misconfigured(`Invalid configuration, ${name} should be positive: ${value}`);
}

function checkFrequency(text: string | undefined): void {
  if (text === undefined) return;
  const name = 'expired_sstable_check_frequency_seconds';
  const value = parseJavaLong(text);
  if (value === undefined) throw notParsable(text, 'long (base10)', name);
  if (value <= 0n) throw misconfigured(`Invalid configuration, ${name} should be positive: ${value}`);
}

function checkTargetSize(text: string | undefined): number {
  if (text === undefined) return DEFAULT_TARGET_SSTABLE_BYTES;
  const bytes = parseHumanReadableBytes(text);
  if (typeof bytes === 'string') {
    throw misconfigured(`target_sstable_size ${text} is not a valid size in bytes: ${bytes}`);
  }
  if (bytes >= 2 ** 63) throw misconfigured(`target_sstable_size ${text} is out of range of Long.`);
  if (bytes < MIN_TARGET_SSTABLE_BYTES) throw tooSmall('target_sstable_size', text);
  return Math.ceil(bytes);
}

function checkFlushSize(text: string | undefined): void {
  if (text === undefined) return;
  const bytes = parseHumanReadableBytes(text);
  if (typeof bytes === 'string') {
    throw misconfigured(`flush_size_override ${text} is not a valid size in bytes: ${bytes}`);
  }
  if (bytes < MIN_TARGET_SSTABLE_BYTES) throw tooSmall('flush_size_override', text);
}

function tooSmall(name: string, text: string): Error {
  return misconfigured(
    `${name} ${text} is not acceptable, size must be at least ${prettyPrintMemory(MIN_TARGET_SSTABLE_BYTES)}`,
  );
}

function checkMinSize(text: string | undefined, targetBytes: number): void {
  if (text === undefined) return;
  const bytes = parseHumanReadableBytes(text);
  if (typeof bytes === 'string') throw misconfigured(`${text} is not a valid size in bytes for min_sstable_size`);
  if (bytes < 0) {
    throw misconfigured('Invalid configuration, min_sstable_size should be greater than or equal to 0 (zero)');
  }
  if (bytes >= Math.ceil(targetBytes * Math.SQRT1_2)) {
    throw misconfigured(
      `Invalid configuration, min_sstable_size (${prettyPrintMemory(bytes)}) should be less than 70% of the ` +
        `targetSSTableSize (${prettyPrintMemory(targetBytes)})`,
    );
  }
}

function checkGrowth(text: string | undefined): void {
  if (text === undefined) return;
  const trimmed = text.trim();
  const percent = trimmed.endsWith('%');
  const value = parseJavaDouble(percent ? trimmed.slice(0, -1) : trimmed);
  if (value === undefined) {
    throw misconfigured(`sstable_growth is not a valid number between 0 and 1: For input string: "${trimmed}"`);
  }
  const growth = percent ? value / 100 : value;
  if (growth < 0 || growth > 1) throw misconfigured(`sstable_growth ${text} must be between 0 and 1`);
}
