import { CorruptionError } from '../../../errors/index.ts';
import { DISTANCE_BITS, distancesSize, NodeType } from './trie-format.ts';
import { blockStart, type TriePages } from './trie-pages.ts';

/** No such child, no such branch. */
export const NO_NODE = -1;
/** The byte after a key's last: no transition has it, and it is less than all (`ByteSource.END_OF_STREAM`). */
export const END_OF_KEY = -1;

/**
 * Walks an on-disk trie (`io/tries/Walker`, 5.0.8): stands on one node at a time. Keys are byte-comparable forms in
 * `[0, length)` of a buffer. Every pointer is checked to lead backward within the file, so that no damage loops.
 */
export class TrieWalker {
  readonly pages: TriePages;
  readonly root: number;
  /** The node it stands on. */
  position = NO_NODE;
  /** The block that holds the node, and the node's place in it. */
  block: Uint8Array = new Uint8Array(0);
  offset = 0;
  type = 0;
  /** After `followWithGreater`: the nearest branch above the path, or NO_NODE. */
  greaterBranch = NO_NODE;
  /** After a `follow…`: how many bytes of the key matched. */
  matched = 0;
  private blockAt = -1;

  constructor(pages: TriePages, root: number) {
    this.pages = pages;
    this.root = root;
  }

  go(position: number): void {
    const start = blockStart(position);
    if (start !== this.blockAt) {
      this.block = this.pages.block(position);
      this.blockAt = start;
    }
    this.position = position;
    this.offset = position - start;
    if (this.offset >= this.block.length) this.fail(position, 'pointer outside of the file');
    this.type = this.block[this.offset] >>> 4;
    const size = this.payloadOffset() - this.offset;
    if (!(this.offset + size <= this.block.length)) this.fail(position, 'trie node is cut off');
  }

  payloadFlags(): number {
    const noPayload = this.type === NodeType.SINGLE_NO_PAYLOAD_4 || this.type === NodeType.SINGLE_NO_PAYLOAD_12;
    return noPayload ? 0 : this.block[this.offset] & 0x0f;
  }

  /** Where the payload is in `block`; the caller bounds its reads. */
  payloadOffset(): number {
    const { block, offset, type } = this;
    switch (type) {
      case NodeType.PAYLOAD_ONLY:
        return offset + 1;
      case NodeType.SINGLE_NO_PAYLOAD_4:
        return offset + 2;
      case NodeType.SINGLE_8:
      case NodeType.SINGLE_NO_PAYLOAD_12:
        return offset + 3;
      case NodeType.SINGLE_16:
        return offset + 4;
      case NodeType.SPARSE_8:
      case NodeType.SPARSE_12:
      case NodeType.SPARSE_16:
      case NodeType.SPARSE_24:
      case NodeType.SPARSE_40: {
        const count = block[offset + 1];
        return offset + 2 + count + distancesSize(type, count);
      }
      default:
        return offset + 3 + distancesSize(type, block[offset + 2] + 1);
    }
  }

  /** Upper limit of child indexes; dense nodes have gaps in it. */
  childRange(): number {
    const { block, offset, type } = this;
    if (type === NodeType.PAYLOAD_ONLY) return 0;
    if (type <= NodeType.SINGLE_16) return 1;
    if (type <= NodeType.SPARSE_40) return block[offset + 1];
    return block[offset + 2] + 1;
  }

  /** The byte that leads to child `index`. */
  childByte(index: number): number {
    const { block, offset, type } = this;
    if (type === NodeType.SINGLE_NO_PAYLOAD_12) return block[offset + 2];
    if (type <= NodeType.SINGLE_16) return block[offset + 1];
    if (type <= NodeType.SPARSE_40) return block[offset + 2 + index];
    return block[offset + 1] + index;
  }

  /** The index of the child for a byte, else -(insertion index) - 1. */
  search(byte: number): number {
    const { block, offset, type } = this;
    if (type === NodeType.PAYLOAD_ONLY) return -1;
    if (type <= NodeType.SINGLE_16) {
      const only = this.childByte(0);
      return byte === only ? 0 : byte < only ? -1 : -2;
    }
    if (type <= NodeType.SPARSE_40) {
      let low = 0;
      let high = block[offset + 1];
      while (low < high) {
        const middle = (low + high) >>> 1;
        const at = block[offset + 2 + middle];
        if (at === byte) return middle;
        if (at < byte) low = middle + 1;
        else high = middle;
      }
      return -low - 1;
    }
    const index = byte - block[offset + 1];
    if (index < 0) return -1;
    const range = block[offset + 2] + 1;
    if (index >= range) return -range - 1;
    return this.distance(index) !== 0 ? index : -index - 1;
  }

