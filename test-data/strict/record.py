#!/usr/bin/env python3
"""Records what a live Cassandra 5.0.8 answers to the statements here, cell by cell, into NAME.jsonl for each NAME.cql.

  oracle/cassandra.sh start --fresh --format nb --port PORT --dir DIR \\
    --yaml 'dynamic_data_masking_enabled: true' --yaml 'drop_compact_storage_enabled: true'
  python3 test-data/strict/record.py --host HOST --port PORT [NAME…]

A statement a line; ` ~~ ` before each bound value: hexadecimal, `null` or `unset`. `<<N>>` stands for N letters a. A line of the answers: {"cql", "values"?,
"error": kind, "message"} or {"cql", "values"?, "warnings"?, "columns"?, "rows"?}, rows as hexadecimal cells.
"""
import argparse
import importlib.util
import json
import os
import re

import cassandra.protocol as protocol
from cassandra.query import UNSET_VALUE, BoundStatement

here = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location('record', os.path.join(here, '..', 'ddl', 'record.py'))
ddl = importlib.util.module_from_spec(spec)
spec.loader.exec_module(ddl)


def keep_rows_raw():
    def recv_results_rows(self, f, protocol_version, user_type_map, result_metadata, *rest):
        self.recv_results_metadata(f, user_type_map)
        columns = self.column_metadata or result_metadata
        self.column_names = [column[2] for column in columns]
        self.column_types = [column[3] for column in columns]
        rows = protocol.read_int(f)
        self.parsed_rows = [tuple(protocol.read_value(f) for _ in columns) for _ in range(rows)]

    protocol.ResultMessage.recv_results_rows = recv_results_rows


def type_text(cass):
    name = cass.typename
    if name in ('list', 'set', 'map', 'tuple'):
        return '%s<%s>' % (name, ', '.join(type_text(part) for part in cass.subtypes))
    if name.endswith('VectorType'):
        return 'vector<%s, %d>' % (type_text(cass.subtype), cass.vector_size)
    if name == 'frozen':
        return type_text(cass.subtypes[0])
    return {'varchar': 'text'}.get(name, name.replace('org.apache.cassandra.db.marshal.', '').strip("'"))



def answer(session, line):
    cql, *values = line.split(' ~~ ')
    out = {'cql': cql}
    if values:
        out['values'] = [None if value == 'null' else value for value in values]
    cql = re.sub('<<([0-9]+)>>', lambda match: 'a' * int(match.group(1)), cql)
    ddl.last_error[0] = None
    try:
        if values:
            prepared = session.prepare(cql)
            prepared.routing_key_indexes = None
            statement = BoundStatement(prepared)
            statement.values = [{'null': None, 'unset': UNSET_VALUE}[value] if value in ('null', 'unset')
                                else bytes.fromhex(value) for value in values]
        else:
            statement = cql
        future = session.execute_async(statement)
        result = future.result()
    except Exception:
        if ddl.last_error[0] is None:
            raise
        code, message = ddl.last_error[0]
        return {**out, 'error': ddl.KINDS.get(code, hex(code)), 'message': message}
    if future.warnings:
        out['warnings'] = list(future.warnings)
    if result.column_names:
        out['columns'] = ['%s %s' % (name, type_text(cass)) for name, cass in zip(result.column_names, result.column_types)]
        out['rows'] = [','.join('null' if cell is None else cell.hex() for cell in row) for row in result]
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--host', default='127.0.0.1')
    parser.add_argument('--port', type=int, default=9042)
    parser.add_argument('names', nargs='*')
    options = parser.parse_args()
    names = options.names or sorted(name[:-4] for name in os.listdir(here) if name.endswith('.cql'))
    ddl.remember_errors()
    cluster, session = ddl.connect(options.host, options.port)
    keep_rows_raw()
    # The handler in Python, whose rows are the ones above.
    session.client_protocol_handler = protocol._ProtocolHandler
    session.default_fetch_size = None
    for name in names:
        with open(os.path.join(here, name + '.cql')) as lines, open(os.path.join(here, name + '.jsonl'), 'w') as out:
            for line in lines:
                line = line.rstrip('\n')
                if line and not line.startswith('-- '):
                    out.write(json.dumps(answer(session, line), ensure_ascii=False) + '\n')
    cluster.shutdown()


main()
