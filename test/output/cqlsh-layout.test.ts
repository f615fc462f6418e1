import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRowFormat, type OutputSink, writeRows } from '../../src/output/index.ts';
import type { RowsResult } from '../../src/session/session.ts';
import { newScanStatistics } from '../../src/storage/scan/scan-statistics.ts';
import { type CqlType, type CqlValue, codecOf } from '../../src/types/index.ts';

type TypeName = Extract<CqlType, { kind: 'native' }>['name'];

/** A case of test-data/cqlsh/layouts.txt, which cqlsh 6.2.2 itself wrote (make-layouts.py). */
interface Layout {
  readonly expand: boolean;
  readonly columns: readonly (readonly [string, TypeName])[];
  readonly rows: readonly (readonly CqlValue[])[];
}

const cases = readFileSync(join(import.meta.dirname, '../../test-data/cqlsh/layouts.txt'), 'utf8')
  .split('\n====\n')
  .slice(0, -1)
  .map((text) => {
    const [line, printed] = text.split('\n----\n');
    const layout: Layout = JSON.parse(line);
    const { columns, rows } = layout;
    const title = `${layout.expand ? 'EXPAND' : 'table'}, ${rows.length} rows of ${columns.map(([name]) => name).join(', ')}`;
    return { title, layout, printed: `${printed}\n` };
  });

async function printed({ expand, columns, rows }: Layout, chunkRows: number): Promise<string> {
  const types = columns.map(([, name]): CqlType => ({ kind: 'native', name }));
  const chunks = Array.from({ length: Math.ceil(rows.length / chunkRows) }, (_, i) => {
    const part = rows.slice(i * chunkRows, (i + 1) * chunkRows);
    const cells = part.flatMap((row) =>
      row.map((value, j) => (value === null ? null : codecOf(types[j]).encode(value))),
    );
    return { rowCount: part.length, cells };
  });
  const result: RowsResult = {
    kind: 'rows',
    columns: columns.map(([name], i) => ({ keyspace: 'ks', table: 't', name, type: types[i] })),
    warnings: [],
    notes: [],
    next: async () => chunks.shift() ?? null,
    pagingState: () => null,
    close() {},
    statistics: newScanStatistics(),
  };
  let text = '';
  const sink: OutputSink = { write: (data) => void (text += String(data)), drain: async () => {} };
  const format = await createRowFormat(expand ? 'expanded' : 'table', result.columns, sink, { color: false });
  await writeRows(result, format, sink);
  return text;
}

describe('tables and EXPAND, byte for byte as cqlsh', () => {
  it.each(cases)('$title', async ({ layout, printed: expected }) => {
    expect(await printed(layout, 1_000)).toBe(expected);
  });

  it('does not depend on how the rows come in', async () => {
    for (const { layout, printed: expected } of cases) expect(await printed(layout, 7)).toBe(expected);
  });
});
