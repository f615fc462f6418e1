import type { CqlType } from '../../types/index.ts';

export type ColumnKind = 'partition_key' | 'clustering' | 'static' | 'regular';

/** A column of a table (`schema/ColumnMetadata`, 5.0.8). */
export interface ColumnMetadata {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly type: CqlType;
  /** Index among the columns of the same kind: key position for key columns, storage order for the others. */
  readonly position: number;
  /** A clustering column with CLUSTERING ORDER DESC. */
  readonly reversed: boolean;
  readonly mask?: ColumnMask;
}

/** `MASKED WITH function(arguments)`. */
export interface ColumnMask {
  readonly functionKeyspace: string;
  readonly functionName: string;
  /** Serialized arguments with their types; null for a null argument. */
  readonly arguments: readonly { readonly type: CqlType; readonly bytes: Uint8Array | null }[];
}

/** A column that was dropped; its cells written at or before the drop time are hidden. */
export interface DroppedColumn {
  readonly name: string;
  readonly kind: 'static' | 'regular';
  readonly type: CqlType;
  readonly droppedTimeMicros: bigint;
}
