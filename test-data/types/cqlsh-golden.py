"""
Writes cqlsh.txt: how cqlsh 6.2.2 shows the values of texts.txt, and some floats and times.
  pip install cqlsh==6.2.2 && python cqlsh-golden.py
"""
import json, pathlib, struct, sys
from cassandra import cqltypes
from cassandra.cqltypes import lookup_casstype
from cqlshlib import formatting

cqltypes.CassandraType.support_empty_values = True
here = pathlib.Path(__file__).parent

# As cqlsh does for times that Python's datetime cannot hold.
from cassandra.cqltypes import DateType, int64_unpack
plain = DateType.deserialize
def deserialize(byts, protocol_version):
    try:
        return plain(byts, protocol_version)
    except OverflowError:
        return str(int64_unpack(byts))
DateType.deserialize = staticmethod(deserialize)

class Keyspace:
    user_types = {}

def show(type_name, data, **options):
    cls = lookup_casstype(type_name)
    value = cls.from_binary(data, 5)
    cql = formatting.CqlType(cls.cql_parameterized_type().replace('org.apache.cassandra.db.marshal.VectorType', 'vector'), Keyspace)
    return formatting.get_str(formatting.format_by_type(value, cql, 'utf-8', addcolor=False, float_precision=options.get('precision', 5)))

with open(here / 'cqlsh.txt', 'w', encoding='utf-8', newline='\n') as out:
    def put(type_name, data, precision=5):
        try:
            text = show(type_name, data, precision=precision)
        except Exception as e:
            print('skipped', type_name, data.hex(), repr(e)[:80], file=sys.stderr)
            return
        out.write('\t'.join([type_name, data.hex(), str(precision), json.dumps(text)]) + '\n')
    for line in open(here / 'texts.txt', encoding='utf-8'):
        type_name, data, _ = line.split('\t', 2)
        if 'UserType' in type_name or 'Duration' in type_name:
            continue
        put(type_name, bytes.fromhex(data))
    doubles = [0.0, -0.0, 1, -1, 100, 12345.678, 123456, 100005, 1000050, 0.5, 1/3, 2/3, 1e-5, 1.5e-5, 0.0001, 0.00012345, 0.001, 3.14159265,
               99999.5, 99999.4, 9.99999e4, 1e5, 1e10, 1.23456789e10, 1e-10, 1e100, 1e308, 5e-324, 2.220446049250313e-16, 2.5e-16, 123.456789012345, 0.15, 2.5, 1.5,
               0.125, 10.0625, 1000.0625, 65536.5, 99999.999999, 999999.5, 12.000000001, float('nan'), float('inf'), float('-inf')]
    for value in doubles:
        for precision in (0, 1, 3, 5, 12):
            put('DoubleType', struct.pack('>d', value), precision)
        put('FloatType', struct.pack('>f', value if abs(value) < 3e38 or value != value else 1), 5)
    for millis in [0, 1, -1, 999, 1337000000000, -62135596800000, -62135596800001, 253402300799999, 253402300800000, -30610224000000, 2**62, -2**62]:
        put('TimestampType', struct.pack('>q', millis))
        put('FrozenType(ListType(TimestampType))', struct.pack('>iiq', 1, 8, millis))
    for days in [2**31, 0, 2**32 - 1, 2**31 - 719162, 2**31 - 719163, 2**31 + 2932896, 2**31 + 2932897]:
        put('SimpleDateType', struct.pack('>I', days))
    for name in ['Int32Type', 'UTF8Type', 'BytesType', 'BooleanType', 'DoubleType', 'TimestampType', 'InetAddressType', 'UUIDType', 'DecimalType']:
        put(name, b'')
