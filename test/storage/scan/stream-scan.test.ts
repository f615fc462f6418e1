import { describe, expect, it } from 'vitest';
import { defineTable, type TableMetadata } from '../../../src/schema/model/index.ts';
import {
  BATCH_ROWS,
  newScanStatistics,
  type PushedFilter,
  type ScanColumn,
  type ScanRequest,
  StreamScan,
} from '../../../src/storage/scan/index.ts';
import { codecOf } from '../../../src/types/index.ts';
import { intBytes, modelTable } from '../merge/plain-model.ts';
import { ArrayStream, type PartitionSpec, type RowSpec } from '../support/array-stream.ts';
import { request, values } from '../support/scan-rows.ts';

const NOW = 1000;
const text = (value: string): Buffer => Buffer.from(value);

function row(b: number, parts: Partial<RowSpec> = {}): RowSpec {
  return { kind: 'row', clustering: [intBytes(0), intBytes(b)], cells: [], ...parts };
}

function staticRow(value: string): RowSpec {
  return { kind: 'row', clustering: null, cells: [{ column: 0, timestamp: 1, value: text(value) }] };
}

function partition(key: number, ...elements: PartitionSpec['elements']): PartitionSpec {
  return { key: intBytes(key), elements };
}

const live = { liveness: { timestamp: 1 } };
const v = (value: string, parts = {}) => ({ column: 0, timestamp: 2, value: text(value), ...parts });

function columns(table: TableMetadata, names: string): ScanColumn[] {
  return names.split(' ').map((name) => {
    const [, wanted = 'value', inner = name] = /^(writetime|ttl)\((.*)\)$/.exec(name) ?? [];
    const column = table.columns.get(inner);
    if (column === undefined) return expect.unreachable(name);
    // One of the three by the expression.
    return { column, wanted: wanted as ScanColumn['wanted'] };
  });
}

/** Rows as texts: CQL literals by the columns' types, integers for times. */
async function scan(
  partitions: readonly PartitionSpec[],
  names: string,
  parts: Partial<ScanRequest> = {},
  table = modelTable,
): Promise<string[]> {
  const asked = columns(table, names);
  const stream = new ArrayStream(table, partitions, false, 3);
  const run = new StreamScan(request(table, asked, NOW, parts), async () => stream, newScanStatistics());
  const rows: string[] = [];
  for (let batch = await run.next(); batch !== null; batch = await run.next()) {
    for (let i = 0; i < batch.length; i++) {
      rows.push(
        batch.columns
          .map((vector, slot) => {
            const value = vector.value(i);
            const { column, wanted } = asked[slot];
            const name = wanted === 'ttl' ? 'int' : 'bigint';
            const type = wanted === 'value' ? column.type : ({ kind: 'native', name } as const);
            return value === null ? 'null' : codecOf(type).toLiteral(value, 0, value.length);
          })
          .join(' '),
      );
    }
  }
  expect(stream.closed).toBe(true);
  return rows;
}

describe('visible rows', () => {
  it.each<[string, RowSpec, string[]]>([
    ['a row with liveness and no cells', row(1, live), ['1 null']],
    ['a row with a cell and no liveness', row(1, { cells: [v('x')] }), ["1 'x'"]],
    ['a row whose liveness expired', row(1, { liveness: { timestamp: 1, ttl: 5, localSeconds: NOW } }), []],
    [
      'a row whose liveness expires later',
      row(1, { liveness: { timestamp: 1, ttl: 5, localSeconds: NOW + 1 } }),
      ['1 null'],
    ],
    ['an expired cell', row(1, { ...live, cells: [v('x', { ttl: 5, localSeconds: NOW })] }), ['1 null']],
    ['a cell that expires later', row(1, { cells: [v('x', { ttl: 5, localSeconds: NOW + 1 })] }), ["1 'x'"]],
    ['a cell tombstone', row(1, { ...live, cells: [v('', { localSeconds: 10 })] }), ['1 null']],
    ['a row of tombstones only', row(1, { cells: [v('', { localSeconds: 10 })] }), []],
    ['a row deletion', row(1, { deletion: { timestamp: 5, localSeconds: 10 } }), []],
    [
      'a row deletion with newer cells',
      row(1, { deletion: { timestamp: 1, localSeconds: 10 }, cells: [v('x')] }),
      ["1 'x'"],
    ],
    [
      'a live cell of a column not asked for',
      row(1, { cells: [{ column: 1, timestamp: 1, value: text('w') }] }),
      ['1 null'],
    ],
    ['an empty value', row(1, { cells: [v('')] }), ["1 ''"]],
  ])('%s', async (_, spec, rows) => {
    expect(await scan([partition(1, spec)], 'b v')).toEqual(rows);
    const counter = new StreamScan(
      request(modelTable, [], NOW),
      async () => new ArrayStream(modelTable, [partition(1, spec)]),
      newScanStatistics(),
    );
    expect(await counter.countRows()).toBe(rows.length);
  });

  it('needs live liveness in a strict view', async () => {
    const rows = [row(1, { cells: [v('x')] }), row(2, { ...live, cells: [v('y')] })];
    expect(await scan([partition(1, ...rows)], 'b v', { strictLiveness: true })).toEqual(["2 'y'"]);
  });
});

