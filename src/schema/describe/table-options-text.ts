import { doubleToString } from '../../types/index.ts';
import type { TableOptions } from '../model/index.ts';
import { mapLiteral, quoteString } from './cql-writer.ts';

/** The options after WITH, in DESCRIBE's order (`TableParams.appendCqlTo`). Views have no default_time_to_live. */
export function tableOptionTexts(options: TableOptions, isView: boolean): string[] {
  const texts = [
    `additional_write_policy = ${quoteString(options.additional_write_policy)}`,
    `allow_auto_snapshot = ${options.allow_auto_snapshot}`,
    `bloom_filter_fp_chance = ${doubleToString(options.bloom_filter_fp_chance)}`,
    `caching = ${mapLiteral(options.caching)}`,
    `cdc = ${options.cdc}`,
    `comment = ${quoteString(options.comment)}`,
    `compaction = ${mapLiteral(options.compaction)}`,
    `compression = ${mapLiteral(options.compression)}`,
    `memtable = ${quoteString(options.memtable)}`,
    `crc_check_chance = ${doubleToString(options.crc_check_chance)}`,
  ];
  if (!isView) texts.push(`default_time_to_live = ${options.default_time_to_live}`);
  texts.push(
    `extensions = ${mapLiteral(options.extensions, (hex) => hex)}`,
    `gc_grace_seconds = ${options.gc_grace_seconds}`,
    `incremental_backups = ${options.incremental_backups}`,
    `max_index_interval = ${options.max_index_interval}`,
    `memtable_flush_period_in_ms = ${options.memtable_flush_period_in_ms}`,
    `min_index_interval = ${options.min_index_interval}`,
    `read_repair = ${quoteString(options.read_repair)}`,
    `speculative_retry = ${quoteString(options.speculative_retry)}`,
  );
  return texts;
}
