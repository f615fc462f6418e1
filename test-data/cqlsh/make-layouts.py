"""Writes layouts.txt: results as cqlsh 6.2.2 prints them to a file (no terminal, no colour), page by page.

    python3 -m venv /tmp/v && /tmp/v/bin/pip install cqlsh==6.2.2 && /tmp/v/bin/python make-layouts.py > layouts.txt

A case is a line of JSON (expand, columns with their types, rows), a line `----`, what cqlsh prints, and a line `====`.
The pages are those of a server: 100 rows each, the last one shorter.
"""
import json
import sys
from io import StringIO

from cassandra.cqltypes import lookup_casstype
from cqlshlib import cqlshmain
from cqlshlib.formatting import DEFAULT_DATE_FORMAT, DEFAULT_NANOTIME_FORMAT, DEFAULT_TIMESTAMP_FORMAT

PAGE = 100
TYPES = {'int': 'Int32Type', 'text': 'UTF8Type', 'double': 'DoubleType', 'boolean': 'BooleanType'}


class Result:
    def __init__(self, names, types, rows):
        self.column_names = names
        self.column_types = [lookup_casstype('org.apache.cassandra.db.marshal.' + TYPES[t]) for t in types]
        self.pages = [rows[i:i + PAGE] for i in range(0, len(rows), PAGE)] or [[]]
        self.at = 0

    @property
    def current_rows(self):
        return [dict(zip(self.column_names, row)) for row in self.pages[self.at]]

    @property
    def has_more_pages(self):
        return self.at + 1 < len(self.pages)

    def fetch_next_page(self):
        self.at += 1


class Metadata:
    keyspaces = {}


class Connection:
    metadata = Metadata()


def shell(expand):
    it = cqlshmain.Shell.__new__(cqlshmain.Shell)
    it.tty = it.color = False
    it.shunted_query_out = None
    it.expand_enabled = expand
    it.query_out = StringIO()
    it.conn = Connection()
    it.current_keyspace = None
    it.output_codec = type('Codec', (), {'name': 'utf-8'})
    it.display_timestamp_format = DEFAULT_TIMESTAMP_FORMAT
    it.display_date_format = DEFAULT_DATE_FORMAT
    it.display_nanotime_format = DEFAULT_NANOTIME_FORMAT
    it.display_timezone = None
    it.display_float_precision = it.display_double_precision = 5
    it.decoding_errors = []
    return it


def case(names, types, rows, expand, applied=False):
    it = shell(expand)
    result = Result(names, types, rows)
    if applied:
        # cqlsh's perform_simple_statement, for the answer of a conditional write
        it.writeresult('')
        it.print_static_result(result, None, with_header=True, tty=False)
    else:
        it.print_result(result, None)
    print(json.dumps({'expand': expand, 'columns': list(zip(names, types)), 'rows': rows}))
    print('----')
    sys.stdout.write(it.query_out.getvalue())
    print('====')


TEXTS = ['plain', '', 'a\nb', 'tab\there', 'back\\slash', '日本語', 'e\u0301', 'emoji 👍', None, 'x' * 40]
for expand in (False, True):
    names, types = ['id', 'a longer name', 'd', 'ok'], ['int', 'text', 'double', 'boolean']
    for count in (0, 1, 3, 10, 99, 101, 250):
        rows = [[i, TEXTS[i % 10] if i < 10 else 'row %d' % (i * i * i), i / 3, None if i % 4 == 3 else i % 2 == 0]
                for i in range(count)]
        case(names, types, rows, expand)
    case(['幅'], ['text'], [['広い文字'], ['n']], expand)
    case(['[applied]'], ['boolean'], [[True]], expand, applied=True)
    case(['[applied]', 'id', 'v'], ['boolean', 'int', 'text'], [[False, 1, 'there']], expand, applied=True)
