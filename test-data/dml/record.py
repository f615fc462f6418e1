#!/usr/bin/env python3
"""Records what a live Cassandra 5.0.8 answers to each line of statements.cql, into answers.jsonl (the form of ../ddl).

  oracle/cassandra.sh start --fresh --format nb --port PORT --dir DIR
  python3 test-data/dml/record.py --host HOST --port PORT
"""
import os
import runpy
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.argv += ['--statements', os.path.join(here, 'statements.cql'), '--answers', os.path.join(here, 'answers.jsonl')]
runpy.run_path(os.path.join(here, '..', 'ddl', 'record.py'), run_name='__main__')