describe('partitions', () => {
  const both = [partition(1, staticRow('s')), partition(2, staticRow('t'), row(1, live), row(2, live))];

  it('with static values only are one row without clustering', async () => {
    expect((await scan(both, 'pk b s')).sort()).toEqual(["1 null 's'", "2 1 't'", "2 2 't'"]);
  });

  it('with static values only do not show where clustering is restricted', async () => {
    expect(await scan(both, 'pk b s', { staticOnlyRows: false })).toEqual(["2 1 't'", "2 2 't'"]);
  });

  it('are one row each for DISTINCT', async () => {
    expect((await scan(both, 'pk s', { distinctPartitions: true })).sort()).toEqual(["1 's'", "2 't'"]);
  });

  it.each([
    [0, []],
    [1, ["2 1 't'"]],
    [5, ["2 1 't'", "2 2 't'"]],
  ])('deliver at most %d rows', async (perPartitionLimit, rows) => {
    expect(await scan([both[1]], 'pk b s', { perPartitionLimit })).toEqual(rows);
  });

  it('whose rows are all refused do not turn into static ones', async () => {
    const filters = [{ column: 1, operator: '=', operands: [intBytes(9)] }] as const;
    expect(await scan([both[1]], 'pk b s', { filters })).toEqual([]);
  });

  it('keep their key and static values from batch to batch', async () => {
    const many = Array.from({ length: 3 * BATCH_ROWS }, (_, i) => row(i, live));
    const rows = await scan(
      [partition(7, staticRow('s'), ...many), partition(8, staticRow('t'), row(0, live))],
      'pk b s',
    );
    const sevens = rows.filter((line) => line.startsWith('7 '));
    expect(sevens).toEqual(many.map((_, i) => `7 ${i} 's'`));
    expect(rows).toHaveLength(many.length + 1);
  });
});

describe('limits and filters', () => {
  const rows = ['b', 'a', 'c', null].map((value, i) => row(i, { ...live, cells: value === null ? [] : [v(value)] }));
  const all = [partition(1, ...rows)];

  it.each([0, 1, 3, 9])('LIMIT %d', async (rowLimit) => {
    expect(await scan(all, 'b', { rowLimit })).toEqual(['0', '1', '2', '3'].slice(0, rowLimit));
  });

  it.each<[PushedFilter['operator'], string[], string[]]>([
    ['=', ['a'], ['1']],
    ['!=', ['a'], ['0', '2']],
    ['<', ['b'], ['1']],
    ['<=', ['b'], ['0', '1']],
    ['>', ['b'], ['2']],
    ['>=', ['b'], ['0', '2']],
    ['IN', ['a', 'c', 'x'], ['1', '2']],
    ['IS_NULL', [], ['3']],
    ['IS_NOT_NULL', [], ['0', '1', '2']],
  ])('v %s %j', async (operator, operands, expected) => {
    const filters = [{ column: 1, operator, operands: operands.map(text) }];
    expect((await scan(all, 'b v', { filters })).map((line) => line[0])).toEqual(expected);
  });

  it('all filters must pass, and LIMIT counts what they leave', async () => {
    const filters: PushedFilter[] = [
      { column: 1, operator: 'IS_NOT_NULL', operands: [] },
      { column: 1, operator: '>', operands: [text('a')] },
    ];
    expect(await scan(all, 'b v', { filters, rowLimit: 2 })).toEqual(["0 'b'", "2 'c'"]);
  });
});

