"""Runs the statements of a file, or of the arguments, on a live Cassandra: cassandra_cql.py HOST PORT (-f FILE | CQL…)."""
import sys
from cassandra.cluster import Cluster

host, port, *rest = sys.argv[1:]
statements = open(rest[1]).read().split(';') if rest[0] == '-f' else rest
cluster = Cluster([host], port=int(port), protocol_version=4)
session = cluster.connect()
session.default_timeout = 60
for statement in statements:
    if statement.strip(): session.execute(statement)
cluster.shutdown()
