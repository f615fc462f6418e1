import { murmur3Token } from '../bytes/index.ts';
import { CqlError, UsageError } from '../errors/index.ts';
import type { OutputSink } from '../output/index.ts';
import { nodeFileSystem } from '../storage/files/index.ts';
import type { DecoratedKey, ReadRange } from '../storage/rows/index.ts';
import { dumpDebug } from '../storage/sstable/dump/debug-text.ts';
import { dumpKeys, dumpLines, dumpPretty } from '../storage/sstable/dump/dump.ts';
import { compareKeys, keyFromText, keyText } from '../storage/sstable/dump/key-text.ts';
import { openSSTable, type SSTableReader } from '../storage/sstable/sstable-reader.ts';
import type { Options } from './arguments.ts';
import { ExitCode } from './exit-code.ts';
import { findDataFiles } from './find-data-files.ts';

/** `cassette dump FILE|DIR…`: every partition, row, cell and tombstone, as sstabledump prints them. */
export async function runDump(paths: readonly string[], options: Options, sink: OutputSink): Promise<number> {
  let isFirst = true;
  for (const path of findDataFiles(paths, options)) {
    if (!isFirst) sink.write('\n');
    isFirst = false;
    const reader = await openSSTable(nodeFileSystem, path);
    try {
      await dumpOne(reader, options, sink);
    } finally {
      reader.close();
    }
  }
  return ExitCode.OK;
}

async function dumpOne(reader: SSTableReader, options: Options, sink: OutputSink): Promise<void> {
  const excluded = new Set(options.excludedKeys);
  const dumpOptions = {
    range: rangeOf(reader, options),
    isExcluded: excluded.size === 0 ? undefined : (key: Uint8Array) => excluded.has(keyText(reader.table, key)),
    rawTimestamps: options.rawTimestamps,
    nowSeconds: Math.floor(Date.now() / 1000),
  };
  if (options.keysOnly) await dumpKeys(reader, sink);
  else if (options.debugDump) await dumpDebug(reader, sink, dumpOptions);
  else if (options.lines) await dumpLines(reader, sink, dumpOptions);
  else await dumpPretty(reader, sink, dumpOptions);
}

/** The keys of `-k`, in the file's order; all partitions when none are given. */
function rangeOf(reader: SSTableReader, options: Options): ReadRange | undefined {
  const wanted = options.keys.filter((key) => !options.excludedKeys.includes(key));
  if (options.keys.length === 0) return undefined;
  const keys = new Map<string, DecoratedKey>();
  for (const text of wanted) {
    const key = parseKey(reader, text);
    keys.set(Buffer.from(key).toString('hex'), { token: murmur3Token(key), key });
  }
  return { partitions: { kind: 'keys', keys: [...keys.values()].sort(compareKeys) }, slices: null, reversed: false };
}

function parseKey(reader: SSTableReader, text: string): Uint8Array {
  try {
    return keyFromText(reader.table, text);
  } catch (error) {
    if (error instanceof CqlError) throw new UsageError(`-k ${text}: ${error.message}`);
    throw error;
  }
}
