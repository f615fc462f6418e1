"""Microseconds of SQLite's reads by primary key: sqlite_points.py DATABASE USERS.csv KEYS. Loads the CSV once."""
import csv, json, os, sqlite3, sys, time

database, users, keys = sys.argv[1:4]
COLUMNS = 'id text PRIMARY KEY, active text, age int, country text, created text, email text, name text, score real'
if not os.path.exists(database):
    db = sqlite3.connect(database + '.part')
    db.execute('PRAGMA journal_mode = off')
    db.execute(f'CREATE TABLE users ({COLUMNS})')
    with open(users, newline='') as file:
        rows = csv.reader(file)
        header = next(rows)
        marks = ', '.join('?' for _ in header)
        db.executemany(f"INSERT INTO users ({', '.join(header)}) VALUES ({marks})", rows)
    db.commit()
    db.close()
    os.rename(database + '.part', database)
db = sqlite3.connect(database)
micros, found = [], 0
for key in open(keys).read().split():
    started = time.perf_counter()
    found += len(db.execute('SELECT * FROM users WHERE id = ?', (key,)).fetchall())
    micros.append((time.perf_counter() - started) * 1e6)
micros = sorted(micros[len(micros) // 10:])
print(json.dumps({'median': micros[len(micros) // 2], 'p99': micros[len(micros) * 99 // 100], 'found': found}))
