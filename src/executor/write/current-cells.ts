import type { ColumnMetadata } from '../../schema/model/index.ts';
import {
  type ClusteringPrefix,
  type DecoratedKey,
  NO_PATH,
  ClusteringPrefix as Prefix,
  PrefixKind,
  type Row,
  type Slice,
  Step,
} from '../../storage/rows/index.ts';
import type { TableSource } from '../../storage/scan/index.ts';

interface Element {
  readonly path: Uint8Array;
  readonly value: Uint8Array;
}

/** Live cells of one row and of its partition's static row, copied, for writes that depend on what is there. */
export class CurrentCells {
  private readonly values = new Map<ColumnMetadata, Uint8Array>();
  private readonly complex = new Map<ColumnMetadata, Element[]>();

  /** A simple column's cell. */
  value(column: ColumnMetadata): Uint8Array | undefined {
    return this.values.get(column);
  }

  /** A multi-cell column's cells in their order. */
  elements(column: ColumnMetadata): readonly Element[] {
    return this.complex.get(column) ?? [];
  }

  take(row: Row, columns: readonly ColumnMetadata[], nowSeconds: number): void {
    for (let i = 0; i < row.cellCount; i++) {
      if (!row.isLiveCell(i, nowSeconds)) continue;
      const column = columns[row.cellColumn[i]];
      const source = row.cellSource[i];
      const value = source.slice(row.valueStart[i], row.valueEnd[i]);
      if (row.pathEnd[i] === NO_PATH) this.values.set(column, value);
      else {
        const elements = this.complex.get(column) ?? [];
        elements.push({ path: source.slice(row.pathStart[i], row.pathEnd[i]), value });
        this.complex.set(column, elements);
      }
    }
  }
}

/** Reads the cells of one row (`clustering` null: of the static row alone). */
export async function readCurrentCells(
  source: TableSource,
  key: DecoratedKey,
  clustering: ClusteringPrefix | null,
  nowSeconds: number,
): Promise<CurrentCells> {
  const { table } = source;
  const cells = new CurrentCells();
  const stream = await source.stream({
    partitions: { kind: 'keys', keys: [key] },
    slices: clustering === null ? [] : [sliceOf(clustering)],
    reversed: false,
  });
  try {
    for (;;) {
      const step = stream.next();
      if (step === Step.END) return cells;
      if (step === Step.NEED_MORE) await stream.load();
      else if (step === Step.STATIC_ROW) cells.take(stream.row, table.statics, nowSeconds);
      else if (step === Step.ROW) cells.take(stream.row, table.regulars, nowSeconds);
    }
  } finally {
    stream.close();
  }
}

/** The slice that holds one row. */
export function sliceOf(clustering: ClusteringPrefix): Slice {
  const values = Array.from({ length: clustering.size }, (_, i) => clustering.value(i));
  return {
    start: Prefix.of(PrefixKind.INCLUSIVE_START_BOUND, values),
    end: Prefix.of(PrefixKind.INCLUSIVE_END_BOUND, values),
  };
}
