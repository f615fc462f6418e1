import { afterEach, describe, expect, it } from 'vitest';
import { openSession } from '../../src/session/open-session.ts';
import type { Session, TraceEvent } from '../../src/session/session.ts';

let session: Session;

afterEach(() => session.close());

async function shop(): Promise<void> {
  session = await openSession({ paths: [], dialect: 'explore' });
  await session.execute("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
  await session.execute('USE k');
  await session.execute('CREATE TABLE t (p int, c int, v text, l list<int>, m map<text, int>, PRIMARY KEY (p, c))');
  await session.execute('CREATE TABLE n (p int PRIMARY KEY, hits counter)');
}

async function traced(cql: string): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  const result = await session.execute(cql, { trace: (event) => events.push(event) });
  if (result.kind === 'rows') while ((await result.next()) !== null);
  return events;
}

async function explained(cql: string): Promise<string[]> {
  const result = await session.execute(`EXPLAIN ${cql}`);
  if (result.kind !== 'rows') throw new TypeError(result.kind);
  const lines: string[] = [];
  for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) {
    lines.push(...chunk.cells.map((cell) => Buffer.from(cell ?? []).toString()));
  }
  return lines;
}

describe('tracing', () => {
  it('tells what a write did and what a read read, with time that only grows', async () => {
    await shop();
    const written = await traced("INSERT INTO t (p, c, v) VALUES (1, 2, 'a')");
    expect(written.map(({ activity }) => activity)).toEqual([
      'Parsed',
      'Planned: Insert into k.t, partitions by key: p = 1',
      'Applied to log and memtable',
      'Durable as promised',
    ]);
    const refused = await traced("INSERT INTO t (p, c, v) VALUES (1, 2, 'a') IF NOT EXISTS");
    expect(refused.map(({ activity }) => activity)).toContain('Condition does not hold: nothing written');
    await session.maintenance?.flush();
    const read = await traced('SELECT v FROM t WHERE p = 1');
    expect(read[1].activity).toMatch(/^Planned: Scan k\.t, partitions by key: p = 1 /);
    expect(read.at(-2)?.activity).toMatch(/^Read 1 SSTable, 1 partition, \d+ blocks?, \d+ bytes, 0 tombstones$/);
    expect(read.at(-1)?.activity).toBe('Done: 1 row');
    const times = read.map(({ elapsedMicros }) => elapsedMicros);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

describe('EXPLAIN of writes', () => {
  it.each([
    [
      "UPDATE t SET v = 'x', m['a'] = 1 WHERE p = 1 AND c = 2 IF v = 'y'",
      [
        'Update k.t',
        '    partitions by key: p = 1',
        '    rows: c = 2',
        "    v = 'x'",
        "    m['a'] = 1",
        '    reads the row first: written only if',
        "      v = 'y'",
      ],
    ],
    [
      'DELETE FROM t WHERE p = 1 AND c > 2',
      [
        'Delete from k.t',
        '    partitions by key: p = 1',
        '    rows: c > 2',
        '    writes a range tombstone',
        '    blind: nothing is read',
      ],
    ],
    [
      'UPDATE n SET hits = hits - 1 WHERE p = 1',
      [
        'Update k.n',
        '    partitions by key: p = 1',
        '    takes 1 from hits',
        '    reads its own shard of the counter in n first',
      ],
    ],
    [
      'BEGIN UNLOGGED BATCH UPDATE t SET l[0] = 1 WHERE p = 1 AND c = 2; DELETE FROM t WHERE p = 3; APPLY BATCH',
      [
        'Batch of 2, unlogged',
        '    all with one timestamp',
        '  └ Update k.t',
        '      partitions by key: p = 1',
        '      rows: c = 2',
        '      l[0] = 1',
        '      reads l first: its elements are found by place or value',
        '  └ Delete from k.t',
        '      partitions by key: p = 3',
        '      writes a partition tombstone',
        '      blind: nothing is read',
      ],
    ],
  ])('%s', async (cql, lines) => {
    await shop();
    expect(await explained(cql)).toEqual(lines);
    expect(await explained('SELECT * FROM t')).not.toEqual([]);
    const result = await session.execute('SELECT * FROM t');
    expect(result.kind === 'rows' && (await result.next())).toBeNull();
  });
});
