"""Rows a second that a live Cassandra takes from one driver connection: cassandra_writes.py HOST PORT ROWS BATCH."""
import json, sys, time
from cassandra.cluster import Cluster
from cassandra.concurrent import execute_concurrent_with_args
from cassandra.query import BatchStatement, BatchType

host, port, rows, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
cluster = Cluster([host], port=port, protocol_version=4)
session = cluster.connect()
session.execute("CREATE KEYSPACE IF NOT EXISTS bench WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}")
session.execute('CREATE TABLE IF NOT EXISTS bench.t (p int, c int, a text, b text, d int, PRIMARY KEY (p, c))')
insert = session.prepare('INSERT INTO bench.t (p, c, a, b, d) VALUES (?, ?, ?, ?, ?)')
text = 'some text of thirty characters'
values = [(i * 2654435769 % 50000, i, text, text, i) for i in range(rows)]
execute_concurrent_with_args(session, insert, values[:2000], concurrency=100)
started = time.perf_counter()
if batch == 1:
    execute_concurrent_with_args(session, insert, values, concurrency=100)
else:
    for n in range(0, rows, batch):
        statement = BatchStatement(BatchType.UNLOGGED)
        for value in values[n:n + batch]: statement.add(insert, value)
        session.execute(statement)
print(json.dumps(rows / (time.perf_counter() - started)))
cluster.shutdown()
