#!/usr/bin/env python3
"""Random DDL for record.py: few names, so that statements meet. `random-ddl.py SEED COUNT > random.cql`"""
import random
import sys

seed, count = int(sys.argv[1]), int(sys.argv[2])
r = random.Random(seed)
pick = r.choice
TABLES = ['t1', 't2', 't3', '"T4"', 'v1']
TYPES = ['u1', 'u2', 'u3']
COLUMNS = ['a', 'b', 'c', 'd', 'e', '"F"', 'g', 'h']
NATIVE = ['int', 'text', 'bigint', 'blob', 'uuid', 'timeuuid', 'ascii', 'varint', 'duration', 'counter', 'boolean',
          'timestamp', 'date', 'inet', 'decimal', 'float']


def cql_type(depth=0):
    k = r.random()
    if depth > 2 or k < 0.5:
        return pick(NATIVE)
    if k < 0.6:
        return 'list<%s>' % cql_type(depth + 1)
    if k < 0.68:
        return 'set<%s>' % cql_type(depth + 1)
    if k < 0.75:
        return 'map<%s, %s>' % (cql_type(depth + 1), cql_type(depth + 1))
    if k < 0.8:
        return 'tuple<%s, %s>' % (cql_type(depth + 1), cql_type(depth + 1))
    if k < 0.83:
        return 'vector<%s, %d>' % (pick(['float', 'int', 'text']), r.randint(0, 3))
    if k < 0.92:
        return pick(TYPES + ['nosuch'])
    return 'frozen<%s>' % cql_type(depth + 1)


def simple_type():
    return pick(['int', 'text', 'bigint', 'blob', 'uuid', 'list<int>', 'frozen<list<int>>', 'set<text>',
                 'map<text, int>', 'u1', 'frozen<u1>', 'frozen<u2>', 'tuple<int, text>', 'vector<float, 2>',
                 'list<frozen<u1>>', 'counter', 'frozen<map<int, text>>', 'timeuuid', 'ascii'])


def some(names, most):
    return r.sample(names, r.randint(1, most))


def options():
    texts = ["comment = 'x'", 'gc_grace_seconds = %d' % pick([0, 10, -1]), 'default_time_to_live = %d' % pick([0, 5]),
             "compaction = {'class': '%sCompactionStrategy'}" % pick(['Leveled', 'SizeTiered', 'Unified', 'TimeWindow', 'No']),
             "compression = {'enabled': %s}" % pick(['true', 'false', "'false'"]),
             "compression = {'class': '%sCompressor'%s}" % (pick(['LZ4', 'Zstd', 'Snappy', 'X']), pick(['', ", 'chunk_length_in_kb': 4"])),
             "caching = {'keys': '%s'}" % pick(['ALL', 'none', 'x']), 'bloom_filter_fp_chance = %s' % pick(['0.1', '0', '1']),
             "speculative_retry = '%s'" % pick(['99p', '10ms', 'never', 'x']), 'min_index_interval = %d' % pick([1, 5000]),
             "read_repair = '%s'" % pick(['NONE', 'blocking']), 'cdc = %s' % pick(['true', 'false']), 'nosuch = 1']
    return ' AND '.join(some(texts, 2))


def create_table():
    names = r.sample(COLUMNS, r.randint(2, 7))
    static = lambda: ' static' if r.random() < 0.12 else ''
    columns = ['%s %s%s' % (n, (simple_type if r.random() < 0.7 else cql_type)(), static()) for n in names]
    key = r.sample(names, r.randint(1, min(3, len(names)))) + ([pick(COLUMNS)] if r.random() < 0.05 else [])
    columns = [('%s %s' % (n, pick(['int', 'text', 'uuid', 'frozen<list<int>>', 'timeuuid'])) if n in key and r.random() < 0.85 else c)
               for n, c in zip(names, columns)]
    if r.random() < 0.3 and len(key) > 2:
        primary = '((%s), %s)' % (', '.join(key[:2]), ', '.join(key[2:]))
    else:
        primary = '(%s)' % ', '.join(key)
    with_ = []
    if r.random() < 0.1:
        with_.append('COMPACT STORAGE')
    if r.random() < 0.25:
        with_.append('CLUSTERING ORDER BY (%s)' % ', '.join('%s %s' % (n, pick(['ASC', 'DESC'])) for n in (key[1:] or key)))
    if r.random() < 0.25:
        with_.append(options())
    return 'CREATE TABLE %s%s (%s, PRIMARY KEY %s)%s' % (pick(['', '', 'IF NOT EXISTS ']), pick(TABLES), ', '.join(columns),
                                                       primary, ' WITH ' + ' AND '.join(with_) if with_ else '')


