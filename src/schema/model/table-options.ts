/** A table's options with Cassandra 5.0.8's names; unset ones have its defaults (`defaultTableOptions`). */
export interface TableOptions {
  readonly additional_write_policy: string;
  readonly allow_auto_snapshot: boolean;
  readonly bloom_filter_fp_chance: number;
  readonly caching: ReadonlyMap<string, string>;
  readonly cdc: boolean;
  readonly comment: string;
  readonly compaction: ReadonlyMap<string, string>;
  readonly compression: ReadonlyMap<string, string>;
  readonly memtable: string;
  readonly crc_check_chance: number;
  readonly default_time_to_live: number;
  readonly extensions: ReadonlyMap<string, string>;
  readonly gc_grace_seconds: number;
  readonly incremental_backups: boolean;
  readonly max_index_interval: number;
  readonly memtable_flush_period_in_ms: number;
  readonly min_index_interval: number;
  readonly read_repair: string;
  readonly speculative_retry: string;
}

export const defaultTableOptions: TableOptions = Object.freeze({
  additional_write_policy: '99p',
  allow_auto_snapshot: true,
  bloom_filter_fp_chance: 0.01,
  caching: new Map([
    ['keys', 'ALL'],
    ['rows_per_partition', 'NONE'],
  ]),
  cdc: false,
  comment: '',
  compaction: new Map([
    ['class', 'org.apache.cassandra.db.compaction.SizeTieredCompactionStrategy'],
    ['max_threshold', '32'],
    ['min_threshold', '4'],
  ]),
  compression: new Map([
    ['chunk_length_in_kb', '16'],
    ['class', 'org.apache.cassandra.io.compress.LZ4Compressor'],
  ]),
  memtable: 'default',
  crc_check_chance: 1,
  default_time_to_live: 0,
  extensions: new Map(),
  gc_grace_seconds: 864000,
  incremental_backups: true,
  max_index_interval: 2048,
  memtable_flush_period_in_ms: 0,
  min_index_interval: 128,
  read_repair: 'BLOCKING',
  speculative_retry: '99p',
});
