import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../../../src/storage/files/index.ts';
import { dumpPretty } from '../../../../src/storage/sstable/dump/dump.ts';
import { openSSTable } from '../../../../src/storage/sstable/sstable-reader.ts';
import { CORPUS } from '../../support/corpus.ts';
import { ByteCollector } from '../byte-collector.ts';
import { corpusDataFiles } from '../corpus-files.ts';

/** 3.11's sstabledump takes 3.0's frozen UDT for one of many cells, and ends with its first row. */
const STOPS_EARLY = 'mix-ma-1-big.by-3.11.19.json';

const LEGACY = join(CORPUS, 'legacy');

describe('dump of SSTables of Cassandra 3.0 to 4.1', () => {
  it.each(answered().map((file) => [file.name, file] as const))('%s', async (_, { dataPath, golden }) => {
    const reader = await openSSTable(nodeFileSystem, dataPath);
    const output = new ByteCollector();
    await dumpPretty(reader, output, { rawTimestamps: true, nowSeconds: Date.now() / 1000 });
    reader.close();
    expect(comparable(JSON.parse(output.text()))).toEqual(comparable(JSON.parse(readFileSync(golden, 'utf8'))));
  });
});

/** SSTables that an sstabledump of their time printed in full. */
function answered(): { name: string; dataPath: string; golden: string }[] {
  if (!existsSync(LEGACY)) return [];
  return corpusDataFiles('legacy').flatMap((file) => {
    const golden = goldenOf(file.dataPath);
    return golden === undefined || golden.endsWith(STOPS_EARLY) ? [] : [{ ...file, golden }];
  });
}

function goldenOf(dataPath: string): string | undefined {
  const table = basename(dirname(dataPath));
  const directory = join(dirname(dataPath), '../../dump');
  const prefix = `${table}-${basename(dataPath).replace('-Data.db', '')}`;
  const name = readdirSync(directory).find((file) => file.startsWith(prefix));
  return name === undefined ? undefined : join(directory, name);
}

/**
 * What old sstabledumps print alike: they have no table kind, other positions within static rows, values by
 * `getString` in quotes, and no shadowing of what is expired by now.
 */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (value === null || typeof value !== 'object') return String(value);
  const kept = Object.entries(value).filter(([key]) => !['table kind', 'position', 'expired'].includes(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, comparable(inner)]));
}
