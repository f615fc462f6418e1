import { CqlError } from '../../errors/index.ts';
import type { ContainsRestriction, Restriction, SliceRestriction } from './restriction.ts';

/** Two relations on the same column (`Restriction.mergeWith`, 5.0.8): only slices and CONTAINS may meet. */
export function mergeRestrictions(existing: Restriction, added: Restriction): Restriction {
  const [column] = existing.columns;
  switch (existing.kind) {
    case 'eq':
      throw refuse(`${shared(existing, added)} cannot be restricted by more than one relation if it includes an Equal`);
    case 'in':
      throw refuse(`${shared(existing, added)} cannot be restricted by more than one relation if it includes a IN`);
    case 'slice':
      return mergeSlices(existing, added);
    case 'contains':
      return mergeContains(existing, added);
    case 'like':
      throw refuse(`${column.name} cannot be restricted by more than one relation if it includes a LIKE`);
    case 'ann':
      throw refuse(`${column.name} cannot be restricted by more than one relation in an ANN ordering`);
  }
}

function mergeSlices(existing: SliceRestriction, added: Restriction): Restriction {
  const name = shared(existing, added);
  if (added.kind !== 'slice') {
    throw refuse(`Column "${name}" cannot be restricted by both an equality and an inequality relation`);
  }
  if (existing.columns[0] !== added.columns[0]) {
    const later = existing.columns[0].position > added.columns[0].position ? existing : added;
    throw refuse(
      `Column "${later.columns[0].name}" cannot be restricted by two inequalities not starting with the same column`,
    );
  }
  if (existing.start !== null && added.start !== null) {
    throw refuse(`More than one restriction was found for the start bound on ${name}`);
  }
  if (existing.end !== null && added.end !== null) {
    throw refuse(`More than one restriction was found for the end bound on ${name}`);
  }
  const columns = existing.columns.length >= added.columns.length ? existing.columns : added.columns;
  const multiColumn = existing.multiColumn || added.multiColumn;
  return { ...existing, columns, multiColumn, start: existing.start ?? added.start, end: existing.end ?? added.end };
}

function mergeContains(existing: ContainsRestriction, added: Restriction): Restriction {
  if (added.kind !== 'contains') {
    throw refuse(
      `Collection column ${existing.columns[0].name} can only be restricted by CONTAINS, CONTAINS KEY, or map-entry equality`,
    );
  }
  return {
    ...existing,
    values: [...existing.values, ...added.values],
    keys: [...existing.keys, ...added.keys],
    entries: [...existing.entries, ...added.entries],
  };
}

/** The columns that both are about. */
function shared(existing: Restriction, added: Restriction): string {
  const common = existing.columns.filter((column) => added.columns.includes(column));
  return (common.length === 0 ? existing.columns : common).map((column) => column.name).join(' ,');
}

function refuse(message: string): CqlError {
  return CqlError.invalidRequest(message);
}
