import { invariant } from '../../../errors/index.ts';

/**
 * Nodes of on-disk tries (`io/tries/TrieNode`, 5.0.8). A node lies within one page; its children were written before it,
 * so that pointers are distances backward. The first byte is (type << 4 | payload flags); flags other than 0 say that a
 * payload follows the node.
 *
 *   type               layout after the first byte
 *   0  PAYLOAD_ONLY    -
 *   1  SINGLE_NP_4     byte; the distance stands in place of the flags, so that there is no payload
 *   2  SINGLE_8        byte, u8 distance
 *   3  SINGLE_NP_12    u8 low bits of the distance (the high four in place of the flags), byte; no payload
 *   4  SINGLE_16       byte, u16 distance
 *   5  SPARSE_8        u8 count, count bytes ascending, count u8 distances
 *   6  SPARSE_12       the same with 12-bit distances, two in three bytes
 *   7  SPARSE_16       … u16     8 SPARSE_24  … u24     9 SPARSE_40  … u40
 *   10 DENSE_12        u8 first byte, u8 last - first, a 12-bit distance a byte in between (0: no child)
 *   11 DENSE_16        … u16     12 DENSE_24 … u24     13 DENSE_32 … u32     14 DENSE_40 … u40     15 LONG_DENSE … u64
 */
export const NodeType = {
  PAYLOAD_ONLY: 0,
  SINGLE_NO_PAYLOAD_4: 1,
  SINGLE_8: 2,
  SINGLE_NO_PAYLOAD_12: 3,
  SINGLE_16: 4,
  SPARSE_8: 5,
  SPARSE_12: 6,
  SPARSE_16: 7,
  SPARSE_24: 8,
  SPARSE_40: 9,
  DENSE_12: 10,
  DENSE_16: 11,
  DENSE_24: 12,
  DENSE_32: 13,
  DENSE_40: 14,
  LONG_DENSE: 15,
} as const;

/** Nodes do not cross the boundaries of pages of this size. */
export const PAGE_BYTES = 4096;

/** Bits of a distance by node type. */
export const DISTANCE_BITS = Uint8Array.of(0, 4, 8, 12, 16, 8, 12, 16, 24, 40, 12, 16, 24, 32, 40, 64);

/** Distances above these need the next column of the tables below; a number is exact up to 2^53, beyond any file. */
const DISTANCE_LIMITS = [0xf, 0xff, 0xfff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff];
const SINGLES = Uint8Array.of(1, 2, 3, 4, 12, 13, 14, 15);
const SPARSES = Uint8Array.of(5, 5, 6, 7, 8, 9, 9, 15);
const DENSES = Uint8Array.of(10, 10, 10, 11, 12, 13, 14, 15);

/** The type that stores a node smallest: `TrieNode.typeFor`. `maxDistance` is that of its farthest child. */
export function nodeTypeFor(
  childCount: number,
  firstByte: number,
  lastByte: number,
  maxDistance: number,
  hasPayload: boolean,
): number {
  if (childCount === 0) return NodeType.PAYLOAD_ONLY;
  invariant(maxDistance > 0, 'a trie node before its child');
  let column = 0;
  while (column < DISTANCE_LIMITS.length && maxDistance > DISTANCE_LIMITS[column]) column++;
  if (childCount === 1) {
    const single = SINGLES[column];
    const noPayload = single === NodeType.SINGLE_NO_PAYLOAD_4 || single === NodeType.SINGLE_NO_PAYLOAD_12;
    return hasPayload && noPayload ? SINGLES[column + 1] : single;
  }
  const sparse = SPARSES[column];
  const dense = DENSES[column];
  return nodeSize(sparse, childCount, firstByte, lastByte) < nodeSize(dense, childCount, firstByte, lastByte)
    ? sparse
    : dense;
}

/** Bytes of a node without its payload. */
export function nodeSize(type: number, childCount: number, firstByte: number, lastByte: number): number {
  if (type === NodeType.PAYLOAD_ONLY) return 1;
  if (type === NodeType.SINGLE_NO_PAYLOAD_4) return 2;
  if (type <= NodeType.SINGLE_16) return type === NodeType.SINGLE_16 ? 4 : 3;
  if (type <= NodeType.SPARSE_40) return 2 + childCount + distancesSize(type, childCount);
  return 3 + distancesSize(type, lastByte - firstByte + 1);
}

/** Bytes of `count` distances; two of 12 bits take three. */
export function distancesSize(type: number, count: number): number {
  return (count * DISTANCE_BITS[type] + 7) >>> 3;
}

/** Bytes of a signed integer, at least one (`SizedInts.nonZeroSize`); |value| ≤ 2^53. */
export function signedSize(value: number): number {
  const magnitude = value < 0 ? -value - 1 : value;
  const high = Math.floor(magnitude / 4294967296);
  const bits = high !== 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(magnitude >>> 0);
  return (bits + 8) >>> 3;
}
