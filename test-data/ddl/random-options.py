#!/usr/bin/env python3
"""Random options for record.py: tables, keyspaces, indexes. `random-options.py SEED COUNT > random.cql`"""
import random
import sys

seed, count = int(sys.argv[1]), int(sys.argv[2])
r = random.Random(seed)
pick = r.choice
KEYSPACE = 'o%d' % seed
NUMBERS = ['0', '1', '-1', '0.5', '1.0', '100', '1.5', '0.01', '99999999999', "'7'", "'x'", '1e-3', 'true', 'NaN', "''"]
TEXTS = ["'0'", "'1'", "'-1'", "'0.5'", "'true'", "'FALSE'", "'x'", "'16'", "'4'", "'12'", "'1.5'", "'DAYS'", "'HOURS'", "''", "'100'", "'0.1'", "'99p'"]
COMPACTION = {
    "'SizeTieredCompactionStrategy'": ['min_threshold', 'max_threshold', 'bucket_low', 'bucket_high', 'min_sstable_size'],
    "'LeveledCompactionStrategy'": ['sstable_size_in_mb', 'fanout_size', 'single_sstable_uplevel', 'min_threshold'],
    "'TimeWindowCompactionStrategy'": ['compaction_window_unit', 'compaction_window_size', 'timestamp_resolution', 'unsafe_aggressive_sstable_expiration', 'expired_sstable_check_frequency_seconds', 'max_threshold'],
    "'UnifiedCompactionStrategy'": ['scaling_parameters', 'target_sstable_size', 'base_shard_count', 'sstable_growth', 'flush_size_override', 'expired_sstable_check_frequency_seconds', 'min_sstable_size', 'unsafe_aggressive_sstable_expiration', 'overlap_inclusion_method', 'max_sstables_to_compact'],
    "'org.apache.cassandra.db.compaction.SizeTieredCompactionStrategy'": ['min_threshold'],
    "'NoSuchStrategy'": ['min_threshold'],
    "'String'": [],
}
COMMON = ['enabled', 'tombstone_threshold', 'tombstone_compaction_interval', 'unchecked_tombstone_compaction', 'log_all', 'only_purge_repaired_tombstones', 'provide_overlapping_tombstones', 'nosuch']
SPECIFIC = {
    'scaling_parameters': ["'T4'", "'L10'", "'N'", "'T4, N, L5'", "'4'", "'-8'", "'T1'", "'Q'", "'T4,,L4'"],
    'target_sstable_size': ["'1GiB'", "'1MiB'", "'512KiB'", "'1GB'", "'5 GiB'", "'-1'", "'3000000'"],
    'min_sstable_size': ["'100MiB'", "'0'", "'50'", "'-5'", "'4GiB'", "'1MB'"],
    'flush_size_override': ["'100MiB'", "'0KiB'", "'1'", "'1MiB'"],
    'sstable_growth': ["'0.333'", "'1'", "'0'", "'50%'", "'1.1'", "'-1'"],
    'overlap_inclusion_method': ["'NONE'", "'single'", "'TRANSITIVE'", "'x'"],
    'compaction_window_unit': ["'DAYS'", "'hours'", "'MINUTES'", "'WEEKS'", "'SECONDS'"],
    'timestamp_resolution': ["'MICROSECONDS'", "'MILLISECONDS'", "'x'", "'DAYS'"],
    'provide_overlapping_tombstones': ["'NONE'", "'row'", "'CELL'", "'x'"],
    'min_threshold': ["'2'", "'4'", "'1'", "'0'", "'40'", "'x'", "'1.5'"],
    'max_threshold': ["'32'", "'2'", "'1'", "'0'", "'-1'", "'x'"],
}


def entries(names, low, high):
    return [(name, pick(SPECIFIC.get(name, TEXTS) if r.random() < 0.9 else TEXTS)) for name in r.sample(names, min(len(names), r.randint(low, high)))]


def literal(items):
    return '{%s}' % ', '.join("'%s': %s" % item for item in items)


def compaction():
    name = pick(list(COMPACTION))
    items = entries(COMPACTION[name], 0, 2) + (entries(COMMON, 1, 1) if r.random() < 0.35 else [])
    return literal(([('class', name)] if r.random() < 0.95 else []) + items)


