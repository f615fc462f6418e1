import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  describeTable,
  dumpLines,
  nodeFileSystem,
  openSSTable,
  type WriteVersion,
  writeRows,
} from '../../src/storage/sstable-library.ts';
import { ByteCollector } from '../storage/sstable/byte-collector.ts';
import { hasOracle, runTools } from './oracle.ts';

const top = mkdtempSync(join(tmpdir(), 'cassette-interop-rows-'));
afterAll(() => rmSync(top, { recursive: true }));

/** As docs/library.md shows it. */
const table = describeTable({
  keyspace: 'lab',
  name: 'readings',
  partitionKey: { sensor: 'int' },
  clustering: { at: 'timestamp DESC' },
  statics: { place: 'text' },
  columns: { value: 'double', tags: 'frozen<set<text>>' },
});
const rows = Array.from({ length: 5000 }, (_, i) => ({
  sensor: i % 700,
  at: new Date(i * 1000),
  value: i / 8,
  tags: i % 3 === 0 ? ['indoor', `t${i}`] : undefined,
  place: i % 50 === 0 ? `room ${i}` : undefined,
}));

describe.skipIf(!hasOracle)('rows that the library wrote', () => {
  it.each<WriteVersion>(['nb', 'oa', 'da'])('are dumped by sstabledump from %s', async (format) => {
    const directory = join(top, format, 'lab', 'readings');
    const written = await writeRows({ directory, table, rows, timestampMicros: 1_700_000_000_000_000n, format });
    const path = written?.dataPath ?? '';
    const output = join(top, `${format}.json`);
    expect(await runTools([[output, 'org.apache.cassandra.tools.SSTableExport', path, '-l', '-t']])).toEqual([]);
    const reader = await openSSTable(nodeFileSystem, path);
    const ours = new ByteCollector();
    await dumpLines(reader, ours, { rawTimestamps: true, nowSeconds: 0 });
    reader.close();
    expect(readFileSync(output, 'utf8').trimEnd().split('\n')).toEqual(ours.text().split('\n'));
    expect(ours.text()).toContain('"clustering":["1970-01-01 00:00:00.000Z"]');
  });
});
