import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ByteCursor, murmur3, murmur3Token } from '../../../../src/bytes/index.ts';
import { nodeFileSystem } from '../../../../src/storage/files/node-file-system.ts';
import { openBtiPartitionIndex } from '../../../../src/storage/sstable/bti/bti-partition-index.ts';
import { PartitionIndexWriter } from '../../../../src/storage/sstable/bti/partition-index-writer.ts';
import { ComponentFile } from '../../../../src/storage/sstable/write/component-file.ts';
import { CORPUS as ROOT } from '../../../support/corpus.ts';
import { MemoryFile } from '../memory-file.ts';
import { uncompressedData } from '../uncompressed-data.ts';

function dataFiles(): string[] {
  const found: string[] = [];
  const walk = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      // Hidden index tables are sorted by another partitioner.
      if (entry.isDirectory() && !entry.name.startsWith('.')) walk(path);
      else if (entry.isDirectory()) continue;
      else if (/^da-.*-bti-Data\.db$/.test(entry.name)) found.push(path);
    }
  };
  if (existsSync(ROOT)) walk(join(ROOT, 'da'));
  return found.sort();
}

const FILES = dataFiles();

describe.skipIf(FILES.length === 0)('Partitions.db of the corpus', () => {
  it('is there', () => expect(FILES.length).toBeGreaterThan(100));

  it.each(FILES.map((path) => [path.slice(ROOT.length + 1), path]))('%s', (_name, path) => {
    const data = uncompressedData(path);
    const readKey = (position: number): Uint8Array => {
      const length = data.readUInt16BE(position);
      return data.subarray(position + 2, position + 2 + length);
    };
    const paths = {
      partitions: path.replace('-Data.db', '-Partitions.db'),
      rows: path.replace('-Data.db', '-Rows.db'),
    };
    // The clustering columns matter to row indexes only, which are not walked here.
    const index = openBtiPartitionIndex(nodeFileSystem.openSync, paths, [], readKey, data.length);
    const entries = [...index.entries()];
    expect(entries).toHaveLength(index.estimatedKeys);
    expect(Buffer.compare(entries[0].key, index.firstKey)).toBe(0);
    expect(Buffer.compare(entries[entries.length - 1].key, index.lastKey)).toBe(0);
    expect([...index.entriesBackward()].map((entry) => entry.dataPosition)).toEqual(
      entries.map((entry) => entry.dataPosition).reverse(),
    );
    const checked = entries.length > 3000 ? entries.slice(0, 300) : entries;
    checked.forEach((entry, i) => {
      expect(Buffer.compare(readKey(entry.dataPosition), entry.key)).toBe(0);
      const token = murmur3Token(entry.key);
      const next = entries[i + 1]?.dataPosition;
      expect(index.find({ token, key: entry.key })?.dataPosition).toBe(entry.dataPosition);
      expect(index.ceiling({ token, key: entry.key, side: 'before' })?.dataPosition).toBe(entry.dataPosition);
      expect(index.ceiling({ token, key: entry.key, side: 'after' })?.dataPosition).toBe(next);
      const isSameToken = (other: Uint8Array): boolean => {
        const { hi, lo } = murmur3Token(other);
        return hi === token.hi && lo === token.lo;
      };
      const first = entries.find(({ key }) => isSameToken(key));
      const behind = entries.slice(i).find(({ key }) => !isSameToken(key));
      expect(index.ceiling({ token, side: 'before' })?.dataPosition).toBe(first?.dataPosition);
      expect(index.ceiling({ token, side: 'after' })?.dataPosition).toBe(behind?.dataPosition);
      const absent = Buffer.concat([entry.key, Buffer.of(1)]);
      if (i < 200) expect(index.find({ token: murmur3Token(absent), key: absent })).toBeNull();
    });
    index.close();

    // Written again from the same entries, the file is the same. The places in Rows.db are found by its keys.
    const rows = readFileSync(paths.rows);
    const file = new MemoryFile();
    const writer = new PartitionIndexWriter(new ComponentFile(file));
    const hash = new Int32Array(4);
    for (const { key, dataPosition, rowIndex } of entries) {
      const token = murmur3Token(key);
      murmur3(key, 0, key.length, hash);
      const position = rowIndex === null ? -dataPosition - 1 : placeInRows(rows, key, dataPosition);
      writer.add(token.hi, token.lo, key, 0, key.length, position, hash[3] & 0xff);
    }
    writer.finish(entries[0].key, entries[entries.length - 1].key);
    expect(file.bytes.equals(readFileSync(paths.partitions))).toBe(true);
  });
});

function placeInRows(rows: Buffer, key: Uint8Array, dataPosition: number): number {
  const head = Buffer.concat([Buffer.of(key.length >> 8, key.length & 0xff), key]);
  for (let at = rows.indexOf(head); at >= 0; at = rows.indexOf(head, at + 1)) {
    if (new ByteCursor(rows, at + head.length).unsignedVint() === dataPosition) return at;
  }
  return -1;
}
