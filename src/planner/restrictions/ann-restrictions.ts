import { CqlError } from '../../errors/index.ts';
import type { TableIndex } from './indexes.ts';
import type { RestrictionSet } from './restriction-set.ts';

interface KeyShape {
  readonly keyNeedsFiltering: boolean;
  readonly missesKeyColumns: boolean;
  readonly clusteringNeedsFiltering: boolean;
}

const NOT_A_VECTOR = 'ANN ordering is only supported on float vector indexes';
const NOT_INDEXED = 'ANN ordering by vector requires the column to be indexed';
const FILTERS_UNINDEXED = 'ANN ordering by vector requires all restricted column(s) to be indexed';
const ANN_ONLY = 'Vector indexes only support ANN queries';

/** What may stand beside ORDER BY … ANN OF, and that a vector's index answers nothing else. */
export function checkAnnRestrictions(
  other: RestrictionSet,
  clustering: RestrictionSet,
  indexes: readonly TableIndex[],
  shape: KeyShape,
): void {
  const isIndexed = (column: unknown): boolean => indexes.some((index) => index.column === column);
  const ann = [...other].find((restriction) => restriction.kind === 'ann');
  if (ann === undefined) {
    const vector = other.columns.find((column) => column.type.kind === 'vector');
    if (vector !== undefined && isIndexed(vector)) throw CqlError.invalidRequest(ANN_ONLY);
    return;
  }
  const [column] = ann.columns;
  const { type } = column;
  const isFloatVector = type.kind === 'vector' && type.element.kind === 'native' && type.element.name === 'float';
  if (!isFloatVector) throw CqlError.invalidRequest(NOT_A_VECTOR);
  if (!isIndexed(column)) throw CqlError.invalidRequest(NOT_INDEXED);
  if (shape.keyNeedsFiltering) throw CqlError.invalidRequest(FILTERS_UNINDEXED);
  const restricted = [...other].filter((restriction) => restriction.kind !== 'ann').map(({ columns }) => columns[0]);
  const unindexed = [...restricted, ...clustering.columns].filter((candidate) => !isIndexed(candidate));
  if (unindexed.length === 0) return;
  const onlyClustering = unindexed.every((candidate) => clustering.columns.includes(candidate));
  if (!onlyClustering || shape.missesKeyColumns || shape.clusteringNeedsFiltering) {
    throw CqlError.invalidRequest(FILTERS_UNINDEXED);
  }
}
