import { toHex } from '../../../src/bytes/index.ts';
import { type DeletionTime, NO_PATH, type Row, Step, type UnfilteredStream } from '../../../src/storage/rows/index.ts';

export interface CollectedCell {
  readonly column: number;
  readonly path: string | null;
  readonly timestamp: number;
  readonly ttl: number;
  readonly localSeconds: number;
  readonly value: string;
}

export interface CollectedRow {
  readonly kind: 'static' | 'row';
  readonly clustering: readonly (string | null)[];
  readonly liveness: string | null;
  readonly deletion: string | null;
  readonly shadowable: boolean;
  readonly complexDeletions: readonly string[];
  readonly cells: readonly CollectedCell[];
}

export interface CollectedMarker {
  readonly kind: 'marker';
  readonly bound: number;
  readonly values: readonly (string | null)[];
  readonly closing: string | null;
  readonly opening: string | null;
}

export interface CollectedPartition {
  readonly key: string;
  readonly deletion: string | null;
  readonly elements: (CollectedRow | CollectedMarker)[];
}

/** Everything that a stream delivers, copied. */
export async function collect(stream: UnfilteredStream): Promise<CollectedPartition[]> {
  const partitions: CollectedPartition[] = [];
  for (;;) {
    const step = stream.next();
    const open = partitions[partitions.length - 1];
    switch (step) {
      case Step.END:
        stream.close();
        return partitions;
      case Step.NEED_MORE:
        await stream.load();
        break;
      case Step.PARTITION: {
        const { key, keyStart, keyEnd, deletion } = stream.partition;
        partitions.push({ key: toHex(key, keyStart, keyEnd), deletion: deletionText(deletion), elements: [] });
        break;
      }
      case Step.STATIC_ROW:
      case Step.ROW:
        open.elements.push(collectRow(stream.row));
        break;
      case Step.MARKER:
        open.elements.push({
          kind: 'marker',
          bound: stream.marker.clustering.kind,
          values: prefixTexts(stream.marker.clustering),
          closing: deletionText(stream.marker.closing),
          opening: deletionText(stream.marker.opening),
        });
        break;
      case Step.PARTITION_END:
        break;
    }
  }
}

export function collectRow(row: Row): CollectedRow {
  return {
    kind: row.isStatic ? 'static' : 'row',
    clustering: prefixTexts(row.clustering),
    liveness: row.hasLiveness ? `${row.livenessLo}/${row.livenessTtl}/${row.livenessLocalSeconds}` : null,
    deletion: deletionText(row.deletion),
    shadowable: row.deletionIsShadowable,
    complexDeletions: Array.from(
      { length: row.complexCount },
      (_, i) => `${row.complexColumn[i]}:${row.complexLo[i]}/${row.complexLocalSeconds[i]}`,
    ),
    cells: Array.from({ length: row.cellCount }, (_, i) => ({
      column: row.cellColumn[i],
      path: row.pathEnd[i] === NO_PATH ? null : toHex(row.cellSource[i], row.pathStart[i], row.pathEnd[i]),
      timestamp: row.cellLo[i],
      ttl: row.cellTtl[i],
      localSeconds: row.cellLocalSeconds[i],
      value: toHex(row.cellSource[i], row.valueStart[i], row.valueEnd[i]),
    })),
  };
}

function prefixTexts(prefix: Row['clustering']): (string | null)[] {
  return Array.from({ length: prefix.size }, (_, i) =>
    prefix.isNull(i) ? null : toHex(prefix.source, prefix.start[i], prefix.end[i]),
  );
}

function deletionText(deletion: DeletionTime): string | null {
  return deletion.isLive() ? null : `${deletion.lo}/${deletion.localSeconds}`;
}