def compression():
    names = ['chunk_length_in_kb', 'chunk_length_kb', 'crc_check_chance', 'enabled', 'min_compress_ratio', 'lz4_compressor_type', 'lz4_high_compressor_level', 'compression_level', 'nosuch', 'sstable_compression']
    choose = [('class', pick(["'LZ4Compressor'", "'SnappyCompressor'", "'DeflateCompressor'", "'ZstdCompressor'", "'NoopCompressor'", "'NoSuchCompressor'", "''", "'org.apache.cassandra.io.compress.LZ4Compressor'", "'String'"]))] if r.random() < 0.9 else []
    SPECIFIC['lz4_compressor_type'] = ["'fast'", "'high'", "'x'"]
    SPECIFIC['compression_level'] = ["'3'", "'22'", "'-5'", "'100'", "'x'"]
    SPECIFIC['lz4_high_compressor_level'] = ["'9'", "'17'", "'0'", "'x'"]
    SPECIFIC['chunk_length_in_kb'] = SPECIFIC['chunk_length_kb'] = ["'16'", "'64'", "'12'", "'0'", "'-4'", "'x'", "'1'", "'3000000'"]
    SPECIFIC['min_compress_ratio'] = ["'0'", "'1.1'", "'0.5'", "'2'", "'-1'", "'x'"]
    SPECIFIC['sstable_compression'] = ["'LZ4Compressor'", "''"]
    return literal(choose + entries(names, 0, 2))


def caching():
    return literal(entries(['keys', 'rows_per_partition', 'nosuch'], 0, 2)) if r.random() < 0.2 else literal(
        [pair for pair in [('keys', pick(["'ALL'", "'NONE'", "'all'", "'x'"])), ('rows_per_partition', pick(["'ALL'", "'NONE'", "'10'", "'-1'", "'x'"]))] if r.random() < 0.7])


def option():
    k = r.random()
    if k < 0.3:
        return 'compaction = ' + compaction()
    if k < 0.5:
        return 'compression = ' + compression()
    if k < 0.57:
        return 'caching = ' + caching()
    if k < 0.67:
        return pick(['speculative_retry', 'additional_write_policy']) + ' = ' + pick(["'99p'", "'99PERCENTILE'", "'10ms'", "'ALWAYS'", "'never'", "'MIN(99p,50ms)'", "'max(10ms, 99.5p)'", "'101p'", "'0p'", "'x'", "'-1ms'", "'MIN(1,2)'", "'1.5MS'", "''", "'NONE'", '5', "'MIN(5ms, 6ms)'", "'50'", "'99.9999p'"])
    if k < 0.72:
        return 'extensions = ' + pick(["{'a': 0x01}", "{'a': 'x'}", "{}", "{'a': 0x}", "{'a': 0x01, 'b': 0xff}", "5"])
    if k < 0.77:
        return 'read_repair = ' + pick(["'BLOCKING'", "'NONE'", "'none'", "'x'", '1'])
    if k < 0.81:
        return 'memtable = ' + pick(["'default'", "'nosuch'", "'skiplist'", "'trie'", "''", '5'])
    if k < 0.85:
        return pick(['cdc', 'allow_auto_snapshot', 'incremental_backups']) + ' = ' + pick(['true', 'false', "'true'", "'x'", '1', '0', "'yes'"])
    if k < 0.88:
        return 'comment = ' + pick(["'a comment'", "'it''s'", "5", "''", 'true'])
    return pick(['bloom_filter_fp_chance', 'gc_grace_seconds', 'default_time_to_live', 'crc_check_chance', 'min_index_interval', 'max_index_interval', 'memtable_flush_period_in_ms', 'read_repair_chance', 'dclocal_read_repair_chance', 'nosuch']) + ' = ' + pick(NUMBERS)


def options():
    return ' AND '.join(option() for _ in range(pick([1, 1, 1, 2])))


def table():
    return 'CREATE TABLE %s%s (k int PRIMARY KEY, v text, w %s) WITH %s' % (pick(['', 'IF NOT EXISTS ']), pick(['t1', 't2']), pick(['int', 'text', 'ascii', 'uuid', 'vector<float, 3>', 'list<text>', 'frozen<list<int>>', 'duration']), options())


def alter():
    return 'ALTER TABLE %s WITH %s' % (pick(['t1', 't2', 't2', 'c1', 'v1']), options())


