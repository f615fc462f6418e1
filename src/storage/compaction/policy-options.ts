import { parseHumanReadableBytes } from '../../schema/model/index.ts';

/** A table's `compaction` option; values were checked when the table was made. */
export type CompactionOptions = ReadonlyMap<string, string>;

export function numberOption(options: CompactionOptions, name: string, otherwise: number): number {
  const text = options.get(name);
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isNaN(value) ? otherwise : value;
}

export function booleanOption(options: CompactionOptions, name: string): boolean {
  return options.get(name)?.toLowerCase() === 'true';
}

/** Bytes of `100MiB`, `1 GiB`, `4096B`… */
export function bytesOption(options: CompactionOptions, name: string, otherwise: number): number {
  const bytes = parseHumanReadableBytes(options.get(name) ?? '');
  return typeof bytes === 'number' ? Math.ceil(bytes) : otherwise;
}

/** `0.5` or `50%` (`FBUtilities.parsePercent`). */
export function shareOption(options: CompactionOptions, name: string, otherwise: number): number {
  const text = options.get(name)?.trim();
  if (text?.endsWith('%') !== true) return numberOption(options, name, otherwise);
  const percent = Number(text.slice(0, -1));
  return Number.isNaN(percent) ? otherwise : percent / 100;
}
