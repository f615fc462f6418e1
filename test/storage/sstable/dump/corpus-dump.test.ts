import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../../../src/storage/files/index.ts';
import { dumpDebug } from '../../../../src/storage/sstable/dump/debug-text.ts';
import { dumpKeys, dumpLines, dumpPretty } from '../../../../src/storage/sstable/dump/dump.ts';
import { openSSTable } from '../../../../src/storage/sstable/sstable-reader.ts';
import { CORPUS_NOW_SECONDS, FORMATS } from '../../support/corpus.ts';
import { ByteCollector } from '../byte-collector.ts';
import { corpusAnswers, corpusDataFiles } from '../corpus-files.ts';
import { PrettyTwin } from './pretty-twin.ts';

describe.each(FORMATS)('dump of %s', (format) => {
  const files = corpusAnswers(format, 'dump.jsonl').map((file) => [file.name, file] as const);
  it.each(files)('%s equals sstabledump -l -t', async (_, { dataPath, answer }) => {
    const reader = await openSSTable(nodeFileSystem, dataPath);
    const output = new ByteCollector();
    await dumpLines(reader, output, { rawTimestamps: true, nowSeconds: CORPUS_NOW_SECONDS });
    reader.close();
    expect(output.text().split('\n')).toEqual(answer.trimEnd().split('\n'));
  });
});

describe.each([...FORMATS, 'legacy'])('dump without -l of %s', (format) => {
  const files = corpusDataFiles(format).map((file) => [file.name, file.dataPath] as const);
  it.each(files)('%s lays the lines out', async (_, dataPath) => {
    const reader = await openSSTable(nodeFileSystem, dataPath);
    const lines = new ByteCollector();
    const pretty = new ByteCollector();
    const options = { rawTimestamps: false, nowSeconds: CORPUS_NOW_SECONDS };
    await dumpLines(reader, lines, options);
    await dumpPretty(reader, pretty, options);
    reader.close();
    expect(pretty.text().split('\n')).toEqual(laidOut(lines.text().split('\n')).split('\n'));
  });
});

function laidOut(lines: readonly string[]): string {
  const bytes: number[] = [];
  const twin = new PrettyTwin({ byte: (value) => bytes.push(value) });
  twin.begin('partitions');
  lines.forEach((line, i) => {
    if (i > 0) twin.separate();
    twin.write(Buffer.from(line));
  });
  twin.end();
  return Buffer.from(bytes).toString('utf8');
}

/** Recorded from sstabledump 5.0.8, on the node directory that ships with the tests. */
const RECORDED = join(import.meta.dirname, '../../../../test-data/dump');
const SHOP = join(import.meta.dirname, '../../../../test-data/node/data/shop');
/** Before anything in these files expires. */
const RECORDED_AT_SECONDS = 1_795_231_500;

describe('recorded dumps', () => {
  it.each(readdirSync(RECORDED))('%s', async (file) => {
    const [table, generation, form] = file.split('.');
    const directory = readdirSync(SHOP).find((name) => name.startsWith(`${table}-`)) ?? '';
    const reader = await openSSTable(nodeFileSystem, join(SHOP, directory, `${generation}-big-Data.db`));
    const output = new ByteCollector();
    const options = { rawTimestamps: false, nowSeconds: RECORDED_AT_SECONDS };
    if (form === 'pretty') await dumpPretty(reader, output, options);
    else if (form === 'e') await dumpKeys(reader, output);
    else await dumpDebug(reader, output, options);
    reader.close();
    expect(output.text()).toBe(readFileSync(join(RECORDED, file), 'utf8'));
  });
});

/** Of the repository's corpus; one of one's own has other timestamps. */
const EMPTY_VALUES =
  process.env['CASSETTE_CORPUS'] === undefined
    ? FORMATS.flatMap((format) => corpusAnswers(format, 'dump.jsonl')).filter(
        ({ name }) => name === 'test_edge.empty_values.1',
      )
    : [];

describe.skipIf(EMPTY_VALUES.length === 0)('sstabledump -d', () => {
  it('shows a clustering value of no bytes as null', async () => {
    const reader = await openSSTable(nodeFileSystem, EMPTY_VALUES[0].dataPath);
    const output = new ByteCollector();
    await dumpDebug(reader, output, { rawTimestamps: false, nowSeconds: CORPUS_NOW_SECONDS });
    reader.close();
    expect(output.text().split('\n')[0]).toBe(
      '[1]@18 Row[info=[ts=1700000040291930] ]: null | [a=empty clustering ts=1700000040291930], [i=1 ts=1700000040291930]',
    );
  });
});
