import { describe, expect, it } from 'vitest';
import { murmur3, murmur3Token } from '../../../../src/bytes/index.ts';
import { nodeFileSystem } from '../../../../src/storage/files/index.ts';
import { openSSTable } from '../../../../src/storage/sstable/sstable-reader.ts';
import { FORMATS, LEGACY } from '../../support/corpus.ts';
import { corpusDataFiles } from '../corpus-files.ts';

/** Keys looked up one by one; of larger files some. */
const MAX_LOOK_UPS = 300;

const BIG = FORMATS.filter((format) => format !== 'da');
const hash = new Int32Array(4);

describe.each([...BIG, ...LEGACY])('Index.db of %s', (format) => {
  // Hidden indexes are sorted by another partitioner.
  const files = corpusDataFiles(format).filter(({ name }) => !name.includes('/.'));

  it.each(files)('$name', async ({ dataPath }) => {
    const reader = await openSSTable(nodeFileSystem, dataPath);
    const index = reader.index();
    const entries = [...index.entries()];
    expect(entries).toHaveLength(reader.estimatedKeys);
    expect(Buffer.compare(entries[0].key, index.firstKey)).toBe(0);
    expect(Buffer.compare(entries[entries.length - 1].key, index.lastKey)).toBe(0);
    expect([...index.entriesBackward()].map((entry) => entry.dataPosition)).toEqual(
      entries.map((entry) => entry.dataPosition).reverse(),
    );
    const step = Math.max(1, Math.floor(entries.length / MAX_LOOK_UPS));
    for (let i = 0; i < entries.length; i += step) {
      const { key, dataPosition } = entries[i];
      const token = murmur3Token(key);
      const next = entries[i + 1]?.dataPosition;
      expect(Buffer.compare(reader.readKey(dataPosition), key)).toBe(0);
      expect(index.find({ token, key })?.dataPosition).toBe(dataPosition);
      expect(index.ceiling({ token, key, side: 'before' })?.dataPosition).toBe(dataPosition);
      expect(index.ceiling({ token, key, side: 'after' })?.dataPosition).toBe(next);
      murmur3(key, 0, key.length, hash);
      expect(reader.mayContain(hash)).toBe(true);
      const absent = Buffer.concat([key, Buffer.from([1])]);
      expect(index.find({ token: murmur3Token(absent), key: absent })).toBeNull();
    }
    reader.close();
  });

  it.each(files.slice(0, 20))('$name without its summary', async ({ dataPath }) => {
    const reader = await openSSTable(nodeFileSystem, dataPath);
    const other = await openSSTable(nodeFileSystem, dataPath);
    other.forgetSummary();
    for (const { key } of reader.index().entries()) {
      const sought = { token: murmur3Token(key), key };
      expect(other.index().find(sought)?.dataPosition).toBe(reader.index().find(sought)?.dataPosition);
    }
    reader.close();
    other.close();
  });
});
