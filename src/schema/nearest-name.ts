import { nearest } from '../parser/near-name.ts';

/** The candidate that a mistyped name probably meant, or undefined when none is near; case is ignored. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const byLowerCase = new Map<string, string>();
  for (const candidate of candidates) {
    if (candidate !== name && !byLowerCase.has(candidate.toLowerCase())) {
      byLowerCase.set(candidate.toLowerCase(), candidate);
    }
  }
  const found = nearest(name.toLowerCase(), byLowerCase.keys());
  return found === undefined ? undefined : byLowerCase.get(found);
}

/** `did you mean "people"?`, ready for a `CqlError`'s suggestion. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const found = nearestName(name, candidates);
  return found === undefined ? undefined : `did you mean "${found}"?`;
}
