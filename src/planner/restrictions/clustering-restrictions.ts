import { CqlError } from '../../errors/index.ts';
import { isSupported, type TableIndex } from './indexes.ts';
import { lastColumn, type Restriction } from './restriction.ts';
import type { RestrictionSet } from './restriction-set.ts';

/** Adds a restriction of clustering columns (`ClusteringColumnRestrictions.mergeWith`, 5.0.8). */
export function addClusteringRestriction(
  existing: RestrictionSet,
  added: Restriction,
  allowFiltering: boolean,
  indexes: readonly TableIndex[],
): RestrictionSet {
  const merged = existing.with(added);
  const last = existing.last();
  if (last === undefined || allowFiltering || isSupported(added, indexes)) return merged;
  const lastStart = last.columns[0];
  const addedStart = added.columns[0];
  if (last.kind === 'slice' && addedStart.position > lastStart.position) {
    throw CqlError.invalidRequest(
      `Clustering column "${addedStart.name}" cannot be restricted (preceding column "${lastStart.name}" is restricted by a non-EQ relation)`,
    );
  }
  if (addedStart.position < lastStart.position && added.kind === 'slice') {
    throw CqlError.invalidRequest(
      `PRIMARY KEY column "${merged.next(addedStart)?.name}" cannot be restricted (preceding column "${addedStart.name}" is restricted by a non-EQ relation)`,
    );
  }
  return merged;
}

/**
 * The restrictions that slices of partitions can stand for, and those that rows must be tested for: also what one of the
 * `indexes` answers, and then what follows it (`ClusteringColumnRestrictions.addToRowFilter`, 5.0.8).
 */
export function splitClusteringRestrictions(
  restrictions: RestrictionSet,
  indexes: readonly TableIndex[] = [],
): {
  readonly sliced: readonly Restriction[];
  readonly filtered: readonly Restriction[];
} {
  const sliced: Restriction[] = [];
  const filtered: Restriction[] = [];
  let position = 0;
  for (const restriction of restrictions) {
    if (
      restriction.kind === 'contains' ||
      restriction.kind === 'like' ||
      isSupported(restriction, indexes) ||
      restriction.columns[0].position !== position
    ) {
      filtered.push(restriction);
      continue;
    }
    sliced.push(restriction);
    if (restriction.kind !== 'slice') position = lastColumn(restriction).position + 1;
  }
  return { sliced, filtered };
}

export function clusteringNeedsFiltering(restrictions: RestrictionSet): boolean {
  return splitClusteringRestrictions(restrictions).filtered.length > 0;
}
