import type { ByteSink } from '../../../bytes/index.ts';
import { compareUnsigned } from '../../../bytes/index.ts';
import { invariant } from '../../../errors/index.ts';
import type { ComponentFile } from '../write/component-file.ts';
import { DISTANCE_BITS, NodeType, nodeSize, nodeTypeFor, PAGE_BYTES } from './trie-format.ts';

/** How the payloads of one trie are stored behind their nodes. */
export interface PayloadFormat<P> {
  size(payload: P): number;
  /** 1–15; 0 is "no payload". */
  flags(payload: P): number;
  write(payload: P, sink: ByteSink): void;
}

const NOT_WRITTEN = -1;
/** Compares above the bytes of all transitions. */
const ABOVE_ALL_BYTES = 256;

class Node<P> {
  readonly byte: number;
  children: Node<P>[] = [];
  payload: P | null = null;
  position = NOT_WRITTEN;
  /** Bytes of the branch below that are not written yet; a guess from below when `farInBranch`. */
  branchSize = 0;
  size = 0;
  /** A child of this node is written already, on another page. */
  farChildren = true;
  /** The same of a node further below. */
  farInBranch = false;

  constructor(byte: number) {
    this.byte = byte;
  }

  settle(position: number): void {
    this.position = position;
    this.branchSize = 0;
    this.size = 0;
    this.farChildren = false;
    this.farInBranch = false;
    this.children = [];
    this.payload = null;
  }
}

/**
 * Writes a trie from sorted keys (`io/tries/IncrementalTrieWriterPageAware`, 5.0.8), to the very bytes of Cassandra: only
 * the path to the last key is open; a branch is written when it no longer fits into a page together with its parent,
 * largest branches first, so that each page holds whole branches. Memory is about a page for each byte of a key.
 */
export class TrieWriter<P> {
  readonly out: ComponentFile;
  count = 0;
  private readonly format: PayloadFormat<P>;
  /** The path to the last key; the root first. */
  private path: Node<P>[] = [new Node<P>(0)];
  private lastKey = new Uint8Array(64);
  private lastLength = -1;

  constructor(out: ComponentFile, format: PayloadFormat<P>) {
    this.out = out;
    this.format = format;
  }

  reset(): void {
    this.count = 0;
    this.lastLength = -1;
    this.path = [new Node<P>(0)];
  }

  /** Keys come in strictly ascending order of their bytes. */
  add(key: Uint8Array, length: number, payload: P): void {
    this.count++;
    const shared = this.lastLength < 0 ? 0 : this.sharedWithLast(key, length);
    while (this.path.length > shared + 1) this.completeLast();
    let node = this.path[shared];
    for (let i = shared; i < length; i++) {
      const child = new Node<P>(key[i]);
      node.children.push(child);
      this.path.push(child);
      node = child;
    }
    node.payload = payload;
    this.remember(key, length);
  }

  /** Writes what is left; the root's position. */
  complete(): number {
    let root = this.path[0];
    while (this.path.length > 0) root = this.completeLast();
    let size = this.resize(root, this.out.position);
    if (size > this.pageLeft() && size <= PAGE_BYTES) {
      this.padToPage();
      size = this.resize(root, this.out.position);
    }
    if (size > this.pageLeft()) {
      this.layOutChildren(root);
      if (root.size > this.pageLeft()) {
        this.padToPage();
        this.resize(root, this.out.position);
      }
    }
    const position = this.writeBranch(root);
    this.out.flushIfLarge();
    return position;
  }

  private sharedWithLast(key: Uint8Array, length: number): number {
    const limit = Math.min(length, this.lastLength);
    let shared = 0;
    while (shared < limit && key[shared] === this.lastKey[shared]) shared++;
    invariant(
      shared < length && compareUnsigned(this.lastKey, shared, this.lastLength, key, shared, length) < 0,
      'trie keys out of order',
    );
    return shared;
  }

  private remember(key: Uint8Array, length: number): void {
    if (this.lastKey.length < length) this.lastKey = new Uint8Array(length * 2);
    for (let i = 0; i < length; i++) this.lastKey[i] = key[i];
    this.lastLength = length;
  }

  private completeLast(): Node<P> {
    // The path is never empty while a key is open: `add` keeps the root and `complete` stops at it.
    const node = this.path.pop()!;
    node.branchSize = 0;
    for (const child of node.children) node.branchSize += child.branchSize + child.size;
    const size = this.sizeOf(node, this.out.position);
    if (size + node.branchSize >= PAGE_BYTES) {
      this.layOutChildren(node);
      this.out.flushIfLarge();
      return node;
    }
    node.size = size;
    node.farChildren = false;
    node.farInBranch = false;
    for (const child of node.children) {
      if (child.position !== NOT_WRITTEN) node.farChildren = true;
      else if (child.farChildren || child.farInBranch) node.farInBranch = true;
    }
    return node;
  }

  /** Writes all children, always the largest that fits into what is left of the page. */
  private layOutChildren(node: Node<P>): void {
    const waiting = node.children.filter((child) => child.position === NOT_WRITTEN);
    while (waiting.length > 0) {
      let chosen = largestWithin(waiting, this.pageLeft());
      if (chosen < 0) {
        this.padToPage();
        chosen = largestWithin(waiting, Number.POSITIVE_INFINITY);
      }
      const child = waiting[chosen];
      if (child.farChildren || child.farInBranch) {
        // Only now is it known how far its written descendants are.
        const left = this.pageLeft();
        if (this.resize(child, this.out.position) > left) {
          if (left === PAGE_BYTES) this.layOutChildren(child);
          continue;
        }
      }
      waiting.splice(chosen, 1);
      child.settle(this.writeBranch(child));
    }
    node.branchSize = 0;
    node.farChildren = true;
    node.farInBranch = false;
    node.size = this.sizeOf(node, this.out.position);
  }

