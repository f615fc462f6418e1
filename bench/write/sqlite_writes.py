"""Rows a second that SQLite inserts in WAL mode: sqlite_writes.py SYNCHRONOUS ROWS BATCH. A batch is one transaction."""
import json, os, sqlite3, sys, tempfile, time

synchronous, rows, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with tempfile.TemporaryDirectory() as directory:
    db = sqlite3.connect(os.path.join(directory, 'bench.db'), isolation_level=None)
    db.execute('PRAGMA journal_mode = wal')
    db.execute(f'PRAGMA synchronous = {synchronous}')
    db.execute('CREATE TABLE t (p int, c int, a text, b text, d int, PRIMARY KEY (p, c)) WITHOUT ROWID')
    text = 'some text of thirty characters'
    started = time.perf_counter()
    for n in range(0, rows, batch):
        if batch > 1: db.execute('BEGIN')
        for i in range(n, n + batch):
            db.execute('INSERT OR REPLACE INTO t VALUES (?, ?, ?, ?, ?)', (i * 2654435769 % 50000, i, text, text, i))
        if batch > 1: db.execute('COMMIT')
    print(json.dumps(rows / (time.perf_counter() - started)))
