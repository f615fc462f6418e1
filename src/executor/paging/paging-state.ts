import { ByteCursor, ByteSink, murmur3Token } from '../../bytes/index.ts';
import { CorruptionError, CqlError } from '../../errors/index.ts';
import type { ScanPosition } from '../access/scan-segments.ts';

/**
 * Where the next page begins.
 *
 *   int8    1
 *   int8    0 after a row, 1 after a number of rows of the answer
 *   int32   rows that LIMIT still allows; -1 for all
 *   int32   rows delivered: of the last partition (0), or of the answer (1)
 *   bytes   partition key of the last row           (0 only; unsigned vint length, bytes)
 *   int8    number of clustering values, -1 for none: the partition is done with
 *   bytes…  clustering values
 */
export type PagingState =
  | {
      readonly kind: 'afterRow';
      readonly remaining: number | null;
      readonly rowsInPartition: number;
      readonly position: ScanPosition;
    }
  | { readonly kind: 'afterCount'; readonly delivered: number };

const VERSION = 1;

export function encodePagingState(state: PagingState): Uint8Array {
  const sink = new ByteSink();
  sink.u8(VERSION);
  sink.u8(state.kind === 'afterRow' ? 0 : 1);
  if (state.kind === 'afterCount') {
    sink.i32(-1);
    sink.i32(state.delivered);
    return sink.copy();
  }
  sink.i32(state.remaining ?? -1);
  sink.i32(state.rowsInPartition);
  sink.vintBytes(state.position.key.key);
  const { clustering } = state.position;
  sink.u8(clustering === null ? 255 : clustering.length);
  for (const value of clustering ?? []) sink.vintBytes(value);
  return sink.copy();
}

export function decodePagingState(bytes: Uint8Array): PagingState {
  try {
    const cursor = new ByteCursor(bytes, 0, bytes.length);
    if (cursor.u8() !== VERSION) throw new CorruptionError('of another version');
    const kind = cursor.u8();
    const remaining = cursor.i32();
    const delivered = cursor.i32();
    if (kind === 1) return { kind: 'afterCount', delivered };
    const key = cursor.vintBytes().slice();
    const count = cursor.u8();
    const clustering = count === 255 ? null : Array.from({ length: count }, () => cursor.vintBytes().slice());
    return {
      kind: 'afterRow',
      remaining: remaining < 0 ? null : remaining,
      rowsInPartition: delivered,
      position: { key: { token: murmur3Token(key), key }, clustering },
    };
  } catch (error) {
    if (!(error instanceof CorruptionError)) throw error;
    throw new CqlError('ProtocolException', 'Invalid value for the paging state', { cause: error });
  }
}
