import { copiedCapacity, hashMapOrder, stringHash } from '../java-order.ts';
import { didYouMean } from '../nearest-name.ts';
import { checkCommonCompaction, checkLeveled, checkSizeTiered, checkTimeWindow } from './compaction-strategies.ts';
import { parseJavaInt } from './properties.ts';
import { misconfigured } from './refusal.ts';
import { checkUnified } from './unified-compaction.ts';

const PACKAGE = 'org.apache.cassandra.db.compaction.';

/** Removes from a copy of the options those that the strategy knows, and refuses wrong values. */
export type StrategyCheck = (options: ReadonlyMap<string, string>, unchecked: Map<string, string>) => void;

const STRATEGIES: ReadonlyMap<string, { readonly hasThresholds: boolean; readonly check: StrategyCheck }> = new Map([
  ['SizeTieredCompactionStrategy', { hasThresholds: true, check: checkSizeTiered }],
  ['LeveledCompactionStrategy', { hasThresholds: true, check: checkLeveled }],
  ['TimeWindowCompactionStrategy', { hasThresholds: true, check: checkTimeWindow }],
  ['UnifiedCompactionStrategy', { hasThresholds: false, check: checkUnified }],
]);

/**
 * The `compaction` option as Cassandra keeps it (`schema/CompactionParams.fromMap`, 5.0.8): the class's whole name and,
 * where the strategy has them, both thresholds. Values are checked later, by `checkCompaction`.
 */
export function compactionOptions(given: ReadonlyMap<string, string>, trusted: boolean): ReadonlyMap<string, string> {
  const className = given.get('class');
  if (className === undefined) throw misconfigured("Missing sub-option 'class' for the 'compaction' option");
  const wholeName = className.includes('.') ? className : PACKAGE + className;
  const strategy = strategyOf(wholeName);
  if (strategy === undefined && !trusted) {
    if (wholeName.startsWith('java.lang.')) {
      throw misconfigured(`Compaction strategy class ${wholeName} is not derived from AbstractReplicationStrategy`);
    }
    throw misconfigured(`Unable to find compaction strategy class '${wholeName}'`, {
      suggestion: didYouMean(className, STRATEGIES.keys()),
    });
  }
  const tombstones = (given.get('provide_overlapping_tombstones') ?? 'NONE').toUpperCase();
  if (!['NONE', 'ROW', 'CELL'].includes(tombstones)) {
    throw misconfigured(
      `Invalid value ${tombstones} for 'provide_overlapping_tombstones' compaction sub-option - ` +
        'must be one of the following [NONE, ROW, CELL].',
    );
  }
  const options = new Map(given).set('class', wholeName);
  if (strategy?.hasThresholds) {
    if (!options.has('min_threshold')) options.set('min_threshold', '4');
    if (!options.has('max_threshold')) options.set('max_threshold', '32');
  }
  return options;
}

/** `CompactionParams.validate` */
export function checkCompaction(kept: ReadonlyMap<string, string>): void {
  const className = kept.get('class') ?? '';
  const strategy = strategyOf(className);
  if (strategy === undefined) return;
  const options = new Map(kept);
  options.delete('class');
  const unchecked = new Map(options);
  checkCommonCompaction(options, unchecked);
  strategy.check(options, unchecked);
  if (unchecked.size > 0) {
    const names = hashMapOrder(unchecked.keys(), stringHash, copiedCapacity(options.size)).join(', ');
    throw misconfigured(`Properties specified [${names}] are not understood by ${className.slice(PACKAGE.length)}`);
  }
  checkThresholds(options);
}

/** The default of bloom_filter_fp_chance depends on the strategy. */
export function defaultBloomFilterChance(compaction: ReadonlyMap<string, string>): number {
  return compaction.get('class') === `${PACKAGE}LeveledCompactionStrategy` ? 0.1 : 0.01;
}

function strategyOf(wholeName: string): { hasThresholds: boolean; check: StrategyCheck } | undefined {
  return wholeName.startsWith(PACKAGE) ? STRATEGIES.get(wholeName.slice(PACKAGE.length)) : undefined;
}

function checkThresholds(options: ReadonlyMap<string, string>): void {
  const min = threshold(options, 'min_threshold', 4);
  const max = threshold(options, 'max_threshold', 32);
  if (min <= 0 || max <= 0) {
    throw misconfigured(
      'Disabling compaction by setting compaction thresholds to 0 has been removed, ' +
        "set the compaction option 'enabled' to false instead.",
    );
  }
  if (min <= 1) throw misconfigured(`Min compaction threshold cannot be less than 2 (got ${min})`);
  if (min > max) {
    throw misconfigured(
      `Min compaction threshold (got ${min}) cannot be greater than max compaction threshold (got ${max})`,
    );
  }
}

function threshold(options: ReadonlyMap<string, string>, name: string, otherwise: number): number {
  const text = options.get(name);
  if (text === undefined) return otherwise;
  const value = /^\d+$/.test(text) ? parseJavaInt(text) : undefined;
  if (value !== undefined) return value;
  throw misconfigured(`Invalid value ${text} for '${name}' compaction sub-option - must be an integer`);
}
