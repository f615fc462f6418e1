import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors/index.ts';
import {
  describeTable,
  dumpLines,
  nodeFileSystem,
  openSSTable,
  type RowValues,
  type SSTableDescription,
  verifySSTable,
  type WriteVersion,
  writeRows,
} from '../../../src/storage/sstable-library.ts';
import { ByteCollector } from '../sstable/byte-collector.ts';

const top = mkdtempSync(join(tmpdir(), 'cassette-rows-'));
afterAll(() => rmSync(top, { recursive: true }));

const table = describeTable({
  keyspace: 'ks',
  name: 't',
  partitionKey: { k: 'int', k2: 'text' },
  clustering: { c: 'int DESC' },
  statics: { s: 'text' },
  columns: { v: 'text', m: 'frozen<map<text, int>>' },
});
const TIME = 1_700_000_000_000_000n;

async function* later(rows: readonly RowValues[]): AsyncGenerator<RowValues> {
  yield* rows;
}

interface DumpedPartition {
  readonly partition: { readonly key: string[] };
  readonly rows: { type: string; clustering?: unknown[]; cells: { name: string; value: unknown }[] }[];
}

async function dumped(path: string): Promise<DumpedPartition[]> {
  const reader = await openSSTable(nodeFileSystem, path, { table });
  const output = new ByteCollector();
  await dumpLines(reader, output, { rawTimestamps: true, nowSeconds: 0 });
  reader.close();
  return output
    .text()
    .split('\n')
    .map((line): DumpedPartition => JSON.parse(line));
}

describe.each<WriteVersion>(['nb', 'oa', 'da'])('rows as an SSTable of %s', (format) => {
  it('come in any order, are sound, and join under one key', async () => {
    const rows: RowValues[] = [
      { k: 1, k2: 'a', c: 1, v: 'older' },
      { k: 2, k2: 'b', s: 'static alone' },
      { k: 1, k2: 'a', c: 2, v: null, m: new Map([['x', 1]]) },
      { k: 1, k2: 'a', c: 1, v: 'value', s: 'shared' },
    ];
    const directory = join(top, format, 'new');
    const written = await writeRows({ directory, table, rows: later(rows), timestampMicros: TIME, format });
    expect(written).toMatchObject({ partitions: 2 });
    const path = written?.dataPath ?? '';
    const findings: unknown[] = [];
    await verifySSTable(nodeFileSystem, path, (finding) => findings.push(finding));
    expect(findings).toEqual([]);
    const partitions = await dumped(path);
    const [one, two] = ['1', '2'].map((k) => partitions.find(({ partition }) => partition.key[0] === k)?.rows ?? []);
    expect(one.map(({ type, clustering, cells }) => [type, clustering, ...cells.map(({ value }) => value)])).toEqual([
      ['static_block', undefined, 'shared'],
      ['row', [2], { x: 1 }],
      ['row', [1], 'value'],
    ]);
    expect(two).toEqual([expect.objectContaining({ type: 'static_block' })]);
    const next = await writeRows({ directory, table, rows, timestampMicros: TIME, format });
    expect(next?.baseName).toBe(written?.baseName.replace('-1-', '-2-'));
  });
});

describe('what cannot be written', () => {
  const write = (rows: RowValues[], as = table): Promise<SSTableDescription | null> =>
    writeRows({ directory: join(top, 'none'), table: as, rows, timestampMicros: TIME });

  it('is told by the column', async () => {
    await expect(write([{ k: 1, k2: 'a' }])).rejects.toThrow('a row without a value of key column c');
    await expect(write([{ k: 'x', k2: 'a', c: 1 }])).rejects.toThrow(/^row 1: k: /);
    await expect(write([{ k: 1, k2: 'a', c: 1, other: 1 }])).rejects.toThrow('ks.t has no column other');
    const lists = { keyspace: 'ks', name: 't', partitionKey: { k: 'int' }, columns: { l: 'list<int>' } };
    await expect(write([], describeTable(lists))).rejects.toThrow(UsageError);
  });

  it('is nothing when there are no rows', async () => {
    expect(await write([])).toBeNull();
  });
});
