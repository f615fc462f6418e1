import { UsageError } from '../errors/index.ts';
import type { OutputSink } from '../output/index.ts';
import { nodeFileSystem } from '../storage/files/index.ts';
import {
  compressionRecords,
  contentRecords,
  dataRecords,
  filterRecords,
  type InspectRecord,
  indexRecords,
  summaryRecords,
  tocRecords,
} from '../storage/sstable/inspect/records.ts';
import { statisticsRecord } from '../storage/sstable/inspect/statistics-record.ts';
import { statisticsText } from '../storage/sstable/inspect/statistics-text.ts';
import { openSSTable, type SSTableReader } from '../storage/sstable/sstable-reader.ts';
import type { Options } from './arguments.ts';
import { ExitCode } from './exit-code.ts';
import { findDataFiles } from './find-data-files.ts';

type Records = Iterable<InspectRecord> | AsyncIterable<InspectRecord>;

const COMPONENTS: Readonly<Record<string, (reader: SSTableReader) => Records>> = {
  statistics: (reader) => [statisticsRecord(reader, Math.floor(Date.now() / 1000))],
  index: indexRecords,
  summary: summaryRecords,
  filter: filterRecords,
  'compression-info': compressionRecords,
  toc: (reader) => tocRecords(reader, nodeFileSystem),
  partitions: (reader) => contentRecords(reader, false),
  rows: (reader) => contentRecords(reader, true),
  data: dataRecords,
};

/** `cassette inspect FILE|DIR…`: what the files say of themselves. */
export async function runInspect(paths: readonly string[], options: Options, sink: OutputSink): Promise<number> {
  const component = options.component ?? 'statistics';
  const recordsOf = Object.hasOwn(COMPONENTS, component) ? COMPONENTS[component] : undefined;
  if (recordsOf === undefined) {
    throw new UsageError(`--component ${component}: one of ${Object.keys(COMPONENTS).join(', ')} expected`);
  }
  const isJson = options.format === 'json' || options.format === 'jsonl';
  for (const path of findDataFiles(paths, options)) {
    const reader = await openSSTable(nodeFileSystem, path);
    try {
      if (isJson) await writeJson(recordsOf(reader), options.format === 'jsonl', sink);
      else if (component === 'statistics') {
        sink.write(`${statisticsText(reader, Math.floor(Date.now() / 1000)).join('\n')}\n`);
      } else await writeText(recordsOf(reader), path, sink);
    } finally {
      reader.close();
    }
  }
  return ExitCode.OK;
}

/** An array a file; with `lines` a record a line. */
async function writeJson(records: Records, lines: boolean, sink: OutputSink): Promise<void> {
  let isFirst = true;
  if (!lines) sink.write('[');
  for await (const record of records) {
    if (lines) sink.write(`${JSON.stringify(record)}\n`);
    else sink.write(`${isFirst ? '\n' : ',\n'}${JSON.stringify(record)}`);
    isFirst = false;
    await sink.drain();
  }
  if (!lines) sink.write(isFirst ? ']\n' : '\n]\n');
}

async function writeText(records: Records, path: string, sink: OutputSink): Promise<void> {
  sink.write(`SSTable: ${path}\n`);
  for await (const record of records) {
    sink.write(`${Object.entries(record).map(fieldText).join('  ')}\n`);
    await sink.drain();
  }
}

function fieldText([name, value]: [string, unknown]): string {
  if (value === null) return `${name}: --`;
  return `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`;
}
