"""Milliseconds of a live Cassandra's queries: cassandra_queries.py HOST PORT QUERIES.json."""
import json, sys, time
from cassandra.cluster import Cluster

cluster = Cluster([sys.argv[1]], port=int(sys.argv[2]), protocol_version=4)
session = cluster.connect()
session.default_timeout = 120
PASSES = 3
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
