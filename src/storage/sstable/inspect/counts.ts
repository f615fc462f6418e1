import type { EstimatedCounts } from '../components/statistics/statistics.ts';

/** `utils/EstimatedHistogram` (5.0.8) as its users read it. */
export const PERCENTILES = [0.5, 0.75, 0.95, 0.98, 0.99] as const;

/** The upper end of the bucket that the percentile falls in. */
export function percentile({ offsets, counts }: EstimatedCounts, share: number): number {
  const wanted = Math.ceil(total(counts) * share);
  if (wanted === 0) return 0;
  let seen = 0;
  for (let i = 0; i < offsets.length; i++) {
    seen += counts[i];
    if (seen >= wanted) return offsets[i];
  }
  return 0;
}

export function least({ offsets, counts }: EstimatedCounts): number {
  const first = counts.findIndex((count) => count > 0);
  return first <= 0 ? 0 : 1 + offsets[first - 1];
}

export function greatest({ offsets, counts }: EstimatedCounts): number {
  const last = counts.findLastIndex((count) => count > 0);
  if (last === offsets.length) return Number.POSITIVE_INFINITY;
  return last < 0 ? 0 : offsets[last];
}

/** The mean of the buckets' ends, rounded up. */
export function mean({ offsets, counts }: EstimatedCounts): number {
  let elements = 0;
  let sum = 0;
  for (let i = 0; i < offsets.length; i++) {
    elements += counts[i];
    sum += counts[i] * offsets[i];
  }
  return elements === 0 ? 0 : Math.ceil(sum / elements);
}

export function total(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

const VIEW_BUCKETS = 165;

/** Values counted anew in the buckets that sstablemetadata shows percentiles of. */
export function recount(values: readonly number[], counts: readonly number[]): EstimatedCounts {
  const offsets = new Float64Array(VIEW_BUCKETS);
  let last = 1;
  offsets[0] = last;
  for (let i = 1; i < VIEW_BUCKETS; i++) {
    const next = Math.round(last * 1.2);
    last = next === last ? next + 1 : next;
    offsets[i] = last;
  }
  const buckets = new Float64Array(VIEW_BUCKETS + 1);
  values.forEach((value, i) => {
    const at = offsets.findIndex((offset) => offset >= value);
    buckets[at < 0 ? VIEW_BUCKETS : at] += counts[i];
  });
  return { offsets, counts: buckets };
}
