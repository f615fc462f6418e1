import { CqlError } from '../../errors/index.ts';
import {
  createRowFormat,
  FileSink,
  FORMAT_NAMES,
  type FormatName,
  type OutputSink,
  writeRows,
} from '../../output/index.ts';
import type { ResultColumn, RowChunk, RowsResult, Session } from '../../session/session.ts';
import { quoteIdentifier } from '../../types/index.ts';
import { CsvWriter } from '../csv/csv-writer.ts';
import { ExchangeJsonFormat } from '../json/exchange-json-format.ts';
import { copyColumns } from './copy-columns.ts';
import type { CopyOptions } from './copy-options.ts';
import type { CopyProgress } from './copy-progress.ts';
import type { CopyStatement } from './copy-statement.ts';
import { type FieldText, fieldTextOf } from './field-text.ts';

export interface CopyEnvironment {
  readonly session: Session;
  /** STDOUT of COPY TO. */
  readonly out: OutputSink;
  /** Bytes of STDIN for COPY FROM. */
  readonly input: () => AsyncIterable<Uint8Array>;
  readonly resolvePath: (name: string) => string;
  readonly progress: CopyProgress;
  readonly signal: AbortSignal;
}

/** Runs COPY … TO; returns the number of rows written. */
export async function copyTo(environment: CopyEnvironment, statement: CopyStatement): Promise<number> {
  const { session, signal } = environment;
  const { options } = statement;
  const file = statement.files === null ? null : environment.resolvePath(statement.files.join(','));
  const cql = statement.source.kind === 'query' ? statement.source.cql : selectText(session, statement, options);
  const result = await session.execute(cql, { signal });
  if (result.kind !== 'rows') throw CqlError.invalidRequest('COPY TO needs a query that returns rows');
  const limited = options.maxOutputRows >= 0 ? limit(result, options.maxOutputRows) : result;
  const counted = environment.progress.count(limited);
  const sink = file === null ? environment.out : new FileSink(file);
  try {
    const format = formatOf(file, options);
    if (format === 'csv') return await writeCsv(counted, sink, options);
    if (format === 'tsv') return await writeCsv(counted, sink, { ...options, csv: { ...options.csv, delimiter: TAB } });
    if (format === 'jsonl') return await writeRows(counted, new ExchangeJsonFormat(result.columns, sink), sink);
    return await writeRows(counted, await createRowFormat(format, result.columns, sink, { color: false }), sink);
  } finally {
    if (sink instanceof FileSink) sink.close();
  }
}

/** The option first, then the file's extension; CSV when neither says. */
export function formatOf(file: string | null, options: CopyOptions): FormatName {
  const extension = file === null ? undefined : /\.(\w+)$/.exec(file)?.[1].toLowerCase();
  const name = options.format ?? EXTENSIONS[extension ?? ''] ?? 'csv';
  const known = FORMAT_NAMES.find((format) => format === name);
  if (known === undefined) throw CqlError.invalidRequest(`COPY option FORMAT is one of ${FORMAT_NAMES.join(', ')}`);
  return known;
}

const TAB = 0x09;

const EXTENSIONS: Readonly<Record<string, FormatName>> = {
  json: 'jsonl',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
  arrow: 'arrow',
  feather: 'arrow',
  tsv: 'tsv',
  md: 'markdown',
  html: 'html',
  cql: 'insert',
};

function selectText(session: Session, statement: CopyStatement, options: CopyOptions): string {
  if (statement.source.kind === 'query') return statement.source.cql;
  const { keyspace, table, columns } = statement.source;
  const space = keyspace ?? session.keyspace;
  if (space === null)
    throw CqlError.invalidRequest(
      'No keyspace has been specified. USE a keyspace, or explicitly specify keyspace.tablename',
    );
  const definition =
    session.schema.keyspaces.get(space)?.tables.get(table) ?? session.schema.keyspaces.get(space)?.views.get(table);
  const chosen = columns ?? (definition === undefined ? null : copyColumns(definition));
  const names = chosen === null ? '*' : chosen.map(quoteIdentifier).join(', ');
  let cql = `SELECT ${names} FROM ${quoteIdentifier(space)}.${quoteIdentifier(table)}`;
  const bounds: string[] = [];
  if (definition !== undefined) {
    const key = definition.partitionKey.map((column) => quoteIdentifier(column.name)).join(', ');
    if (options.beginToken !== undefined) bounds.push(`token(${key}) > ${options.beginToken}`);
    if (options.endToken !== undefined) bounds.push(`token(${key}) <= ${options.endToken}`);
  }
  if (bounds.length > 0) cql += ` WHERE ${bounds.join(' AND ')}`;
  return cql;
}

async function writeCsv(result: RowsResult, sink: OutputSink, options: CopyOptions): Promise<number> {
  const writer = new CsvWriter(options.csv);
  const texts = result.columns.map((column) => fieldTextOf(column.type, options));
  let rows = 0;
  if (options.header) writeHeader(writer, result.columns);
  try {
    for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) {
      writeChunk(writer, chunk, texts, options);
      rows += chunk.rowCount;
      handOver(writer, sink);
      await sink.drain();
    }
    handOver(writer, sink);
    await sink.drain();
  } finally {
    result.close();
  }
  return rows;
}

function writeHeader(writer: CsvWriter, columns: readonly ResultColumn[]): void {
  for (const column of columns) {
    const name = Buffer.from(column.name);
    writer.field(name, 0, name.length, false);
  }
  writer.endRecord();
}

function writeChunk(writer: CsvWriter, chunk: RowChunk, texts: readonly FieldText[], options: CopyOptions): void {
  const width = texts.length;
  const nullBytes = Buffer.from(options.nullText);
  for (let row = 0; row < chunk.rowCount; row++) {
    for (let i = 0; i < width; i++) {
      const cell = chunk.cells[row * width + i];
      if (cell === null) {
        writer.field(nullBytes, 0, nullBytes.length, false);
        continue;
      }
      const { direct } = texts[i];
      if (direct !== null && writer.direct(direct, cell)) continue;
      const text = texts[i].write(cell);
      const bytes = typeof text === 'string' ? Buffer.from(text) : text;
      // A value that looks like a null is told from it by its quotes.
      writer.field(bytes, 0, bytes.length, sameBytes(bytes, nullBytes));
    }
    writer.endRecord();
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function handOver(writer: CsvWriter, sink: OutputSink): void {
  if (writer.sink.position === 0) return;
  sink.write(writer.sink.copy());
  writer.sink.clear();
}

/** The result cut off after `rows` rows. */
function limit(result: RowsResult, rows: number): RowsResult {
  let left = rows;
  const width = result.columns.length;
  return {
    ...result,
    pagingState: () => result.pagingState(),
    close: () => result.close(),
    async next() {
      if (left === 0) return null;
      const chunk = await result.next();
      if (chunk === null || chunk.rowCount <= left) {
        left -= chunk?.rowCount ?? 0;
        return chunk;
      }
      const cut = { rowCount: left, cells: chunk.cells.slice(0, left * width) };
      left = 0;
      return cut;
    },
  };
}
