import { describe, expect, it } from 'vitest';
import { murmur3Token } from '../../../../src/bytes/index.ts';
import { defineTable } from '../../../../src/schema/model/index.ts';
import { DeletionTime, NO_DELETION_TIME, PrefixKind, Row, readAll } from '../../../../src/storage/rows/index.ts';
import { openSSTable } from '../../../../src/storage/sstable/sstable-reader.ts';
import { noEncodingStats } from '../../../../src/storage/sstable/write/encoding-stats.ts';
import { sstableBaseName } from '../../../../src/storage/sstable/write/sstable-files.ts';
import { SSTableWriter, type SSTableWriterOptions } from '../../../../src/storage/sstable/write/sstable-writer.ts';
import { recoverTransactions, SSTableTransaction } from '../../../../src/storage/sstable/write/transaction-log.ts';
import type { WriteVersion } from '../../../../src/storage/sstable/write/write-version.ts';
import { MemoryFileSystem } from '../../files/memory-file-system.ts';
import { streamText } from '../../memtable/stream-text.ts';

const int = { kind: 'native', name: 'int' } as const;
const table = defineTable({
  keyspace: 'k',
  name: 't',
  id: '0'.repeat(32),
  columns: [
    { name: 'key', kind: 'partition_key', type: int },
    { name: 'c', kind: 'clustering', type: int },
    { name: 'v', kind: 'regular', type: int },
  ],
});

const optionsOf = (version: WriteVersion, id: string): SSTableWriterOptions => ({
  directory: '/d',
  id,
  version,
  table,
  statics: [],
  regulars: table.regulars,
  encodingStats: noEncodingStats,
  estimatedKeys: 1,
  columnIndexBytes: 512,
});

/** One partition of 100 rows whose values are `value`. */
async function writeOne(files: MemoryFileSystem, options: SSTableWriterOptions, value: number): Promise<void> {
  const writer = await SSTableWriter.open(files, options);
  try {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32BE(value, 4);
    const key = Buffer.from([0, 0, 0, 1]);
    const token = murmur3Token(key);
    writer.startPartition(key, 0, 4, token.hi, token.lo, new DeletionTime());
    const row = new Row();
    for (let c = 0; c < 100; c++) {
      bytes.writeInt32BE(c, 0);
      row.clear(false);
      row.clustering.reset(PrefixKind.CLUSTERING, 1, bytes);
      row.clustering.start[0] = 0;
      row.clustering.end[0] = 4;
      row.addCell(0, 1, c, 0, NO_DELETION_TIME, bytes, 4, 8, -1, -1);
      writer.addRow(row);
    }
    writer.endPartition();
    await writer.finish();
  } catch (error) {
    await writer.abort().catch(() => {});
    throw error;
  }
}

/** SSTable 1 is there; a transaction replaces it by SSTable 2. */
async function replace(files: MemoryFileSystem, version: WriteVersion): Promise<void> {
  const transaction = await SSTableTransaction.begin(files, '/d', 'compaction', version, 'uuid');
  try {
    await transaction.add(sstableBaseName(version, '2'));
    await writeOne(files, optionsOf(version, '2'), 2);
    await transaction.remove([sstableBaseName(version, '1')]);
    await transaction.commit();
  } catch (error) {
    await transaction.abort().catch(() => {});
    throw error;
  }
}

async function start(version: WriteVersion): Promise<MemoryFileSystem> {
  const files = new MemoryFileSystem();
  await files.makeDirectory('/d');
  await files.syncDirectory('/');
  await writeOne(files, optionsOf(version, '1'), 1);
  return files;
}

/** After recovery exactly one of the two is there, whole: its rows, as text. */
async function survivor(files: MemoryFileSystem): Promise<string> {
  await recoverTransactions(files, '/d');
  const names = (await files.list('/d')).map((entry) => entry.name);
  const data = names.filter((name) => name.endsWith('-Data.db'));
  expect(data, names.join(' ')).toHaveLength(1);
  const baseName = data[0].slice(0, -'-Data.db'.length);
  expect(names.filter((name) => !name.startsWith(`${baseName}-`))).toEqual([]);
  const reader = await openSSTable(files, `/d/${data[0]}`, { table });
  const text = (await streamText(await reader.stream(readAll))).join('\n');
  reader.close();
  return text;
}

describe.each(['nb', 'oa', 'da'] as const)('replacing an SSTable, %s', (version) => {
  it('leaves the old or the new one whole, wherever the power fails', async () => {
    const before = await survivor(await start(version));
    const whole = await start(version);
    const firstCall = whole.calls;
    await replace(whole, version);
    const calls = whole.calls - firstCall;
    const after = await survivor(whole);
    expect(after).not.toBe(before);
    expect(calls).toBeGreaterThan(20);
    const seen = new Set<string>();
    for (let failing = 1; failing <= calls + 1; failing++) {
      for (const keep of [() => 0, (bytes: number) => bytes, (bytes: number) => Math.floor(bytes / 2)]) {
        const files = await start(version);
        const from = files.calls;
        files.fail = (call) => (call.number - from >= failing ? 'EIO' : null);
        await replace(files, version).catch(() => {});
        const text = await survivor(files.crash(keep));
        expect([before, after]).toContain(text);
        seen.add(text);
      }
    }
    expect(seen.size).toBe(2);
  });

  it('leaves the old or the new one whole when a commit fails, and the power then while it is undone', async () => {
    const before = await survivor(await start(version));
    const whole = await start(version);
    const operations: string[] = [];
    whole.fail = ({ operation, path, number }) => {
      operations[number] = `${operation} ${path}`;
      return null;
    };
    await replace(whole, version);
    const after = await survivor(whole);
    const lastSync = operations.findLastIndex((call) => call?.startsWith('sync ') && call.endsWith('.log'));
    expect(lastSync).toBeGreaterThan(0);
    for (const commitCall of [lastSync - 1, lastSync]) {
      for (let later = commitCall + 1; later <= operations.length + 20; later++) {
        for (const single of [true, false]) {
          const files = await start(version);
          let crashed: MemoryFileSystem[] = [];
          files.fail = ({ number }) => {
            // The disk as it is before the later call: with all that was written, or only what was synced.
            if (number === later) crashed = [files.kill(), files.crash()];
            const fails = number === commitCall || (single ? number === later : number >= later);
            return fails ? 'EIO' : null;
          };
          await replace(files, version).catch(() => {});
          files.fail = () => null;
          for (const disk of [...crashed, files]) expect([before, after]).toContain(await survivor(disk));
        }
      }
    }
  });

  it('rolls back when the disk is full at any call before the commit, without a crash', async () => {
    const before = await survivor(await start(version));
    for (let failing = 1; ; failing++) {
      const files = await start(version);
      const from = files.calls;
      files.fail = (call) => (call.number - from === failing && call.operation !== 'remove' ? 'ENOSPC' : null);
      const error = await replace(files, version).then(
        () => null,
        (reason: unknown) => reason,
      );
      files.fail = () => null;
      if (error === null) break;
      const text = await survivor(files);
      if (text !== before) break;
    }
  });
});