def alter_table():
    t = pick(TABLES)
    k = r.random()
    if k < 0.4:
        return 'ALTER TABLE %s ADD %s %s%s' % (t, pick(COLUMNS), (simple_type if r.random() < 0.8 else cql_type)(), pick(['', '', '', ' static']))
    if k < 0.7:
        return 'ALTER TABLE %s DROP %s USING TIMESTAMP %d' % (t, pick(COLUMNS), r.randint(1, 9999))
    if k < 0.85:
        return 'ALTER TABLE %s RENAME %s TO %s' % (t, pick(COLUMNS), pick(COLUMNS + ['z']))
    if k < 0.9:
        return 'ALTER TABLE %s DROP COMPACT STORAGE' % t
    return 'ALTER TABLE %s WITH %s' % (t, options())


def index():
    column = pick(COLUMNS)
    target = pick(['%s', '%s', '%s', 'keys(%s)', 'values(%s)', 'entries(%s)', 'full(%s)']) % column
    using = pick(['', '', " USING 'sai'", " USING 'sai'", " USING 'legacy_local_table'"])
    if r.random() < 0.1:
        using += " WITH OPTIONS = {'case_sensitive': 'false'}"
    return 'CREATE INDEX %s%s ON %s (%s)%s' % (pick(['', 'IF NOT EXISTS ']), pick(['', 'i1', 'i2', 'i3']), pick(TABLES), target, using)


def view():
    columns = some(COLUMNS, 5)
    key = r.sample(COLUMNS, r.randint(1, 4))
    where = ' AND '.join('%s IS NOT NULL' % c for c in (key if r.random() < 0.8 else some(COLUMNS, 3)))
    selected = '*' if r.random() < 0.5 else ', '.join(dict.fromkeys(columns + key))
    return 'CREATE MATERIALIZED VIEW %s AS SELECT %s FROM %s WHERE %s PRIMARY KEY (%s)' % (pick(['v1', 'v2', 'v3']), selected,
                                                                                        pick(TABLES), where, ', '.join(key))


def user_type():
    k = r.random()
    if k < 0.4:
        fields = ', '.join('%s %s' % (c, (simple_type if r.random() < 0.6 else cql_type)()) for c in some(COLUMNS, 3))
        return 'CREATE TYPE %s (%s)' % (pick(TYPES), fields)
    if k < 0.65:
        return 'ALTER TYPE %s ADD %s %s' % (pick(TYPES), pick(COLUMNS), (simple_type if r.random() < 0.6 else cql_type)())
    if k < 0.85:
        return 'ALTER TYPE %s RENAME %s TO %s' % (pick(TYPES), pick(COLUMNS), pick(COLUMNS))
    return 'DROP TYPE %s' % pick(TYPES)


def function():
    k = r.random()
    if k < 0.5:
        return "CREATE %sFUNCTION %s (x %s) %s ON NULL INPUT RETURNS %s LANGUAGE java AS 'return null;'" % (
            pick(['', 'OR REPLACE ']), pick(['f1', 'f2']), pick(['int', 'text', 'u1', 'list<int>', 'frozen<u1>', 'tuple<int, text>']),
            pick(['CALLED', 'RETURNS NULL']), pick(['int', 'text', 'u1', 'list<int>']))
    if k < 0.7:
        return 'CREATE AGGREGATE %s () SFUNC %s STYPE %s%s' % (pick(['g1', 'f1']), pick(['f1', 'f2']), pick(['int', 'text', 'u1', 'list<int>']),
                                                          pick(['', ' INITCOND null', ' INITCOND 1', " INITCOND 'a'", ' INITCOND [1, 2]']))
    return 'DROP %s %s%s' % (pick(['FUNCTION', 'AGGREGATE']), pick(['f1', 'f2', 'g1']), pick(['', '', ' (int)', ' (u1)', ' ()']))


def drop():
    return pick(['DROP TABLE %s' % pick(TABLES), 'DROP TABLE %s' % pick(TABLES), 'DROP INDEX %s' % pick(['i1', 'i2', 't1_a_idx']),
                 'DROP MATERIALIZED VIEW %s' % pick(['v1', 'v2', 'v3'])])


print('-- random-ddl.py %d %d' % (seed, count))
print("CREATE KEYSPACE r%d WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}" % seed)
print('USE r%d' % seed)
KINDS = [create_table] * 5 + [alter_table] * 7 + [index] * 3 + [view] * 3 + [user_type] * 3 + [function] * 2 + [drop] * 2
for i in range(count):
    print(pick(KINDS)())
    if i % 20 == 19:
        print('DESCRIBE KEYSPACE r%d' % seed)
