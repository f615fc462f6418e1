import { createRowFormat, type FormatOptions, type OutputSink, writeRows } from '../../output/index.ts';
import type { SplitStatement } from '../../parser/splitter.ts';
import type {
  ExecuteOptions,
  QueryStatistics,
  Result,
  RowsResult,
  Session,
  TraceEvent,
} from '../../session/session.ts';
import type { ShellSettings } from '../commands/index.ts';
import { monotonicMillis } from './monotonic-millis.ts';
import { executePaged } from './paged-result.ts';

export interface RunSurroundings {
  readonly session: Session;
  readonly settings: ShellSettings;
  readonly out: OutputSink;
  /** Warnings, notes, times: what is no result. */
  readonly tell: (text: string) => void;
  readonly formatOptions: FormatOptions;
  readonly signal: AbortSignal;
  /** `--stats`. */
  readonly statistics: boolean;
  /** Scripts: writes are answered once applied, and made durable in groups. */
  readonly deferDurability: boolean;
  /** The terminal's own way to show rows; otherwise they are formatted as `settings` say. */
  readonly present?: (result: RowsResult) => Promise<void>;
}

/** Runs one CQL statement with the shell's settings and writes its result. Throws what the session throws. */
export async function runStatement(surroundings: RunSurroundings, statement: string | SplitStatement): Promise<Result> {
  const { session, settings, out, tell, signal } = surroundings;
  const text = typeof statement === 'string' ? statement : statement.text;
  if (settings.explain && /^\s*select\b/i.test(text)) await runOne(surroundings, `EXPLAIN ${text}`);
  const started = monotonicMillis();
  const traced: TraceEvent[] = [];
  const strict = (settings.dialect ?? session.dialect) === 'strict';
  const execute = strict ? executePaged : executeWhole;
  const result = await execute(session, statement, {
    signal,
    dialect: settings.dialect,
    consistency: settings.consistency,
    serialConsistency: settings.serialConsistency,
    deferDurability: surroundings.deferDurability,
    trace: settings.tracing ? (event) => traced.push(event) : undefined,
  });
  if (result.kind === 'rows') {
    await session.durable?.();
    await writeResult(surroundings, result);
  }
  if (result.warnings.length > 0) {
    await out.drain();
    for (const warning of result.warnings) tell(`\nWarnings :\n${warning}\n\n`);
  }
  if (result.notes.length > 0) {
    await out.drain();
    for (const note of result.notes) tell(`${note}\n`);
  }
  const elapsedMs = monotonicMillis() - started;
  if (settings.timer) tell(`(${elapsedMs.toFixed(elapsedMs < 10 ? 1 : 0)}ms elapsed)\n`);
  if (settings.tracing && traced.length > 0) tell(describeTrace(traced));
  if (surroundings.statistics) {
    await out.drain();
    tell(describeStatistics(elapsedMs, result.kind === 'rows' ? result.statistics : null));
  }
  return result;
}

function executeWhole(session: Session, statement: string | SplitStatement, options: ExecuteOptions): Promise<Result> {
  return session.execute(statement, options);
}

async function runOne(surroundings: RunSurroundings, cql: string): Promise<void> {
  const result = await surroundings.session.execute(cql, { signal: surroundings.signal });
  if (result.kind === 'rows') await writeResult(surroundings, result);
}

async function writeResult(surroundings: RunSurroundings, result: RowsResult): Promise<void> {
  if (isPlan(result) && surroundings.settings.format === 'table') return writePlan(result, surroundings.out);
  if (surroundings.present !== undefined) return surroundings.present(result);
  return writeFormatted(surroundings, result);
}

/** Writes rows in the format that the settings name. */
export async function writeFormatted(
  { settings, out, formatOptions }: Pick<RunSurroundings, 'settings' | 'out' | 'formatOptions'>,
  result: RowsResult,
): Promise<void> {
  const name = settings.format === 'table' && settings.expand ? 'expanded' : settings.format;
  const format = await createRowFormat(name, result.columns, out, {
    ...formatOptions,
    nullText: settings.nullText,
    typeRow: settings.typeRow,
    floatPrecision: settings.floatPrecision,
    doublePrecision: settings.doublePrecision,
    timeFormat: settings.timeFormat,
    timeZone: settings.timeZone,
  });
  await writeRows(result, format, out);
}

/** EXPLAIN's answer, which is text to be read from the left, line by line. */
function isPlan({ columns }: RowsResult): boolean {
  return columns.length === 1 && columns[0].name === 'plan' && columns[0].table === '';
}

async function writePlan(result: RowsResult, out: OutputSink): Promise<void> {
  out.write('\n');
  for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) {
    for (const cell of chunk.cells) out.write(` ${cell === null ? '' : Buffer.from(cell).toString('utf8')}\n`);
  }
  out.write('\n');
  await out.drain();
}

/** TRACING: what the engine did, with bars that show when. */
function describeTrace(events: readonly TraceEvent[]): string {
  const last = events.at(-1)?.elapsedMicros ?? 0;
  const barWidth = 24;
  const lines = events.map((event, i) => {
    const from = last === 0 ? 0 : Math.round(((events[i - 1]?.elapsedMicros ?? 0) / last) * barWidth);
    const to = last === 0 ? 0 : Math.max(from + 1, Math.round((event.elapsedMicros / last) * barWidth));
    const bar = `${' '.repeat(from)}${'█'.repeat(Math.max(0, to - from))}`.padEnd(barWidth);
    return ` ${String(event.elapsedMicros).padStart(9)} µs |${bar}| ${event.activity}`;
  });
  return `\nTracing\n${lines.join('\n')}\n\n`;
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
