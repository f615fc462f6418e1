import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ByteOutput, dumpLines } from '../../../../src/storage/sstable/dump/dump.ts';
import { openSSTableSync } from '../../../../src/storage/sstable/sstable-reader.ts';
import { CORPUS_NOW_SECONDS, FORMATS } from '../../support/corpus.ts';
import { ByteCollector } from '../byte-collector.ts';
import { corpusDataFiles } from '../corpus-files.ts';
import { SSTableFiles } from '../damaged-files.ts';

const MARGIN_BYTES = 64;
const options = { rawTimestamps: true, nowSeconds: CORPUS_NOW_SECONDS };

describe.each(FORMATS)('a dump of a damaged file of %s', (format) => {
  const dataPath = corpusDataFiles(format).find(({ name }) => /multi_partition/.test(name))?.dataPath ?? '';
  const files = new SSTableFiles(dataPath);

  /** What goes out, and the error that ends it. */
  async function dumped(): Promise<{ lines: string[]; error: string | null }> {
    const reader = openSSTableSync(files.asFileSystem(), dataPath);
    const output = new ByteCollector();
    let error: string | null = null;
    try {
      await dumpLines(reader, output, options);
    } catch (thrown) {
      error = String(thrown);
    }
    reader.close();
    return { lines: output.text().split('\n'), error };
  }

  it('has all that stands before the damaged chunk', async () => {
    files.repair();
    const whole = await dumped();
    const reader = openSSTableSync(files.asFileSystem(), dataPath);
    const { chunks } = reader;
    const starts = [...reader.index().entries()].map((entry) => entry.dataPosition);
    reader.close();
    expect(chunks.chunkCount).toBeGreaterThan(4);
    for (let chunk = 0; chunk < chunks.chunkCount; chunk++) {
      files.repair();
      const bytes = Buffer.from(files.bytes(dataPath));
      bytes[chunks.storedStart(chunk) + 7] ^= 0x55;
      files.damage(dataPath, bytes);
      const { lines, error } = await dumped();
      expect(error).toMatch(new RegExp(`${basename(dataPath)}, offset \\d+, chunk ${chunk},`));
      // The last one may go on into the chunk, and an element's head is read with a margin.
      const complete = starts.filter((start) => start < chunk * chunks.chunkBytes - MARGIN_BYTES).length - 1;
      expect(lines.length).toBeGreaterThanOrEqual(complete);
      expect(lines.slice(0, Math.max(0, complete))).toEqual(whole.lines.slice(0, Math.max(0, complete)));
    }
  });

  it('has all that stands before the end of a file that is cut off', async () => {
    files.repair();
    const whole = await dumped();
    files.damage(dataPath, files.bytes(dataPath).subarray(0, files.bytes(dataPath).length * 0.6));
    const { lines, error } = await dumped();
    expect(error).not.toBeNull();
    expect(lines.length).toBeGreaterThan(whole.lines.length * 0.3);
    expect(lines.slice(0, -1)).toEqual(whole.lines.slice(0, lines.length - 1));
  });

  it('ends when no one reads any more', async () => {
    files.repair();
    const reader = openSSTableSync(files.asFileSystem(), dataPath);
    const gone = new Error('write EPIPE');
    let writes = 0;
    const output: ByteOutput = {
      write: () => void writes++,
      drain: async () => {
        if (writes > 0) throw gone;
      },
    };
    await expect(dumpLines(reader, output, options)).rejects.toBe(gone);
    reader.close();
  });
});
