import { createReadStream } from 'node:fs';
import { CorruptionError, CqlError } from '../errors/index.ts';
import { createRowFormat, type FormatName, type FormatOptions, type OutputSink, writeRows } from '../output/index.ts';
import { renderError, type SplitStatement, StatementSplitter } from '../parser/index.ts';
import type { QueryStatistics, Result, Session } from '../session/session.ts';
import type { Source } from './arguments.ts';
import { ExitCode } from './exit-code.ts';

export interface RunOptions {
  readonly format: FormatName;
  readonly formatOptions: FormatOptions;
  readonly continueOnError: boolean;
  readonly stats: boolean;
  readonly signal: AbortSignal;
}

/** Where the next statements come from, with the name that error lines show. */
interface ScriptInput {
  readonly name: string;
  chunks(): AsyncIterable<string> | Iterable<string>;
}

/**
 * Runs `-e` texts and `-f` scripts in order: results to `out`, errors to `errors`, each error one line
 * `FILE:LINE:COL: KIND: message`. Scripts stream: memory does not grow with their length. Stops at the first error unless
 * told to go on.
 */
export class SourceRunner {
  private readonly session: Session;
  private readonly out: OutputSink;
  private readonly errors: (text: string) => void;
  private readonly options: RunOptions;
  private failed = false;

  constructor(session: Session, out: OutputSink, errors: (text: string) => void, options: RunOptions) {
    this.session = session;
    this.out = out;
    this.errors = errors;
    this.options = options;
  }

  async run(sources: readonly Source[]): Promise<number> {
    for (const source of sources) {
      const goOn = await this.runInput(inputOf(source));
      if (this.options.signal.aborted) return ExitCode.INTERRUPTED;
      if (!goOn) return ExitCode.FAILED;
    }
    return this.failed ? ExitCode.FAILED : ExitCode.OK;
  }

  private async runInput(input: ScriptInput): Promise<boolean> {
    const splitter = new StatementSplitter();
    for await (const chunk of input.chunks()) {
      splitter.push(chunk);
      if (!(await this.runReady(splitter, input.name))) return false;
    }
    splitter.end();
    return this.runReady(splitter, input.name);
  }

  /** False when the run must stop. */
  private async runReady(splitter: StatementSplitter, name: string): Promise<boolean> {
    for (let statement = splitter.next(); statement !== null; statement = splitter.next()) {
      if (this.options.signal.aborted) return false;
      try {
        await this.runStatement(statement);
      } catch (error) {
        if (!(error instanceof CqlError) && !(error instanceof CorruptionError)) throw error;
        if (this.options.signal.aborted) return false;
        this.failed = true;
        await this.out.drain();
        this.errors(describeStatementError(name, statement, error));
        if (!this.options.continueOnError) return false;
      }
    }
    return true;
  }

  private async runStatement(statement: SplitStatement): Promise<void> {
    const started = performance.now();
    const result = await this.session.execute(statement.text, { signal: this.options.signal });
    await this.writeResult(result);
    for (const warning of result.warnings) this.errors(`Warnings :\n${warning}\n\n`);
    for (const note of result.notes) this.errors(`${note}\n`);
    if (this.options.stats) {
      this.errors(describeStatistics(performance.now() - started, result.kind === 'rows' ? result.statistics : null));
    }
  }

  private async writeResult(result: Result): Promise<void> {
    if (result.kind !== 'rows') return;
    const format = await createRowFormat(this.options.format, result.columns, this.out, this.options.formatOptions);
    await writeRows(result, format, this.out);
  }
}

function inputOf(source: Source): ScriptInput {
  if (source.kind === 'text') return { name: '<-e>', chunks: () => [source.cql] };
  if (source.path === '-') return { name: '<stdin>', chunks: () => textOf(process.stdin) };
  return { name: source.path, chunks: () => textOf(createReadStream(source.path, { highWaterMark: 256 * 1024 })) };
}

async function* textOf(stream: NodeJS.ReadableStream): AsyncIterable<string> {
  stream.setEncoding('utf8');
  // A stream with an encoding delivers strings.
  for await (const chunk of stream) yield chunk as string;
}

/**
 * The error's line, then the statement's source line with a caret, then a suggestion. Positions of a CqlError count within
 * its statement; the splitter knows where that begins. Columns are shown from 1, as compilers do.
 */
function describeStatementError(name: string, statement: SplitStatement, error: CqlError | CorruptionError): string {
  if (error instanceof CorruptionError) {
    return `${name}:${statement.line}:${statement.column + 1}: ${error.code}: ${oneLine(error.message)}\n`;
  }
  const position = error.position;
  const line = position === undefined ? statement.line : statement.line + position.line - 1;
  const column =
    position === undefined
      ? statement.column
      : position.line === 1
        ? statement.column + position.column
        : position.column;
  const head = `${name}:${line}:${column + 1}: ${error.kind}: ${oneLine(error.message)}\n`;
  const excerpt = renderError(statement.text, error);
  return excerpt === '' ? head : `${head}${excerpt}\n`;
}

function oneLine(text: string): string {
  return text.replaceAll('\r', '\\r').replaceAll('\n', '\\n');
}

function describeStatistics(elapsedMs: number, statistics: QueryStatistics | null): string {
  const parts = [`time ${elapsedMs.toFixed(1)} ms`];
  if (statistics !== null) {
    parts.push(
      `rows ${statistics.rows}`,
      `partitions ${statistics.partitions}`,
      `sstables ${statistics.sstables} (${statistics.sstablesSkipped} skipped)`,
      `blocks ${statistics.blocks}`,
      `bytes read ${statistics.bytesRead}`,
      `filter hits ${statistics.filterHits}, misses ${statistics.filterMisses}`,
      `tombstones ${statistics.tombstones}`,
    );
  }
  return `${parts.join(', ')}\n`;
}
