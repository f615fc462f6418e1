import { displayWidth } from '../output/index.ts';

/** How far some work is. Whatever is unknown is left out of the line. */
export interface ProgressReport {
  readonly label: string;
  readonly rows?: number;
  readonly bytes?: number;
  /** Of all that there is to do. */
  readonly totalBytes?: number;
  /** For the bar and the time left. */
  readonly fraction?: number;
}

/** Work shorter than this shows nothing. */
const DELAY_MS = 500;
const INTERVAL_MS = 100;
const BAR_WIDTH = 20;

/** Calls `draw` with one line, again and again, while work takes longer than half a second. */
export class Progress {
  private readonly draw: (line: string) => void;
  private readonly columns: () => number;
  private timer: NodeJS.Timeout | undefined;
  private report: () => ProgressReport = () => ({ label: 'working' });
  private startedAt = 0;

  constructor(draw: (line: string) => void, columns: () => number) {
    this.draw = draw;
    this.columns = columns;
  }

  /** Goes on with the time of the work before, unless that was stopped. */
  start(report: () => ProgressReport): void {
    this.report = report;
    if (this.timer !== undefined) return;
    this.startedAt = performance.now();
    this.timer = setInterval(() => {
      const elapsedMs = performance.now() - this.startedAt;
      if (elapsedMs >= DELAY_MS) this.draw(progressLine(this.report(), elapsedMs, this.columns()));
    }, INTERVAL_MS);
  }

  /** The work goes on as something else: a statement's rows after its planning. */
  follow(report: () => ProgressReport): void {
    this.report = report;
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

/**
 * `label ████░░░░ 40% · 1,234,567 rows · 600,000 rows/s · 12.3 MB · 0:03 · 0:04 left`. Where the terminal is narrow, speeds and
 * the time that is over go first.
 */
export function progressLine(report: ProgressReport, elapsedMs: number, columns: number): string {
  const parts = partsOf(report, elapsedMs);
  const line = (): string => `${report.label}  ${parts.map(({ text }) => text).join(' · ')}`;
  while (displayWidth(line()) > columns && parts.length > 1) {
    const least = parts.reduce((lowest, part) => (part.worth <= lowest.worth ? part : lowest));
    parts.splice(parts.indexOf(least), 1);
  }
  return line();
}

interface LinePart {
  readonly text: string;
  /** What is worth least goes first. */
  readonly worth: number;
}

function partsOf({ fraction, rows, bytes, totalBytes }: ProgressReport, elapsedMs: number): LinePart[] {
  const parts: LinePart[] = [];
  const perSecond = (amount: number): number => Math.round(amount / (elapsedMs / 1000));
  const isTimed = fraction !== undefined && fraction > 0.01;
  if (fraction !== undefined) {
    const filled = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
    parts.push({ text: `${bar} ${Math.floor(fraction * 100)}%`, worth: 7 });
  }
  if (rows !== undefined && rows > 0) {
    parts.push({ text: `${groupDigits(rows)} rows`, worth: totalBytes === undefined ? 6 : 3 });
    parts.push({ text: `${groupDigits(perSecond(rows))} rows/s`, worth: 2 });
  }
  if (bytes !== undefined && bytes > 0) {
    const total = totalBytes === undefined ? '' : ` of ${inBytes(totalBytes)}`;
    parts.push({ text: `${inBytes(bytes)}${total}`, worth: 4 });
    if (totalBytes !== undefined) parts.push({ text: `${inBytes(perSecond(bytes))}/s`, worth: 2 });
  }
  parts.push({ text: clock(elapsedMs), worth: isTimed ? 1 : 5 });
  if (isTimed) parts.push({ text: `${clock((elapsedMs / fraction) * (1 - fraction))} left`, worth: 5 });
  return parts;
}

export function groupDigits(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `12.3 MB`, by powers of 1000. */
export function inBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0 ? `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}` : `${value.toFixed(1)} ${units[unit]}`;
}

/** `0:07`, `1:02:03`. */
function clock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  const tail = String(seconds % 60).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${tail}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${tail}`;
}
