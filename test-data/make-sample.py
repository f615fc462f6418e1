#!/usr/bin/env python3
"""Makes test-data/sample: a small shop as a real Cassandra 5.0.8 wrote it.

make-sample.py PORT CASSANDRA_DIR NODETOOL > schema.cql   against a running, empty daemon of the oracle (format nb);
then copy its data/shop directory. Seeded: rows and write timestamps are the same each time.
"""
import datetime, decimal, random, subprocess, sys, uuid
from cassandra.cluster import Cluster

port = int(sys.argv[1]); r = random.Random(7)
cluster = Cluster(['127.0.0.30'], port=port); s = cluster.connect()
SCHEMA = """
CREATE KEYSPACE shop WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
CREATE TYPE shop.address (street text, city text, zip text, country text);
CREATE TABLE shop.customers (id uuid PRIMARY KEY, name text, email text, joined date, address frozen<address>, phones map<text, text>, tags set<text>, loyalty_points int);
CREATE TABLE shop.products (sku text PRIMARY KEY, title text, price decimal, stock int, categories list<text>, specs map<text, text>, weight_kg float, embedding vector<float, 4>);
CREATE TABLE shop.orders_by_customer (customer uuid, placed timestamp, order_id timeuuid, status text, total decimal, items list<frozen<tuple<text, int, decimal>>>, customer_name text static, PRIMARY KEY (customer, placed, order_id)) WITH CLUSTERING ORDER BY (placed DESC, order_id ASC);
CREATE TABLE shop.page_views (page text, day date, views counter, PRIMARY KEY (page, day)) WITH CLUSTERING ORDER BY (day DESC);
CREATE TABLE shop.sensor_readings (warehouse text, sensor int, at timestamp, temperature double, humidity float, ok boolean, PRIMARY KEY ((warehouse, sensor), at)) WITH CLUSTERING ORDER BY (at DESC);
CREATE TABLE shop.sessions (session uuid PRIMARY KEY, customer uuid, ip inet, started timestamp, last_page text) WITH default_time_to_live = 315360000;
"""
for statement in SCHEMA.strip().split('\n'): s.execute(statement)

BASE = 1_700_000_000_000_000
clock = [BASE]
def ts():
    clock[0] += r.randrange(1, 5_000_000)
    return clock[0]
def uid(): return uuid.UUID(int=r.getrandbits(128), version=4)
def timeuuid(ms):
    stamp = (ms * 10_000) + 0x01b21dd213814000
    return uuid.UUID(fields=(stamp & 0xffffffff, (stamp >> 32) & 0xffff, (stamp >> 48) & 0x0fff | 0x1000, 0x80 | r.getrandbits(6), r.getrandbits(8), r.getrandbits(48)))
def run(cql, values=()):
    """USING TIMESTAMP is added, so that a second run writes the same."""
    t = ts()
    if cql.startswith('INSERT'): cql += f' USING TIMESTAMP {t}'
    elif cql.startswith('DELETE'): cql = cql.replace(' WHERE', f' USING TIMESTAMP {t} WHERE', 1)
    elif cql.startswith('UPDATE') and 'page_views' not in cql: cql = cql.replace(' SET', f' USING TIMESTAMP {t} SET', 1)
    s.execute(cql, values)

FIRST = 'Ada Grace Alan Edgar Barbara Donald Radia Leslie Jim Pat Margaret Tony Fran Ken Dennis Edsger Lynn Shafi Silvio Michael'.split()
LAST = 'Lovelace Hopper Turing Codd Liskov Knuth Perlman Lamport Gray Selinger Hamilton Hoare Allen Thompson Ritchie Dijkstra Conway Goldwasser Micali Stonebraker'.split()
CITIES = [('Lisbon', 'PT'), ('Austin', 'US'), ('Kyoto', 'JP'), ('Zürich', 'CH'), ('São Paulo', 'BR'), ('Nairobi', 'KE'), ('Tallinn', 'EE')]
ADJ = 'Silent Folding Copper Nordic Tiny Electric Linen Walnut Bright Solar'.split(); NOUN = 'Lamp Kettle Desk Chair Speaker Clock Backpack Notebook Keyboard Teapot'.split()
s.set_keyspace('shop'); s.encoder.mapping[tuple] = s.encoder.cql_encode_tuple
from collections import namedtuple
Address = namedtuple('Address', 'street city zip country'); cluster.register_user_type('shop', 'address', Address)
customers, products = [], []
for i in range(60):
    c = uid(); name = f'{FIRST[i % 20]} {LAST[(i * 7 + i // 20) % 20]}'; customers.append((c, name)); city, country = r.choice(CITIES)
    run('INSERT INTO customers (id, name, email, joined, address, phones, tags, loyalty_points) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)',
        (c, name, name.lower().replace(' ', '.') + '@example.com', datetime.date(2020, 1, 1) + datetime.timedelta(days=r.randrange(1400)),
         Address(f'{r.randrange(1, 200)} Main Street', city, str(r.randrange(10000, 99999)), country),
         {k: f'+{r.randrange(1, 99)} {r.randrange(10**8, 10**9)}' for k in r.sample(['home', 'work', 'mobile'], r.randrange(1, 3))},
         set(r.sample(['vip', 'newsletter', 'beta', 'wholesale', 'returns'], r.randrange(0, 4))) or None, r.randrange(0, 5000)))
