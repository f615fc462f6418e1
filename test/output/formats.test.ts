import { tableFromIPC } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { createRowFormat, type FormatName, type OutputSink, writeRows } from '../../src/output/index.ts';
import type { ResultColumn, RowsResult } from '../../src/session/session.ts';
import { newScanStatistics } from '../../src/storage/scan/scan-statistics.ts';
import { type CqlType, type CqlValue, codecOf } from '../../src/types/index.ts';

class MemorySink implements OutputSink {
  private readonly parts: Buffer[] = [];

  write(data: string | Uint8Array): void {
    this.parts.push(Buffer.from(data));
  }

  async drain(): Promise<void> {}

  get bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}

const native = (name: Extract<CqlType, { kind: 'native' }>['name']): CqlType => ({ kind: 'native', name });

const COLUMNS: readonly { name: string; type: CqlType }[] = [
  { name: 'id', type: native('int') },
  { name: 'name', type: native('text') },
  { name: 'big', type: native('bigint') },
  { name: 'ratio', type: native('double') },
  { name: 'ok', type: native('boolean') },
  { name: 'at', type: native('timestamp') },
  { name: 'raw', type: native('blob') },
  { name: 'tags', type: { kind: 'set', element: native('text'), frozen: true } },
];

const ROWS: readonly (readonly CqlValue[])[] = [
  [1, 'plain', 12n, 0.5, true, new Date('2024-03-01T10:20:30.456Z'), Buffer.from('cafe', 'hex'), new Set(['a', 'b'])],
  [2, 'comma, "quote"\nline | pipe <b>', -9223372036854775808n, 1e21, false, new Date(-1), Buffer.alloc(0), null],
  [3, '', null, null, null, null, null, null],
];

function result(rows: readonly (readonly CqlValue[])[]): RowsResult {
  const columns: ResultColumn[] = COLUMNS.map((column) => ({ keyspace: 'ks', table: 'Tab', ...column }));
  const codecs = COLUMNS.map((column) => codecOf(column.type));
  const chunks = rows.map((row) => ({
    rowCount: 1,
    cells: row.map((value, i) => (value === null ? null : codecs[i].encode(value))),
  }));
  return {
    kind: 'rows',
    columns,
    warnings: [],
    notes: [],
    next: async () => chunks.shift() ?? null,
    pagingState: () => null,
    close() {},
    statistics: newScanStatistics(),
  };
}

async function formatted(name: FormatName, rows = ROWS): Promise<Buffer> {
  const sink = new MemorySink();
  const source = result(rows);
  await writeRows(source, await createRowFormat(name, source.columns, sink, { color: false }), sink);
  return sink.bytes;
}

describe('output formats', () => {
  it('json is one line, an array, in SELECT JSON’s forms', async () => {
    const text = (await formatted('json')).toString();
    expect(text.endsWith(']\n')).toBe(true);
    expect(text.trimEnd()).not.toContain('\n');
    expect(text).toContain('"big": -9223372036854775808');
    expect(text).toContain('"at": "2024-03-01 10:20:30.456Z"');
    expect(JSON.parse(text)).toMatchObject([
      { id: 1, raw: '0xcafe', tags: ['a', 'b'] },
      { id: 2 },
      { id: 3, ratio: null },
    ]);
  });

  it('json of no rows is an empty array; of a first row that cannot be rendered there is nothing', async () => {
    expect((await formatted('json', [])).toString()).toBe('[]\n');
    const sink = new MemorySink();
    const cells = [Buffer.from('000001', 'hex'), ...COLUMNS.slice(1).map(() => null)];
    const source = { ...result([]), next: async () => ({ rowCount: 1, cells }) };
    const format = await createRowFormat('json', source.columns, sink, { color: false });
    await expect(writeRows(source, format, sink)).rejects.toThrow();
    expect(sink.bytes.toString()).toBe('');
  });

  it('jsonl is an object a line', async () => {
    const lines = (await formatted('jsonl')).toString().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).id)).toEqual([1, 2, 3]);
  });

  it('csv reads back with another library, and tells empty from null', async () => {
    const text = (await formatted('csv')).toString();
    const records: string[][] = parse(text);
    expect(records[0]).toEqual(COLUMNS.map((column) => column.name));
    expect(records[2][1]).toBe('comma, "quote"\nline | pipe <b>');
    expect(text.trimEnd().split('\r\n').at(-1)).toBe('3,"",,,,,,');
  });

  it('markdown and html escape what would break them', async () => {
    const markdown = (await formatted('markdown')).toString();
    expect(markdown.split('\n')[0].split('|')).toHaveLength(COLUMNS.length + 2);
    expect(markdown).toContain('\\|');
    expect(markdown).toContain('comma, "quote"<br>line');
    const html = (await formatted('html')).toString();
    expect(html).toContain('&lt;b&gt;');
    // A text as it is, and not as cqlsh escapes it.
    expect(html).toContain('comma, &quot;quote&quot;\nline');
  });

  it('insert leaves nulls out and quotes names', async () => {
    const lines = (await formatted('insert')).toString();
    expect(lines).toContain('INSERT INTO ks."Tab" (id, name) VALUES (3, \'\');');
    expect(lines).toContain("{'a', 'b'}");
  });

  it('table is laid out as cqlsh does', async () => {
    const source = result([]);
    const sink = new MemorySink();
    const columns: ResultColumn[] = [
      { keyspace: 'k', table: 't', name: 'num', type: native('int') },
      { keyspace: 'k', table: 't', name: 'name', type: native('text') },
    ];
    const format = await createRowFormat('table', columns, sink, { color: false });
    const text = codecOf(native('text'));
    const int = codecOf(native('int'));
    format.begin();
    format.rows({ rowCount: 2, cells: [int.encode(1), text.encode('alice'), int.encode(-20), null] });
    await format.end();
    source.close();
    expect(sink.bytes.toString()).toBe(
      ['', ' num | name', '-----+-------', '   1 | alice', ' -20 |  null', '', '(2 rows)', ''].join('\n'),
    );
  });

  it('parquet reads back with its types', async () => {
    const many = Array.from({ length: 50_000 }, (_, i) => [
      i,
      `n${i}`,
      BigInt(i),
      i / 2,
      i % 2 === 0,
      null,
      null,
      null,
    ]);
    const bytes = await formatted('parquet', [...ROWS, ...many]);
    const file = new Uint8Array(bytes).buffer;
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(50_003);
    expect(rows[0]).toMatchObject({ id: 1, name: 'plain', big: 12n, ratio: 0.5, ok: true, tags: '["a", "b"]' });
    expect(rows[0]['at']).toEqual(new Date('2024-03-01T10:20:30.456Z'));
    expect(rows[50_002]).toMatchObject({ id: 49_999, big: 49_999n, at: null });
  });

  it('arrow reads back with its types', async () => {
    const table = tableFromIPC(await formatted('arrow'));
    expect(table.numRows).toBe(3);
    expect(table.schema.fields.map((field) => field.type.toString())).toContain('Int64');
    expect(table.get(0)?.toJSON()).toMatchObject({ id: 1, name: 'plain', big: 12n, ok: true });
    expect(table.get(2)?.toJSON()).toMatchObject({ id: 3, big: null });
  });
});
