import type { ColumnMetadata } from '../../../schema/model/index.ts';
import type { Liveness } from '../../../storage/merge/index.ts';
import { type ClusteringPrefix, type DeletionTime, NO_TTL, type Row } from '../../../storage/rows/index.ts';
import type { FragmentSource } from '../../../storage/scan/index.ts';

export type DeletionKind = 'partition' | 'range' | 'row' | 'collection';

/** A piece of a partition as one source has it. */
export type Fragment = DeletionFragment | LivenessFragment | CellFragment;

interface Placed {
  readonly source: FragmentSource;
  /** Of the row; null for the static row. */
  readonly clustering: ClusteringPrefix | null;
}

export interface DeletionFragment extends Placed {
  readonly kind: 'deletion';
  readonly of: DeletionKind;
  readonly time: DeletionTime;
  /** Set for a range only, which goes from `clustering` to this. */
  readonly end: ClusteringPrefix | null;
  /** Set for a collection only: a multi-cell column's deletion. */
  readonly column: ColumnMetadata | null;
}

/** A row's primary key liveness: an INSERT was here. */
export interface LivenessFragment extends Placed {
  readonly kind: 'liveness';
  readonly liveness: Liveness;
}

export interface CellFragment extends Placed {
  readonly kind: 'cell';
  readonly column: ColumnMetadata;
  /** The cell's place in the partition's `cells`. */
  readonly index: number;
}

/** What all sources of a table hold of one partition. */
export interface PartitionFragments {
  readonly key: Uint8Array;
  readonly fragments: readonly Fragment[];
  /** Every cell of every row, as a row would hold them: its clustering means nothing. */
  readonly cells: Row;
  readonly sources: ReadonlySet<FragmentSource>;
}

/** Write time in microseconds as int64 halves, TTL, and local deletion or expiry time in seconds. */
export interface FragmentTimes {
  readonly hi: number;
  readonly lo: number;
  readonly ttl: number;
  readonly localSeconds: number;
}

export function timesOf(fragment: Fragment, cells: Row): FragmentTimes {
  switch (fragment.kind) {
    case 'deletion': {
      const { hi, lo, localSeconds } = fragment.time;
      return { hi, lo, ttl: NO_TTL, localSeconds };
    }
    case 'liveness': {
      const { livenessHi, livenessLo, livenessTtl, livenessLocalSeconds } = fragment.liveness;
      return { hi: livenessHi, lo: livenessLo, ttl: livenessTtl, localSeconds: livenessLocalSeconds };
    }
    case 'cell': {
      const { index } = fragment;
      return {
        hi: cells.cellHi[index],
        lo: cells.cellLo[index],
        ttl: cells.cellTtl[index],
        localSeconds: cells.cellLocalSeconds[index],
      };
    }
  }
}