for i in range(40):
    sku = f'SKU-{i:04d}'; products.append(sku)
    run('INSERT INTO products (sku, title, price, stock, categories, specs, weight_kg, embedding) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)',
        (sku, f'{ADJ[i % 10]} {NOUN[(i * 3 + i // 10) % 10]}', decimal.Decimal(r.randrange(500, 30000)) / 100, r.randrange(0, 300), r.sample(['home', 'office', 'kitchen', 'travel', 'audio'], 2),
         {'colour': r.choice(['black', 'white', 'green']), 'origin': r.choice(['PT', 'JP', 'SE'])}, r.randrange(1, 90) / 10, [r.randrange(-100, 100) / 100 for _ in range(4)]))
def flush(): subprocess.run([sys.argv[3], sys.argv[2], 'flush', 'shop'], check=True)
for c, name in customers:
    run('UPDATE orders_by_customer SET customer_name = %s WHERE customer = %s', (name, c))
    for _ in range(r.randrange(0, 9)):
        at = 1_690_000_000_000 + r.randrange(20_000_000) * 1000
        items = [(r.choice(products), r.randrange(1, 5), decimal.Decimal(r.randrange(500, 30000)) / 100) for _ in range(r.randrange(1, 4))]
        run('INSERT INTO orders_by_customer (customer, placed, order_id, status, total, items) VALUES (%s, %s, %s, %s, %s, %s)',
            (c, datetime.datetime.fromtimestamp(at / 1000, datetime.timezone.utc), timeuuid(at), r.choice(['placed', 'paid', 'shipped', 'delivered']), sum(q * p for _, q, p in items), items))
for page in ['/', '/cart', '/checkout', '/help', '/lamp', '/desk']:
    for day in range(14):
        s.execute(f"UPDATE page_views SET views = views + {r.randrange(1, 500)} WHERE page = '{page}' AND day = '2024-03-{day + 1:02d}'")
for w in ['LIS', 'AUS']:
    for sensor in range(3):
        for i in range(200):
            at = datetime.datetime(2024, 3, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(minutes=15 * i)
            run('INSERT INTO sensor_readings (warehouse, sensor, at, temperature, humidity, ok) VALUES (%s, %s, %s, %s, %s, %s)', (w, sensor, at, round(18 + r.random() * 6, 2), round(40 + r.random() * 20, 1), r.random() > 0.03))
for _ in range(50):
    run('INSERT INTO sessions (session, customer, ip, started, last_page) VALUES (%s, %s, %s, %s, %s)', (uid(), r.choice(customers)[0], f'10.{r.randrange(256)}.{r.randrange(256)}.{r.randrange(256)}', datetime.datetime(2024, 3, r.randrange(1, 28), r.randrange(24), tzinfo=datetime.timezone.utc), r.choice(['/', '/cart', '/help'])))
flush()
# A second generation: updates, deletes and range deletes, so that there is something to reconcile and to explain.
for c, name in customers[:20]: run('UPDATE customers SET loyalty_points = %s WHERE id = %s', (r.randrange(5000, 9000), c))
for c, name in customers[40:44]: run('DELETE FROM customers WHERE id = %s', (c,))
for sku in products[:6]: run('UPDATE products SET stock = 0, categories = categories + %s WHERE sku = %s', (['clearance'], sku))
for c, name in customers[5:9]: run('DELETE FROM orders_by_customer WHERE customer = %s AND placed < %s', (c, datetime.datetime(2023, 11, 1, tzinfo=datetime.timezone.utc)))
for sensor in range(3): run('DELETE FROM sensor_readings WHERE warehouse = %s AND sensor = %s AND at < %s', ('AUS', sensor, datetime.datetime(2024, 3, 1, 6, tzinfo=datetime.timezone.utc)))
flush()
print('\n\n'.join(row.create_statement for row in s.execute('DESCRIBE KEYSPACE shop WITH INTERNALS')))
cluster.shutdown()
