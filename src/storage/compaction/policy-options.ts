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

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Bytes of `100MiB`, `1 GiB`, `4096B`… (`FBUtilities.parseHumanReadableBytes`). */
export function bytesOption(options: CompactionOptions, name: string, otherwise: number): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?\s*$/i.exec(options.get(name) ?? '');
  return match === null ? otherwise : Number(match[1]) * UNITS[match[2].toUpperCase()];
}
