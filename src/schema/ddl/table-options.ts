import { doubleToString } from '../../types/index.ts';
import { hashMapOrder } from '../java-order.ts';
import { defaultTableOptions, parseTableId, type TableOptions } from '../model/index.ts';
import { checkCompaction, compactionOptions, defaultBloomFilterChance } from './compaction-options.ts';
import { compressionOptions } from './compression-options.ts';
import type { DdlContext } from './context.ts';
import type { Properties } from './properties.ts';
import { misconfigured } from './refusal.ts';
import { normalizeRetryPolicy } from './speculative-retry.ts';

/** Cassandra's own names (`TableParams.Option`), and `id`. */
const TABLE_OPTION_NAMES = [
  'allow_auto_snapshot',
  'bloom_filter_fp_chance',
  'caching',
  'comment',
  'compaction',
  'compression',
  'memtable',
  'default_time_to_live',
  'extensions',
  'gc_grace_seconds',
  'incremental_backups',
  'max_index_interval',
  'memtable_flush_period_in_ms',
  'min_index_interval',
  'speculative_retry',
  'additional_write_policy',
  'crc_check_chance',
  'cdc',
  'read_repair',
  'auto_repair',
  'id',
];

const READ_REPAIR_STRATEGIES = ['NONE', 'BLOCKING'];
const MAX_TTL_SECONDS = 630_720_000;
/** `BloomCalculations.minSupportedBloomFilterFpChance` */
const MIN_BLOOM_FILTER_CHANCE = 6.71e-5;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * The options that the properties make of the previous ones, or of the defaults for a new table. Values are read and
 * normalized here (`TableAttributes.build`, 5.0.8), checked against each other by `checkTableOptions`.
 */
export function readTableOptions(
  properties: Properties,
  previous: TableOptions | undefined,
  context: DdlContext,
): TableOptions {
  const trusted = context.trusted ?? false;
  const options: Mutable<TableOptions> = { ...(previous ?? defaultTableOptions) };
  options.allow_auto_snapshot = properties.boolean('allow_auto_snapshot') ?? options.allow_auto_snapshot;
  const bloomFilterChance = properties.double('bloom_filter_fp_chance');
  const caching = trusted && typeof properties.raw('caching') === 'string' ? undefined : properties.map('caching');
  if (caching !== undefined) options.caching = cachingOptions(caching);
  options.comment = properties.string('comment') ?? options.comment;
  const compaction = properties.map('compaction');
  if (compaction !== undefined) options.compaction = compactionOptions(compaction, trusted);
  const compression = properties.map('compression');
  if (compression !== undefined) options.compression = compressionOptions(compression, trusted);
  const memtable = properties.string('memtable');
  if (memtable !== undefined) options.memtable = memtableOption(memtable, trusted);
  options.default_time_to_live = properties.integer('default_time_to_live') ?? options.default_time_to_live;
  options.gc_grace_seconds = properties.integer('gc_grace_seconds') ?? options.gc_grace_seconds;
  options.incremental_backups = properties.boolean('incremental_backups') ?? options.incremental_backups;
  options.max_index_interval = properties.integer('max_index_interval') ?? options.max_index_interval;
  options.memtable_flush_period_in_ms =
    properties.integer('memtable_flush_period_in_ms') ?? options.memtable_flush_period_in_ms;
  options.min_index_interval = properties.integer('min_index_interval') ?? options.min_index_interval;
  const retry = properties.string('speculative_retry');
  if (retry !== undefined) options.speculative_retry = normalizeRetryPolicy(retry);
  const writePolicy = properties.string('additional_write_policy');
  if (writePolicy !== undefined) options.additional_write_policy = normalizeRetryPolicy(writePolicy);
  options.crc_check_chance = properties.double('crc_check_chance') ?? options.crc_check_chance;
  options.cdc = properties.boolean('cdc') ?? options.cdc;
  const readRepair = properties.string('read_repair');
  if (readRepair !== undefined) options.read_repair = readRepairOption(readRepair);
  const autoRepair = properties.map('auto_repair');
  if (autoRepair !== undefined) checkAutoRepair(autoRepair);
  if (trusted) keepExtensions(properties, options);
  if (bloomFilterChance !== undefined) options.bloom_filter_fp_chance = bloomFilterChance;
  else if (previous === undefined) options.bloom_filter_fp_chance = defaultBloomFilterChance(options.compaction);
  return options;
}

/** `TableAttributes.validate`: known names, then values that must fit together. */
export function checkTableOptions(properties: Properties, context: DdlContext): void {
  if (!context.trusted) {
    properties.checkKnown(TABLE_OPTION_NAMES);
    if (properties.has('auto_repair')) {
      throw misconfigured(
        'auto_repair option is not supported unless auto-repair is enabled with -Dcassandra.autorepair.enable=true',
      );
    }
  }
  checkValues(readTableOptions(properties, undefined, context));
}

