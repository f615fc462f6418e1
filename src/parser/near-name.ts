/**
 * The candidate that `word` most resembles, if it is near enough to be a slip of the fingers; failing that, the shortest
 * that goes on from it (`gc_grace` for `gc_grace_seconds`).
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const most = word.length < 2 ? 0 : word.length <= 4 ? 1 : word.length <= 7 ? 2 : 3;
  let best: string | undefined;
  let bestDistance = most + 1;
  let longer: string | undefined;
  for (const candidate of candidates) {
    if (word.length >= SHORTEST_BEGINNING && candidate.length > word.length && candidate.startsWith(word)) {
      if (longer === undefined || candidate.length < longer.length) longer = candidate;
    }
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? longer;
}

/** Shorter words begin too many others. */
const SHORTEST_BEGINNING = 3;

/** Insertions, deletions, substitutions and swaps of neighbours that make `b` of `a` (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}
