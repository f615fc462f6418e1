#!/usr/bin/env python3
"""Records what a live Cassandra 5.0.8 answers to each line of statements.cql (or roles.cql), into answers.jsonl.

Start it empty, with the settings that strict mode follows (the last line only for roles.cql):

  oracle/cassandra.sh start --fresh --format nb --port PORT --dir DIR \\
    --yaml 'dynamic_data_masking_enabled: true' --yaml 'drop_compact_storage_enabled: true' \\
    --yaml 'authenticator: PasswordAuthenticator' --yaml 'authorizer: CassandraAuthorizer'
  python3 test-data/ddl/record.py --host HOST --port PORT [--statements F] [--answers F]

A line `-- login NAME PASSWORD` goes on as that role (cassandra is who begins).

A line of answers.jsonl: {"cql", "error": kind, "message"} or {"cql", "warnings"?, "columns"?, "rows"?}, and "user" of another role.
"""
import argparse
import json
import os
import time

import cassandra.protocol as protocol
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import Cluster, ExecutionProfile, EXEC_PROFILE_DEFAULT
from cassandra.query import tuple_factory

KINDS = {
    0x0000: 'ServerError', 0x000A: 'ProtocolException', 0x0100: 'BadCredentials', 0x1000: 'Unavailable',
    0x1001: 'Overloaded', 0x1002: 'IsBootstrapping', 0x1003: 'TruncateError', 0x1100: 'WriteTimeout',
    0x1200: 'ReadTimeout', 0x1300: 'ReadFailure', 0x1400: 'FunctionFailure', 0x1500: 'WriteFailure',
    0x2000: 'SyntaxException', 0x2100: 'Unauthorized', 0x2200: 'InvalidRequest', 0x2300: 'ConfigurationException',
    0x2400: 'AlreadyExists', 0x2500: 'Unprepared',
}
last_error = [None]


def remember_errors():
    original = protocol.ErrorMessage.recv_body.__func__

    def recv_body(cls, f, *args):
        message = original(cls, f, *args)
        last_error[0] = (message.code, message.message)
        return message

    protocol.ErrorMessage.recv_body = classmethod(recv_body)


def connect(host, port, user='cassandra', password='cassandra'):
    profile = ExecutionProfile(row_factory=tuple_factory, request_timeout=60)
    for attempt in range(30):
        try:
            cluster = Cluster([host], port=port, execution_profiles={EXEC_PROFILE_DEFAULT: profile},
                              auth_provider=PlainTextAuthProvider(user, password),
                              schema_metadata_enabled=False, token_metadata_enabled=False)
            return cluster, cluster.connect()
        except Exception:  # the default role is made some seconds after the start
            time.sleep(2)
    raise SystemExit('no connection')


def answer(session, cql):
    out = {'cql': cql}
    last_error[0] = None
    try:
        future = session.execute_async(cql)
        result = future.result()
    except Exception as error:
        if last_error[0] is None:
            raise
        code, message = last_error[0]
        out['error'] = KINDS.get(code, hex(code))
        out['message'] = message
        return out
    if future.warnings:
        out['warnings'] = list(future.warnings)
    if result.column_names:
        out['columns'] = list(result.column_names)
        out['rows'] = [[plain(value) for value in row] for row in result]
    return out


def plain(value):
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if hasattr(value, 'items'):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return str(value)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser()
    parser.add_argument('--host', default='127.0.0.1')
    parser.add_argument('--port', type=int, default=9042)
    parser.add_argument('--statements', default=os.path.join(here, 'statements.cql'))
    parser.add_argument('--answers', default=os.path.join(here, 'answers.jsonl'))
    options = parser.parse_args()
    remember_errors()
    user = 'cassandra'
    cluster, session = connect(options.host, options.port)
    with open(options.statements) as lines, open(options.answers, 'w') as out:
        for line in lines:
            cql = line.strip()
            if cql.startswith('-- login '):
                cluster.shutdown()
                user, password = cql.split()[2:4]
                cluster, session = connect(options.host, options.port, user, password)
            if cql and not cql.startswith('--'):
                line = answer(session, cql)
                if user != 'cassandra':
                    line['user'] = user
                out.write(json.dumps(line, ensure_ascii=False) + '\n')
                out.flush()
    cluster.shutdown()


if __name__ == "__main__":
    main()
