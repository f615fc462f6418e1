"""Milliseconds of a live Cassandra's queries: cassandra_queries.py HOST PORT QUERIES.json; or, with --schema, runs the
statements of a file: cassandra_queries.py HOST PORT SCHEMA.cql --schema."""
import json, sys, time
from cassandra.cluster import Cluster

cluster = Cluster([sys.argv[1]], port=int(sys.argv[2]), protocol_version=4)
session = cluster.connect()
session.default_timeout = 120
PASSES = 3
if '--schema' in sys.argv:
    for statement in open(sys.argv[3]).read().split(';'):
        if statement.strip(): session.execute(statement)
    cluster.shutdown()
    sys.exit()
answers = []
for query in json.load(open(sys.argv[3])):
    if not query['cassandra']:
        answers.append(None)
        continue
    times = []
    for _ in range(PASSES):
        started = time.perf_counter()
        rows = list(session.execute(query['cql']))
        times.append(time.perf_counter() - started)
    answers.append({'millis': sorted(times)[PASSES // 2] * 1000, 'rows': len(rows)})
print(json.dumps(answers))
cluster.shutdown()
