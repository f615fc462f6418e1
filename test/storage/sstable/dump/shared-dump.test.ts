import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../../../src/storage/files/index.ts';
import { type ByteOutput, dumpLines, dumpPretty } from '../../../../src/storage/sstable/dump/dump.ts';
import { fileSegments } from '../../../../src/storage/sstable/dump/file-segments.ts';
import { openSSTableSync } from '../../../../src/storage/sstable/sstable-reader.ts';
import { CORPUS_NOW_SECONDS, FORMATS } from '../../support/corpus.ts';
import { ByteCollector } from '../byte-collector.ts';
import { corpusDataFiles } from '../corpus-files.ts';

const root = join(import.meta.dirname, '../../../..');
/** Inside of the project: what the bundle leaves out is found from there. */
const script = join(root, 'tmp', `dump-worker-${process.pid}.mjs`);
const broken = join(root, 'tmp', `broken-dump-worker-${process.pid}.mjs`);
const top = mkdtempSync(join(tmpdir(), 'cassette-dump-'));
let copies = 0;

beforeAll(async () => {
  await build({
    entryPoints: [join(root, 'src/storage/sstable/dump/dump-worker.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  writeFileSync(broken, 'throw new TypeError("no thread today");');
});

afterAll(() => {
  for (const file of [script, broken, top]) rmSync(file, { recursive: true, force: true });
});

const options = { rawTimestamps: true, nowSeconds: CORPUS_NOW_SECONDS };
const SEGMENTS = 12;
/** Tables with enough partitions, and one whose partitions are larger than a segment. */
const SHARED = /^(?:test_basic\/(?:multi_partition|uncompressed|collections)|test_wide_rows\/wide)/;

interface Outcome {
  readonly text: string;
  readonly error: string | null;
}

/** What goes out, and the error that ends it; `workerPath` null: on one thread. */
async function dumped(dataPath: string, workerPath: string | null, dump = dumpLines): Promise<Outcome> {
  const reader = openSSTableSync(nodeFileSystem, dataPath);
  const output = new ByteCollector();
  const segmentBytes = Math.ceil(reader.dataLength / SEGMENTS);
  const shared = workerPath === null ? undefined : { workerPath, fromBytes: 0, segmentBytes };
  try {
    await dump(reader, output, { ...options, shared });
    return { text: output.text(), error: null };
  } catch (error) {
    return { text: output.text(), error: String(error) };
  } finally {
    reader.close();
  }
}

function copyOf(dataPath: string): string {
  const copy = join(top, `copy${++copies}`);
  mkdirSync(copy);
  const prefix = basename(dataPath).replace('Data.db', '');
  for (const name of readdirSync(dirname(dataPath)).filter((file) => file.startsWith(prefix))) {
    cpSync(join(dirname(dataPath), name), join(copy, name));
  }
  return join(copy, basename(dataPath));
}

function change(path: string, edit: (bytes: Buffer) => Buffer): void {
  writeFileSync(path, edit(readFileSync(path)));
}

describe.each(FORMATS)('a dump of %s on two threads', (format) => {
  const files = corpusDataFiles(format).filter(({ name }) => SHARED.test(name));
  const large = files.find(({ name }) => name.startsWith('test_basic/multi_partition'))?.dataPath ?? '';

  it.each(files.map(({ name, dataPath }) => [name, dataPath]))('%s is that of one', async (_, dataPath) => {
    expect(await dumped(dataPath, script)).toEqual(await dumped(dataPath, null));
    expect(await dumped(dataPath, script, dumpPretty)).toEqual(await dumped(dataPath, null, dumpPretty));
  });

  it('cuts the file where partitions begin', () => {
    const reader = openSSTableSync(nodeFileSystem, large);
    const starts = new Set([...reader.index().entries()].map((entry) => entry.dataPosition));
    const segments = [...fileSegments(reader, reader.dataLength / SEGMENTS)];
    reader.close();
    expect(segments.length).toBeGreaterThan(SEGMENTS / 2);
    expect(segments.every(({ start }) => starts.has(start))).toBe(true);
    expect(segments.map(({ end }) => end)).toEqual([...segments.slice(1).map(({ start }) => start), reader.dataLength]);
  });

  it('tells the same of damage, behind the same text', async () => {
    const { chunks } = openSSTableSync(nodeFileSystem, large);
    for (let part = 0; part < 8; part++) {
      const chunk = Math.floor((part * chunks.chunkCount) / 8);
      const copy = copyOf(large);
      change(copy, (bytes) => {
        bytes[chunks.storedStart(chunk) + 7] ^= 0x55;
        return bytes;
      });
      const alone = await dumped(copy, null);
      expect(alone.error).toMatch(new RegExp(`chunk ${chunk},`));
      if (part > 1) expect(alone.text.length).toBeGreaterThan(0);
      expect(await dumped(copy, script)).toEqual(alone);
    }
    chunks.file.closeSync();
  });

  it('tells the same of a file that is cut off', async () => {
    const copy = copyOf(large);
    change(copy, (bytes) => bytes.subarray(0, bytes.length * 0.6));
    const alone = await dumped(copy, null);
    expect(alone.error).not.toBeNull();
    expect(alone.text.length).toBeGreaterThan(0);
    expect(await dumped(copy, script)).toEqual(alone);
  });

  it('does without the index, and without the thread', async () => {
    const alone = await dumped(large, null);
    expect(await dumped(large, broken)).toEqual(alone);
    const component = format === 'da' ? 'Partitions' : 'Index';
    for (let part = 1; part < 8; part++) {
      const copy = copyOf(large);
      change(copy.replace('-Data.db', `-${component}.db`), (bytes) => {
        const at = Math.floor((bytes.length * part) / 8);
        return bytes.fill(part * 31, at, at + 40);
      });
      expect(await dumped(copy, script)).toEqual(alone);
    }
    const copy = copyOf(large);
    rmSync(copy.replace('-Data.db', `-${component}.db`));
    expect(await dumped(copy, script)).toEqual(alone);
  });

  it('ends when no one reads any more', async () => {
    const reader = openSSTableSync(nodeFileSystem, large);
    const gone = new Error('write EPIPE');
    let writes = 0;
    const output: ByteOutput = {
      write: () => void writes++,
      drain: async () => {
        if (writes > 0) throw gone;
      },
    };
    const shared = { workerPath: script, fromBytes: 0, segmentBytes: Math.ceil(reader.dataLength / SEGMENTS) };
    await expect(dumpLines(reader, output, { ...options, shared })).rejects.toBe(gone);
    reader.close();
  });
});
