import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { CorruptionError, CqlError } from '../../errors/index.ts';
import { isCounterTable, type TableMetadata } from '../../schema/model/index.ts';
import type { RowAppender } from '../../session/session.ts';
import { CsvReader } from '../csv/csv-reader.ts';
import { copyColumns } from './copy-columns.ts';
import type { CopyOptions } from './copy-options.ts';
import type { CopyStatement } from './copy-statement.ts';
import { type CopyEnvironment, formatOf } from './copy-to.ts';
import { counterAppender } from './counter-appender.ts';
import { ErrorFile } from './error-file.ts';
import { expandFiles } from './expand-files.ts';
import { Failures } from './failures.ts';
import { type FieldText, fieldTextOf } from './field-text.ts';
import { JsonRowReader } from './json-row-reader.ts';

export interface ImportReport {
  readonly rows: number;
  readonly files: number;
  readonly skipped: number;
  readonly failed: number;
  /** Where the failed rows stand; null when there are none. */
  readonly errorFile: string | null;
  readonly failures: Failures;
}

/** Rows between two looks at memory and progress. */
const REST_RECORDS = 1_000;

/** Runs COPY … FROM. Bad rows go to the error file and the rest goes on, until MAXPARSEERRORS are reached. */
export async function copyFrom(environment: CopyEnvironment, statement: CopyStatement): Promise<ImportReport> {
  if (statement.source.kind === 'query') throw CqlError.invalidRequest('COPY FROM needs a table');
  const table = findTable(environment, statement.source);
  const { options } = statement;
  const files = statement.files === null ? null : expandFiles(statement.files, environment.resolvePath);
  for (const file of files ?? []) environment.progress.totalBytes += statSync(file).size;
  const importer = new Importer(environment, table, statement.source.columns, options);
  try {
    for (const file of files ?? [null]) await importer.importFile(file);
    return await importer.finish(files?.length ?? 1);
  } finally {
    importer.close();
  }
}

function findTable(environment: CopyEnvironment, source: { keyspace: string | null; table: string }): TableMetadata {
  const { session } = environment;
  const keyspace = source.keyspace ?? session.keyspace;
  if (keyspace === null) {
    throw CqlError.invalidRequest(
      'No keyspace has been specified. USE a keyspace, or explicitly specify keyspace.tablename',
    );
  }
  const table = session.schema.keyspaces.get(keyspace)?.tables.get(source.table);
  if (table === undefined) throw CqlError.invalidRequest(`table ${keyspace}.${source.table} does not exist`);
  return table;
}

class Importer {
  private readonly environment: CopyEnvironment;
  private readonly table: TableMetadata;
  private readonly wantedColumns: readonly string[] | null;
  private readonly options: CopyOptions;
  private readonly nullLength: number;
  private readonly errors: ErrorFile;
  private readonly failures = new Failures();
  private appender: RowAppender | null = null;
  private appenderColumns = '';
  /** The name of the file at hand. */
  private file: string | null = null;
  private rows = 0;
  private skipped = 0;
  private sinceDrain = 0;
  /** Records since others had their turn, those that were skipped or refused among them. */
  private sinceRest = 0;

  constructor(
    environment: CopyEnvironment,
    table: TableMetadata,
    wantedColumns: readonly string[] | null,
    options: CopyOptions,
  ) {
    this.environment = environment;
    this.table = table;
    this.wantedColumns = wantedColumns;
    this.options = options;
    this.nullLength = Buffer.byteLength(options.nullText);
    this.errors = new ErrorFile(
      environment.resolvePath(options.errorFile ?? `import_${table.keyspace}_${table.name}.err`),
    );
  }