  /** The position of child `index`; NO_NODE where a dense node has a gap, and for nodes without children. */
  child(index: number): number {
    if (this.type === NodeType.PAYLOAD_ONLY) return NO_NODE;
    const distance = this.distance(index);
    if (distance === 0 && this.type >= NodeType.DENSE_12) return NO_NODE;
    if (!(distance > 0 && distance <= this.position)) {
      this.fail(this.position, `child ${index} at distance ${distance}`);
    }
    return this.position - distance;
  }

  /** The first child above what `search` found. */
  greaterChild(found: number, otherwise: number): number {
    const range = this.childRange();
    for (let i = found < 0 ? -1 - found : found + 1; i < range; i++) {
      const child = this.child(i);
      if (child !== NO_NODE) return child;
    }
    return otherwise;
  }

  /** The first payload at or below a node. */
  goMin(position: number): void {
    this.go(position);
    while (this.payloadFlags() === 0) {
      const first = this.greaterChild(-1, NO_NODE);
      if (first === NO_NODE) return;
      this.go(first);
    }
  }

  /** Follows the key as far as the trie has it. Returns the first byte that did not match, or END_OF_KEY. */
  follow(key: Uint8Array, length: number): number {
    this.go(this.root);
    for (let i = 0; ; i++) {
      const byte = i < length ? key[i] : END_OF_KEY;
      const found = this.search(byte);
      if (found < 0) {
        this.matched = i;
        return byte;
      }
      this.go(this.child(found));
    }
  }

  /** As `follow`; leaves in `greaterBranch` the next branch above the key's path. */
  followWithGreater(key: Uint8Array, length: number): number {
    this.greaterBranch = NO_NODE;
    this.go(this.root);
    for (let i = 0; ; i++) {
      const byte = i < length ? key[i] : END_OF_KEY;
      const found = this.search(byte);
      this.greaterBranch = this.greaterChild(found, this.greaterBranch);
      if (found < 0) {
        this.matched = i;
        return byte;
      }
      this.go(this.child(found));
    }
  }

  /** A big-endian signed integer of `length` bytes in the payload; a CorruptionError beyond 2^53. */
  signedAt(offset: number, length: number): number {
    const { block } = this;
    if (length === 0 || offset + length > block.length) this.fail(this.position, 'payload is cut off');
    let value = (block[offset] << 24) >> 24;
    for (let i = 1; i < length; i++) value = value * 256 + block[offset + i];
    if (!Number.isSafeInteger(value)) this.fail(this.position, 'position out of range');
    return value;
  }

  fail(position: number, detail: string): never {
    throw new CorruptionError(detail, { file: this.pages.file.path, offset: position });
  }

  private distance(index: number): number {
    const { block, offset, type } = this;
    switch (type) {
      case NodeType.SINGLE_NO_PAYLOAD_4:
        return block[offset] & 0x0f;
      case NodeType.SINGLE_8:
        return block[offset + 2];
      case NodeType.SINGLE_NO_PAYLOAD_12:
        return ((block[offset] & 0x0f) << 8) | block[offset + 1];
      case NodeType.SINGLE_16:
        return (block[offset + 2] << 8) | block[offset + 3];
      default: {
        const base = type <= NodeType.SPARSE_40 ? offset + 2 + block[offset + 1] : offset + 3;
        return DISTANCE_BITS[type] === 12 ? twelveBits(block, base, index) : unsigned(block, base, index, type);
      }
    }
  }
}

function twelveBits(block: Uint8Array, base: number, index: number): number {
  const at = base + ((3 * index) >>> 1);
  return (index & 1) === 0 ? (block[at] << 4) | (block[at + 1] >>> 4) : ((block[at] & 0x0f) << 8) | block[at + 1];
}

function unsigned(block: Uint8Array, base: number, index: number, type: number): number {
  const length = DISTANCE_BITS[type] >>> 3;
  let value = 0;
  for (let at = base + index * length, end = at + length; at < end; at++) value = value * 256 + block[at];
  return value;
}