  /** Sizes again a branch that would be written at `position`. */
  private resize(node: Node<P>, position: number): number {
    if (node.farInBranch) {
      let size = 0;
      for (const child of node.children) size += this.resize(child, position + size);
      node.branchSize = size;
    }
    if (node.farChildren || node.farInBranch) node.size = this.sizeOf(node, position + node.branchSize);
    return node.branchSize + node.size;
  }

  private writeBranch(node: Node<P>): number {
    for (const child of node.children) if (child.position === NOT_WRITTEN) child.position = this.writeBranch(child);
    const position = this.out.position;
    this.writeNode(node, position);
    invariant(this.out.position === position + node.size, 'trie node of an unforeseen size');
    return position;
  }

  private sizeOf(node: Node<P>, position: number): number {
    const children = node.children.length;
    const type = this.typeOf(node, position);
    const payload = node.payload === null ? 0 : this.format.size(node.payload);
    return nodeSize(type, children, firstByte(node), lastByte(node)) + payload;
  }

  private typeOf(node: Node<P>, position: number): number {
    const count = node.children.length;
    const distance = count === 0 ? 0 : maxDistance(node, position);
    return nodeTypeFor(count, firstByte(node), lastByte(node), distance, node.payload !== null);
  }

  private writeNode(node: Node<P>, position: number): void {
    const { sink } = this.out;
    const type = this.typeOf(node, position);
    const flags = node.payload === null ? 0 : this.format.flags(node.payload);
    const { children } = node;
    if (type === NodeType.SINGLE_NO_PAYLOAD_4) {
      sink.u8((type << 4) | (position - children[0].position));
      sink.u8(children[0].byte);
    } else if (type === NodeType.SINGLE_NO_PAYLOAD_12) {
      const distance = position - children[0].position;
      sink.u8((type << 4) | (distance >>> 8));
      sink.u8(distance & 0xff);
      sink.u8(children[0].byte);
    } else {
      sink.u8((type << 4) | flags);
      if (type === NodeType.SINGLE_8 || type === NodeType.SINGLE_16) {
        sink.u8(children[0].byte);
        writeDistances(sink, type, [position - children[0].position]);
      } else if (type >= NodeType.SPARSE_8 && type <= NodeType.SPARSE_40) {
        sink.u8(children.length);
        for (const child of children) sink.u8(child.byte);
        writeDistances(
          sink,
          type,
          children.map((child) => position - child.position),
        );
      } else if (type !== NodeType.PAYLOAD_ONLY) {
        sink.u8(firstByte(node));
        sink.u8(lastByte(node) - firstByte(node));
        const distances = new Array<number>(lastByte(node) - firstByte(node) + 1).fill(0);
        for (const child of children) distances[child.byte - firstByte(node)] = position - child.position;
        writeDistances(sink, type, distances);
      }
    }
    if (node.payload !== null) this.format.write(node.payload, sink);
  }

  private pageLeft(): number {
    return PAGE_BYTES - (this.out.position % PAGE_BYTES);
  }

  private padToPage(): void {
    const left = this.pageLeft();
    if (left === PAGE_BYTES) return;
    for (let i = 0; i < left; i++) this.out.sink.u8(0);
  }
}

function firstByte<P>(node: Node<P>): number {
  return node.children.length === 0 ? 0 : node.children[0].byte;
}

function lastByte<P>(node: Node<P>): number {
  return node.children.length === 0 ? 0 : node.children[node.children.length - 1].byte;
}

/**
 * The farthest child of a node at `position`: one that is written, or the first of those that will be written with the
 * node, right before it.
 */
function maxDistance<P>(node: Node<P>, position: number): number {
  if (!node.farChildren) return node.branchSize - node.children[0].branchSize;
  let written = 0;
  let unwritten = -1;
  for (const child of node.children) {
    if (child.position !== NOT_WRITTEN) written = Math.max(written, position - child.position);
    else if (unwritten < 0) unwritten = node.branchSize - child.branchSize;
  }
  return Math.max(written, unwritten);
}

/** The largest branch of at most `limit` bytes, the last byte's of equals; -1 when there is none. */
function largestWithin<P>(nodes: readonly Node<P>[], limit: number): number {
  let chosen = -1;
  let chosenSize = -1;
  let chosenByte = ABOVE_ALL_BYTES;
  for (let i = 0; i < nodes.length; i++) {
    const size = nodes[i].branchSize + nodes[i].size;
    if (size > limit) continue;
    if (size > chosenSize || (size === chosenSize && nodes[i].byte > chosenByte)) {
      chosen = i;
      chosenSize = size;
      chosenByte = nodes[i].byte;
    }
  }
  return chosen;
}

function writeDistances(sink: ByteSink, type: number, distances: readonly number[]): void {
  const bits = DISTANCE_BITS[type];
  if (bits === 12) {
    for (let i = 0; i < distances.length; i += 2) {
      const second = i + 1 < distances.length ? distances[i + 1] : 0;
      sink.u8(distances[i] >>> 4);
      sink.u8(((distances[i] & 0x0f) << 4) | (second >>> 8));
      if (i + 1 < distances.length) sink.u8(second & 0xff);
    }
    return;
  }
  for (const distance of distances) writeUnsigned(sink, distance, bits >>> 3);
}

/** Big-endian; a signed value's low bytes likewise. */
export function writeUnsigned(sink: ByteSink, value: number, length: number): void {
  let rest = value;
  sink.reserve(length);
  const { bytes, position } = sink;
  for (let i = position + length - 1; i >= position; i--) {
    bytes[i] = rest & 0xff;
    rest = Math.floor(rest / 256);
  }
  sink.position += length;
}