/** `TableParams.validate` */
export function checkValues(options: TableOptions): void {
  checkCompaction(options.compaction);
  const chance = options.bloom_filter_fp_chance;
  if (!(chance > MIN_BLOOM_FILTER_CHANCE && chance <= 1)) {
    throw misconfigured(
      `bloom_filter_fp_chance must be larger than ${doubleToString(MIN_BLOOM_FILTER_CHANCE)} and less than or equal ` +
        `to 1.0 (got ${doubleToString(chance)})`,
    );
  }
  // NaN passes, as in Cassandra.
  if (options.crc_check_chance < 0 || options.crc_check_chance > 1) {
    throw misconfigured(
      'crc_check_chance must be larger than or equal to 0 and smaller than or equal to 1.0 ' +
        `(got ${doubleToString(options.crc_check_chance)})`,
    );
  }
  atLeast('default_time_to_live', options.default_time_to_live, 0);
  if (options.default_time_to_live > MAX_TTL_SECONDS) {
    throw misconfigured(
      `default_time_to_live must be less than or equal to ${MAX_TTL_SECONDS} (got ${options.default_time_to_live})`,
    );
  }
  atLeast('gc_grace_seconds', options.gc_grace_seconds, 0);
  atLeast('min_index_interval', options.min_index_interval, 1);
  if (options.max_index_interval < options.min_index_interval) {
    throw misconfigured(
      `max_index_interval must be greater than or equal to min_index_interval (${options.min_index_interval}) ` +
        `(got ${options.max_index_interval})`,
    );
  }
  atLeast('memtable_flush_period_in_ms', options.memtable_flush_period_in_ms, 0);
}

/** The `id` property: 32 hex digits; undefined when not given. */
export function readTableId(properties: Properties): string | undefined {
  const text = properties.string('id');
  if (text === undefined) return undefined;
  const id = parseTableId(text);
  if (id === undefined) throw misconfigured('Invalid table id');
  return id;
}

/** `CachingParams.fromMap` */
function cachingOptions(given: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const unknown = hashMapOrder(given.keys()).filter((name) => name !== 'keys' && name !== 'rows_per_partition');
  const keys = (given.get('keys') ?? 'NONE').toUpperCase();
  if (keys !== 'ALL' && keys !== 'NONE') {
    throw misconfigured(
      `Invalid value '${given.get('keys')}' for caching sub-option 'keys': only 'ALL' and 'NONE' are allowed`,
    );
  }
  const rows = (given.get('rows_per_partition') ?? 'NONE').toUpperCase();
  if (rows !== 'ALL' && rows !== 'NONE' && !/^\d+$/.test(rows)) {
    throw misconfigured(
      `Invalid value '${given.get('rows_per_partition')}' for caching sub-option 'rows_per_partition': ` +
        "only 'ALL', 'NONE', and integer values are allowed",
    );
  }
  if (unknown.length > 0) {
    throw misconfigured(
      `Invalid caching sub-options [${unknown.join(', ')}]: only 'keys' and 'rows_per_partition' are allowed`,
    );
  }
  return new Map([
    ['keys', keys],
    ['rows_per_partition', rowsText(rows)],
  ]);
}

function rowsText(rows: string): string {
  if (rows === 'ALL' || rows === 'NONE') return rows;
  const count = Number(rows);
  return count === 0 ? 'NONE' : count === 0x7fffffff ? 'ALL' : String(count);
}

function memtableOption(name: string, trusted: boolean): string {
  if (name === 'default' || trusted) return name;
  throw misconfigured(`Memtable configuration "${name}" not found.`);
}

/** Cassandra answers an unknown one with a server error; the text is the one of its enum. */
function readRepairOption(text: string): string {
  const strategy = text.toUpperCase();
  if (READ_REPAIR_STRATEGIES.includes(strategy)) return strategy;
  throw misconfigured(`No enum constant org.apache.cassandra.service.reads.repair.ReadRepairStrategy.${strategy}`);
}

/** `AutoRepairParams.fromMap` */
function checkAutoRepair(given: ReadonlyMap<string, string>): void {
  const known = ['full_enabled', 'incremental_enabled', 'preview_repaired_enabled', 'priority'];
  for (const name of given.keys()) {
    if (!known.includes(name.toLowerCase())) throw misconfigured(`Unknown property '${name}'`);
  }
}

/** CREATE TABLE cannot set extensions (Cassandra ignores them there), but DESCRIBE prints them. */
function keepExtensions(properties: Properties, options: Mutable<TableOptions>): void {
  const extensions = properties.map('extensions');
  if (extensions !== undefined) options.extensions = extensions;
}

function atLeast(name: string, value: number, least: number): void {
  if (value < least) throw misconfigured(`${name} must be greater than or equal to ${least} (got ${value})`);
}