  async importFile(file: string | null): Promise<void> {
    const format = formatOf(file, this.options);
    this.file = file === null ? null : basename(file);
    const chunks = this.counted(
      file === null ? this.environment.input() : createReadStream(file, { highWaterMark: 1 << 20 }),
    );
    if (format === 'csv' || format === 'tsv') await this.importCsv(chunks, format === 'tsv');
    else if (format === 'jsonl' || format === 'json') await this.importJson(chunks);
    else throw CqlError.invalidRequest(`COPY FROM reads csv, tsv and json lines; not ${format}`);
  }

  private async *counted(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of chunks) {
      this.environment.progress.bytes += chunk.length;
      yield chunk;
    }
  }

  async finish(files: number): Promise<ImportReport> {
    await this.appender?.finish();
    this.environment.progress.finish();
    return {
      rows: this.rows,
      files,
      skipped: this.skipped,
      failed: this.errors.count,
      errorFile: this.errors.count === 0 ? null : this.errors.path,
      failures: this.failures,
    };
  }

  /** The error file is whole, however the import ended. */
  close(): void {
    this.errors.flush();
  }

  private async importCsv(chunks: AsyncIterable<Uint8Array>, tabs: boolean): Promise<void> {
    const reader = new CsvReader(tabs ? { ...this.options.csv, delimiter: 0x09 } : this.options.csv);
    const mapping: CsvMapping = { columns: null, fields: [], texts: [], keep: [] };
    for await (const chunk of chunks) {
      reader.push(chunk);
      await this.drainCsv(reader, mapping);
      if (this.isFull()) return;
    }
    reader.end();
    await this.drainCsv(reader, mapping);
  }

  private async drainCsv(reader: CsvReader, mapping: CsvMapping): Promise<void> {
    while (!this.isFull() && reader.next()) {
      if (++this.sinceRest >= REST_RECORDS) await this.drain();
      if (mapping.columns === null) {
        await this.mapCsv(reader, mapping);
        if (this.options.header) continue;
      }
      if (this.skipped < this.options.skipRows) {
        this.skipped++;
        continue;
      }
      this.importRecord(reader, mapping);
    }
  }

  /** The columns of the file: those given, or the header's, or the table's. */
  private async mapCsv(reader: CsvReader, mapping: CsvMapping): Promise<void> {
    const header = this.options.header
      ? Array.from({ length: reader.fieldCount }, (_, i) => reader.text(i).trim())
      : null;
    const columns = this.wantedColumns ?? header ?? copyColumns(this.table);
    mapping.columns = columns;
    mapping.keep = columns.flatMap((name, i) => (this.options.skipColumns.includes(name) ? [] : [i]));
    const kept = mapping.keep.map((i) => columns[i]);
    if (header !== null && this.wantedColumns === null) this.checkHeader(kept);
    const appender = await this.appenderFor(kept);
    mapping.texts = appender.types.map((type) => fieldTextOf(type, this.options));
    mapping.fields = kept.map(() => null);
  }

  private checkHeader(names: readonly string[]): void {
    const unknown = names.find((name) => !this.table.columns.has(name));
    if (unknown === undefined) return;
    const known = copyColumns(this.table).join(', ');
    throw CqlError.invalidRequest(
      `the header${this.file === null ? '' : ` of ${this.file}`} names a column "${unknown}", which ` +
        `${this.table.keyspace}.${this.table.name} does not have (${known}); SKIPCOLS leaves columns out`,
    );
  }

  private importRecord(reader: CsvReader, mapping: CsvMapping): void {
    const columns = mapping.columns ?? [];
    if (reader.fieldCount !== columns.length) {
      this.fail(
        rawRecord(reader),
        `ParseError - Invalid row length ${reader.fieldCount} should be ${columns.length}`,
        reader.line,
      );
      return;
    }
    let k = 0;
    try {
      for (; k < mapping.keep.length; k++) {
        mapping.fields[k] = this.readField(reader, mapping.keep[k], mapping.texts[k]);
      }
      this.append(mapping.fields);
    } catch (error) {
      if (!(error instanceof CqlError) && !(error instanceof CorruptionError)) throw error;
      const column = k < mapping.keep.length ? `, column ${columns[mapping.keep[k]]}` : '';
      this.fail(rawRecord(reader), `ParseError - ${error.message}${column}`, reader.line);
    }
  }

  private readField(reader: CsvReader, i: number, text: FieldText): Uint8Array | null {
    const start = reader.fieldStart[i];
    const end = reader.fieldEnd[i];
    const { nullText } = this.options;
    if (
      reader.fieldQuoted[i] === 0 &&
      end - start === this.nullLength &&
      (start === end || reader.text(i) === nullText)
    )
      return null;
    // The reader's buffer moves on; appenders copy what they keep.
    if (text.isRaw) {
      text.check(reader.bytes, start, end);
      return reader.bytes.subarray(start, end);
    }
    const value = text.direct?.read(reader.bytes, start, end) ?? null;
    if (value !== null) return value;
    return text.read(reader.text(i));
  }

  private async importJson(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const reader = new JsonRowReader(this.table, this.options.skipColumns);
    for await (const row of reader.rows(chunks)) {
      if (this.isFull()) return;
      if (++this.sinceRest >= REST_RECORDS) await this.drain();
      if (this.skipped < this.options.skipRows) {
        this.skipped++;
        continue;
      }
      if (row.kind === 'bad') this.fail(row.text, `ParseError - ${row.message}`, row.line);
      else {
        try {
          if (!this.hasAppenderFor(row.columns)) await this.appenderFor(row.columns);
          this.append(row.cells);
        } catch (error) {
          if (!(error instanceof CqlError)) throw error;
          this.fail(row.text, `ParseError - ${error.message}`, row.line);
        }
      }
    }
  }

  private append(cells: readonly (Uint8Array | null)[]): void {
    this.appender?.append(cells);
    this.rows++;
    this.sinceDrain++;
  }

  private hasAppenderFor(columns: readonly string[]): boolean {
    return this.appender !== null && this.appenderColumns === columns.join('\u0000');
  }

  private async appenderFor(columns: readonly string[]): Promise<RowAppender> {
    const { session } = this.environment;
    const name = { keyspace: this.table.keyspace, name: this.table.name };
    this.appenderColumns = columns.join('\u0000');
    this.appender = isCounterTable(this.table)
      ? counterAppender(session, this.table, columns)
      : ((await session.appender?.(name, columns, { ttlSeconds: this.options.ttlSeconds })) ?? null);
    if (this.appender === null) throw CqlError.invalidRequest('COPY FROM works on a database of files only, for now');
    return this.appender;
  }

  private fail(row: string, message: string, line: number): void {
    this.errors.add(row);
    this.failures.add(message, { file: this.file, line });
    const { maxParseErrors } = this.options;
    if (maxParseErrors >= 0 && this.errors.count > maxParseErrors) {
      throw CqlError.invalidRequest(
        `Exceeded maximum number of parse errors ${maxParseErrors}, at line ${line}: ${message}`,
      );
    }
  }

  private isFull(): boolean {
    return this.environment.signal.aborted || (this.options.maxRows >= 0 && this.rows >= this.options.maxRows);
  }

  private async drain(): Promise<void> {
    this.environment.progress.add(this.sinceDrain);
    this.sinceDrain = 0;
    this.sinceRest = 0;
    await this.appender?.drain();
    // Rows are written without waiting: timers and Ctrl-C get their turn here.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

interface CsvMapping {
  columns: readonly string[] | null;
  fields: (Uint8Array | null)[];
  texts: readonly FieldText[];
  /** Indexes of the file's columns that are imported. */
  keep: readonly number[];
}

/** The record as a line again: its fields are already unquoted in the reader's buffer. */
function rawRecord(reader: CsvReader): string {
  return Array.from({ length: reader.fieldCount }, (_, i) => {
    const text = reader.text(i);
    return /[",\\\n]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
  }).join(',');
}