describe('values', () => {
  const entry = (key: number, value: string, parts = {}) => ({
    column: 2,
    timestamp: key + 10,
    path: intBytes(key),
    value: text(value),
    ...parts,
  });

  it('assembles a map of its live entries', async () => {
    const cells = [
      entry(1, 'a'),
      entry(2, 'dead', { localSeconds: 5 }),
      entry(3, 'c', { ttl: 50, localSeconds: NOW + 20 }),
    ];
    expect(await scan([partition(1, row(0, { cells }))], 'm')).toEqual(["{1: 'a', 3: 'c'}"]);
  });

  it('shows a map without live entries as null', async () => {
    const cells = [entry(2, '', { localSeconds: 5 })];
    expect(await scan([partition(1, row(0, { ...live, cells }))], 'm')).toEqual(['null']);
  });

  it('tells write times and the TTL that is left', async () => {
    const cells = [
      v('x', { timestamp: 77, ttl: 100, localSeconds: NOW + 40 }),
      { column: 1, timestamp: 5, value: text('w') },
    ];
    expect(await scan([partition(1, row(0, { cells }))], 'v writetime(v) ttl(v) writetime(w) ttl(w)')).toEqual([
      "'x' 77 40 5 null",
    ]);
  });

  it('tells write times of entries as a list', async () => {
    const asked = columns(modelTable, 'writetime(m)');
    const stream = new ArrayStream(modelTable, [partition(1, row(0, { cells: [entry(1, 'a'), entry(2, 'b')] }))]);
    const run = new StreamScan(request(modelTable, asked, NOW), async () => stream, newScanStatistics());
    const bytes = (await run.next())?.columns[0].value(0) ?? new Uint8Array(0);
    const list = codecOf({ kind: 'list', element: { kind: 'native', name: 'bigint' }, frozen: true });
    expect(list.toLiteral(bytes, 0, bytes.length)).toBe('[11, 12]');
  });

  it('sums the shards of a counter', async () => {
    const table = defineTable({
      keyspace: 'ks',
      name: 'c',
      id: '1'.repeat(32),
      flags: ['compound', 'counter'],
      columns: [
        { name: 'pk', kind: 'partition_key', type: { kind: 'native', name: 'int' } },
        { name: 'n', kind: 'regular', type: { kind: 'native', name: 'counter' } },
      ],
    });
    const context = Buffer.alloc(2 + 32);
    context.writeBigInt64BE(-5n, 26);
    const spec: RowSpec = { kind: 'row', clustering: [], cells: [{ column: 0, timestamp: 1, value: context }] };
    expect(await scan([partition(3, spec)], 'pk n', {}, table)).toEqual(['3 -5']);
  });

  it('splits a key of several components', async () => {
    const table = defineTable({
      keyspace: 'ks',
      name: 'k',
      id: '2'.repeat(32),
      columns: ['x', 'y'].map(
        (name) => ({ name, kind: 'partition_key', type: { kind: 'native', name: 'text' } }) as const,
      ),
    });
    const spec: RowSpec = { kind: 'row', clustering: [], ...live, cells: [] };
    const key = Buffer.from('\0\x02ab\0\0\0\0', 'latin1');
    expect(await scan([{ key, elements: [spec] }], 'y x', {}, table)).toEqual(["'' 'ab'"]);
    await expect(scan([{ key: key.subarray(0, 5), elements: [spec] }], 'y x', {}, table)).rejects.toThrow('too short');
  });
});

describe('a scan that is closed', () => {
  it('ends, and closes what it reads', async () => {
    const many = Array.from({ length: 5000 }, (_, i) => row(i, live));
    const stream = new ArrayStream(modelTable, [partition(1, ...many)], false, 5);
    const run = new StreamScan(
      request(modelTable, values(modelTable.clustering), NOW),
      async () => stream,
      newScanStatistics(),
    );
    expect(await run.next()).not.toBeNull();
    run.close();
    expect(stream.closed).toBe(true);
    expect(await run.next()).toBeNull();
  });

  it('ends while it runs', async () => {
    const many = Array.from({ length: 50_000 }, (_, i) => row(i, { cells: [v('', { localSeconds: 5 })] }));
    const stream = new ArrayStream(modelTable, [partition(1, ...many)], false, 0);
    const run = new StreamScan(
      request(modelTable, values(modelTable.clustering), NOW),
      async () => stream,
      newScanStatistics(),
    );
    const pending = run.next();
    setImmediate(() => run.close());
    expect(await pending).toBeNull();
    expect(stream.closed).toBe(true);
  });
});
