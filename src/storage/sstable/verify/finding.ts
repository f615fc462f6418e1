import { CorruptionError, type CorruptionPlace } from '../../../errors/index.ts';

/** One piece of damage. */
export interface Finding {
  /** The file in which it shows. */
  readonly file: string;
  readonly detail: string;
  readonly place: CorruptionPlace;
}

export type Report = (finding: Finding) => void;

export function findingOf(error: CorruptionError, file: string): Finding {
  return { file: error.place.file ?? file, detail: error.detail, place: error.place };
}

/** Runs a check; damage that it meets is reported, and null returned. Other errors are the caller's. */
export function guarded<T>(report: Report, file: string, check: () => T): T | null {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof CorruptionError)) throw error;
    report(findingOf(error, file));
    return null;
  }
}
