"""Milliseconds of SQLite's queries: sqlite_queries.py DATABASE CSV_DIRECTORY QUERIES.json. Loads the CSV once."""
import csv, json, os, sqlite3, sys, time

database, directory, queries = sys.argv[1:4]
PASSES = 5
TABLES = {
    'users': ('id text PRIMARY KEY, active text, age int, country text, created text, email text, name text, score real', ''),
    'events': ('sensor int, ts text, seq int, reading int, status text, value real, PRIMARY KEY (sensor, ts, seq)', ' WITHOUT ROWID'),
}
if not os.path.exists(database):
    db = sqlite3.connect(database + '.part')
    db.execute('PRAGMA journal_mode = off')
    for table, (columns, options) in TABLES.items():
        db.execute(f'CREATE TABLE {table} ({columns}){options}')
        with open(os.path.join(directory, table + '.csv'), newline='') as file:
            rows = csv.reader(file)
            header = next(rows)
            marks = ', '.join('?' for _ in header)
            db.executemany(f"INSERT INTO {table} ({', '.join(header)}) VALUES ({marks})", rows)
    db.commit()
    db.close()
    os.rename(database + '.part', database)
db = sqlite3.connect(database)
answers = []
for query in json.load(open(queries)):
    times = []
    for _ in range(PASSES):
        started = time.perf_counter()
        rows = db.execute(query['sql']).fetchall()
        times.append(time.perf_counter() - started)
    answers.append({'millis': sorted(times)[PASSES // 2] * 1000, 'rows': len(rows)})
print(json.dumps(answers))