def alter_view():
    return 'ALTER MATERIALIZED VIEW v1 WITH ' + options()


def replication():
    name = pick(["'SimpleStrategy'", "'SimpleStrategy'", "'NetworkTopologyStrategy'", "'NetworkTopologyStrategy'", "'org.apache.cassandra.locator.SimpleStrategy'", "'LocalStrategy'", "'NoSuch'", "'EverywhereStrategy'"])
    items = [(pick(['replication_factor', 'replication_factor', 'datacenter1', 'dc9', 'nosuch']), pick(["'1'", '1', "'3'", "'0'", "'-1'", "'x'", "'3/1'", "''", '1.5'])) for _ in range(pick([0, 1, 1, 1, 2]))]
    return literal(([('class', name)] if r.random() < 0.93 else []) + list(dict(items).items()))


def keyspace():
    k = r.random()
    tail = pick(['', '', ' AND durable_writes = ' + pick(['true', 'false', "'x'", '1']), ' AND nosuch = 1'])
    if k < 0.5:
        return 'CREATE KEYSPACE %s%s WITH replication = %s%s' % (pick(['', 'IF NOT EXISTS ']), 'p%d%s' % (seed, pick('ab')), replication(), tail)
    if k < 0.8:
        return 'ALTER KEYSPACE %s%s WITH replication = %s%s' % (pick(['', 'IF EXISTS ']), 'p%d%s' % (seed, pick('ab')), replication(), tail)
    return 'DROP KEYSPACE %s%s' % (pick(['', 'IF EXISTS ']), 'p%d%s' % (seed, pick('ab')))


def index():
    names = ['case_sensitive', 'normalize', 'ascii', 'similarity_function', 'maximum_node_connections', 'construction_beam_width', 'optimize_for', 'nosuch', 'target', 'mode', 'analyzed', 'analyzer_class', 'class_name', 'max_compaction_flush_memory_in_mb', 'is_literal']
    SPECIFIC.update({'similarity_function': ["'cosine'", "'EUCLIDEAN'", "'dot_product'", "'x'"], 'maximum_node_connections': ["'16'", "'512'", "'513'", "'0'", "'x'"], 'construction_beam_width': ["'100'", "'3200'", "'3201'", "'-1'"], 'optimize_for': ["'latency'", "'RECALL'", "'x'"], 'mode': ["'PREFIX'", "'contains'", "'SPARSE'", "'x'"],
                     'case_sensitive': ["'true'", "'false'", "'x'"], 'normalize': ["'true'", "'false'"], 'ascii': ["'true'", "'false'", "'1'"]})
    with_options = ' WITH OPTIONS = ' + literal(entries(names, 1, 2)) if r.random() < 0.7 else ''
    return 'CREATE %sINDEX %s%s ON %s (%s)%s%s' % (
        pick(['', 'CUSTOM ']), pick(['', 'IF NOT EXISTS ']), pick(['i1', 'i2', 'i3', '']), pick(['t1', 't2']), pick(['v', 'w', 'w', 'values(w)', 'full(w)', 'k']),
        pick(['', " USING 'sai'", " USING 'StorageAttachedIndex'", " USING 'org.apache.cassandra.index.sasi.SASIIndex'", " USING 'legacy_local_table'", " USING 'sasi'", " USING 'NoSuch'"]), with_options)


print("CREATE KEYSPACE %s WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}" % KEYSPACE)
print('USE ' + KEYSPACE)
print('CREATE TABLE t2 (k int PRIMARY KEY, v text, w text)')
print('CREATE TABLE c1 (k int PRIMARY KEY, n counter)')
print('CREATE TABLE b1 (k int PRIMARY KEY, v text)')
print('CREATE MATERIALIZED VIEW v1 AS SELECT * FROM b1 WHERE k IS NOT NULL AND v IS NOT NULL PRIMARY KEY (v, k)')
KINDS = [table] * 4 + [alter] * 10 + [alter_view] * 2 + [keyspace] * 4 + [index] * 4
for i in range(count):
    print(pick(KINDS)())
    if i % 25 == 24:
        print('DESCRIBE KEYSPACE ' + KEYSPACE)
        print('DROP TABLE IF EXISTS t1')
        print('DROP INDEX IF EXISTS ' + pick(['i1', 'i2', 'i3', 't1_v_idx', 't2_w_idx']))
