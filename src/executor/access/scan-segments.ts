import type { AccessPath } from '../../planner/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import type { DecoratedKey, PartitionRange, ReadRange, Slices } from '../../storage/rows/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { clusteringSlices, slicesAfter } from './clustering-slices.ts';
import { checkPartitionKey, sameKey, selectedPartitionKeys } from './partition-keys.ts';
import { tokenFilter, tokenRange } from './token-range.ts';

/** Where a page ended: the last row that was delivered. */
export interface ScanPosition {
  readonly key: DecoratedKey;
  /** Null when the partition is done with: its row had static values only, or whole partitions are what is read. */
  readonly clustering: readonly Uint8Array[] | null;
}

/** Ranges to read one after the other: their rows in this order are the answer's. */
export interface ScanSegments {
  readonly ranges: readonly ReadRange[];
  /** The first range is what is left of a partition of which an earlier page delivered rows. */
  readonly startsInside: boolean;
}

export function scanSegments(
  access: AccessPath,
  table: TableMetadata,
  after: ScanPosition | null,
  context: StatementContext,
): ScanSegments {
  const { partitions, reversed } = access;
  const range = (which: PartitionRange, some: Slices): ReadRange => ({ partitions: which, slices: some, reversed });
  if (partitions.kind === 'keys') {
    const isWanted = tokenFilter(partitions.token, context);
    const keys = selectedPartitionKeys(partitions.components, table, context).filter(({ token }) => isWanted(token));
    // Without partition keys no row is read, so that clustering values are not even evaluated; without slices, keys are
    // not checked (`SelectStatement.getSliceCommands`, 5.0.8).
    if (keys.length === 0) return NOTHING;
    const slices = clusteringSlices(access.clustering, table, context);
    if (slices !== null && slices.length === 0) return NOTHING;
    for (const { key } of keys) checkPartitionKey(key);
    if (after === null) {
      return { ranges: keys.map((key) => range({ kind: 'keys', keys: [key] }, slices)), startsInside: false };
    }
    const current = keys.findIndex(({ key }) => sameKey(key, after.key.key));
    const rest = keys.slice(current + 1).map((key) => range({ kind: 'keys', keys: [key] }, slices));
    const inside = restOfPartition(after, slices, reversed, table);
    return { ranges: [...inside, ...rest], startsInside: inside.length > 0 };
  }
  const slices = clusteringSlices(access.clustering, table, context);
  // Without rows no token is looked at.
  if (slices !== null && slices.length === 0) return NOTHING;
  const tokens = tokenRange(partitions.token, context);
  if (tokens === null) return NOTHING;
  if (after === null) {
    const isAll = tokens.lower === null && tokens.upper === null;
    return { ranges: [range(isAll ? { kind: 'all' } : { kind: 'tokens', ...tokens }, slices)], startsInside: false };
  }
  const lower = { token: after.key.token, key: after.key.key, inclusive: false };
  const inside = restOfPartition(after, slices, reversed, table);
  return {
    ranges: [...inside, range({ kind: 'tokens', lower, upper: tokens.upper, floor: tokens.lower }, slices)],
    startsInside: inside.length > 0,
  };
}

const NOTHING: ScanSegments = { ranges: [], startsInside: false };

function restOfPartition(after: ScanPosition, slices: Slices, reversed: boolean, table: TableMetadata): ReadRange[] {
  if (after.clustering === null || table.clustering.length === 0) return [];
  const rest = slicesAfter(slices, after.clustering, reversed, table);
  return rest.length === 0 ? [] : [{ partitions: { kind: 'keys', keys: [after.key] }, slices: rest, reversed }];
}
