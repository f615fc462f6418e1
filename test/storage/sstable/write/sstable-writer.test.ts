import { describe, expect, it } from 'vitest';
import { murmur3Token } from '../../../../src/bytes/index.ts';
import { defineTable } from '../../../../src/schema/model/index.ts';
import {
  ClusteringPrefix,
  DeletionTime,
  NO_DELETION_TIME,
  PrefixKind,
  Row,
  readAll,
} from '../../../../src/storage/rows/index.ts';
import { openSSTable } from '../../../../src/storage/sstable/sstable-reader.ts';
import { noEncodingStats } from '../../../../src/storage/sstable/write/encoding-stats.ts';
import { SSTableWriter } from '../../../../src/storage/sstable/write/sstable-writer.ts';
import type { WriteVersion } from '../../../../src/storage/sstable/write/write-version.ts';
import { MemoryFileSystem } from '../../files/memory-file-system.ts';
import { streamText } from '../../memtable/stream-text.ts';

const native = (name: 'int' | 'text' | 'counter') => ({ kind: 'native', name }) as const;
const table = defineTable({
  keyspace: 'k',
  name: 't',
  id: '0'.repeat(32),
  columns: [
    { name: 'key', kind: 'partition_key', type: native('text') },
    { name: 'c', kind: 'clustering', type: native('int') },
    { name: 's', kind: 'static', type: native('int') },
    { name: 'v', kind: 'regular', type: native('text') },
  ],
});
const LIVE = new DeletionTime();
const AFTER_2038 = 0x80000000;

interface Open {
  readonly files: MemoryFileSystem;
  readonly writer: SSTableWriter;
  begin(key: string, deletion?: DeletionTime): void;
  row(c: number, value: string, localSeconds?: number): void;
}

async function open(version: WriteVersion, options: Partial<SSTableWriter['options']> = {}): Promise<Open> {
  const files = new MemoryFileSystem();
  await files.makeDirectory('/d');
  const writer = await SSTableWriter.open(files, {
    directory: '/d',
    id: '1',
    version,
    table,
    statics: table.statics,
    regulars: table.regulars,
    encodingStats: noEncodingStats,
    estimatedKeys: 4,
    ...options,
  });
  const row = new Row();
  return {
    files,
    writer,
    begin(key, deletion = LIVE) {
      const bytes = Buffer.from(key);
      const token = murmur3Token(bytes);
      writer.startPartition(bytes, 0, bytes.length, token.hi, token.lo, deletion);
    },
    row(c, value, localSeconds = NO_DELETION_TIME) {
      const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(value)]);
      bytes.writeInt32BE(c);
      row.clear(false);
      row.clustering.copyFrom(ClusteringPrefix.of(PrefixKind.CLUSTERING, [bytes.subarray(0, 4)]));
      row.addCell(0, 1, c, localSeconds === NO_DELETION_TIME ? 0 : 60, localSeconds, bytes, 4, bytes.length, -1, -1);
      writer.addRow(row);
    },
  };
}

async function textOf({ files, writer }: Open): Promise<string[]> {
  const description = await writer.finish();
  const reader = await openSSTable(files, description.dataPath, { table });
  const text = await streamText(await reader.stream(readAll));
  reader.close();
  return text;
}

describe.each(['nb', 'oa', 'da'] as const)('an SSTable writer of %s', (version) => {
  it('refuses partitions out of order', async () => {
    const out = await open(version);
    const [first, second] = ['a', 'b'].sort(
      (a, b) => murmur3Token(Buffer.from(a)).hi - murmur3Token(Buffer.from(b)).hi,
    );
    out.begin(second);
    out.row(1, 'x');
    out.writer.endPartition();
    expect(() => out.begin(first)).toThrow(/out of order/);
    expect(() => out.begin(second)).toThrow(/out of order/);
  });

  it('leaves out empty rows, and writes an empty static row where none comes', async () => {
    const out = await open(version);
    out.begin('a');
    out.writer.addRow(new Row());
    out.row(7, 'x');
    out.writer.endPartition();
    const text = await textOf(out);
    expect(text).toHaveLength(3);
    expect(text[1]).toMatch(/^row 4\(00000007\)/);
  });

  it('holds a row of several megabytes, and chunks that do not compress', async () => {
    const compression = new Map([
      ['class', 'LZ4Compressor'],
      ['chunk_length_in_kb', '4'],
      ['min_compress_ratio', '1.1'],
    ]);
    const out = await open(version, { compression });
    const noise = Array.from({ length: 300_000 }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 0).toString(36)).join('');
    out.begin('a');
    out.row(1, noise);
    out.row(2, 'y'.repeat(3_000_000));
    out.row(3, 'z');
    out.writer.endPartition();
    const text = await textOf(out);
    expect(text).toHaveLength(5);
    expect(text[1]).toContain(Buffer.from(noise).toString('hex'));
    expect(text[3]).toContain('0=7a@');
  });

  it('abort leaves no file', async () => {
    const out = await open(version);
    out.begin('a');
    out.row(1, 'x');
    await out.writer.abort();
    expect(await out.files.list('/d')).toEqual([]);
  });

  it(version === 'nb' ? 'refuses an expiry after 2038, with its row' : 'keeps an expiry after 2038', async () => {
    const out = await open(version);
    out.begin('some key');
    if (version === 'nb') {
      const message = /^k\.t, partition some key, row \(5\): .*2038-01-19T03:14:08.000Z cannot be stored in version nb/;
      expect(() => out.row(5, 'x', AFTER_2038)).toThrow(message);
      return;
    }
    out.row(5, 'x', AFTER_2038);
    out.writer.endPartition();
    expect((await textOf(out))[1]).toContain(`ttl 60 local ${AFTER_2038}`);
  });

  it('keeps timestamps of the whole int64 in rows; of partition deletions what the version can hold', async () => {
    const out = await open(version);
    const negative = DeletionTime.of(-5, 3, 1_700_000_000);
    if (version === 'nb') out.begin('a', negative);
    else {
      expect(() => out.begin('a', negative)).toThrow(/negative timestamp/);
      return;
    }
    out.row(1, 'x');
    out.writer.endPartition();
    expect((await textOf(out))[0]).toContain(`@${(-5n << 32n) | 3n}/1700000000`);
  });
});
