import { invariant } from '../../errors/index.ts';
import type { Records, SearchTarget } from './entries.ts';

const CAPACITY = 64;
/** int32 values of an entry: token high, token low, key address, reference. */
const STRIDE = 4;
const MAX_DEPTH = 16;

/** A leaf's entries; or, of an inner node, each child's first entry (that of child 0 is not looked at). */
export class TreeNode {
  epoch: number;
  count = 0;
  readonly entries = new Int32Array(CAPACITY * STRIDE);
  readonly children: TreeNode[] | null;

  constructor(epoch: number, isLeaf: boolean) {
    this.epoch = epoch;
    this.children = isLeaf ? null : [];
  }

  copy(epoch: number): TreeNode {
    const copy = new TreeNode(epoch, this.children === null);
    copy.entries.set(this.entries);
    copy.count = this.count;
    if (copy.children !== null && this.children !== null) for (const child of this.children) copy.children.push(child);
    return copy;
  }
}

/** Bytes of a node as V8 holds it, for accounting. */
const NODE_BYTES = CAPACITY * STRIDE * 4 + 160;

/**
 * A B+-tree of entries ordered by token, key and place in the partition. Snapshots are roots: what they reach is never
 * changed, because a node from before the newest snapshot is copied before it is written to. Entries are only added.
 *
 * A write is `find`, then `insert` or `replace` at the place that `find` left.
 */
export class EntryTree {
  private root: TreeNode;
  private epoch = 1;
  /** Nodes and rows of this epoch or before may be seen by a snapshot; 0 when none is held. */
  private frozen = 0;
  private held = 0;
  private readonly records: Records;
  private readonly path: TreeNode[] = [];
  private readonly indexes = new Int32Array(MAX_DEPTH);
  private depth = 0;
  nodeBytes = NODE_BYTES;

  constructor(records: Records) {
    this.records = records;
    this.root = new TreeNode(this.epoch, true);
  }

  get currentEpoch(): number {
    return this.epoch;
  }

  /** Whether what was written in `epoch` may be seen by a snapshot. */
  isFrozen(epoch: number): boolean {
    return epoch <= this.frozen;
  }

  hold(): TreeNode {
    this.held++;
    this.frozen = this.epoch++;
    return this.root;
  }

  release(): void {
    invariant(this.held > 0, 'a snapshot was released twice');
    this.held--;
    if (this.held === 0) this.frozen = 0;
  }

  /** Goes to the target's place; true when there is an entry. */
  find(target: SearchTarget): boolean {
    let node = this.root;
    let level = 0;
    for (; node.children !== null; level++) {
      const child = childOf(node, target, this.records);
      this.path[level] = node;
      this.indexes[level] = child;
      node = node.children[child];
    }
    const index = lowerBound(node, target, this.records, 0);
    this.path[level] = node;
    this.indexes[level] = index;
    this.depth = level;
    return index < node.count && compareEntry(node, index, target, this.records) === 0;
  }

  /** The reference of the entry that `find` found. */
  reference(): number {
    return this.path[this.depth].entries[this.indexes[this.depth] * STRIDE + 3];
  }

  replace(reference: number): void {
    this.makeWritable();
    this.path[this.depth].entries[this.indexes[this.depth] * STRIDE + 3] = reference;
  }

  insert(tokenHi: number, tokenLo: number, keyAddress: number, reference: number): void {
    this.makeWritable();
    let child: TreeNode | null = null;
    let a = tokenHi;
    let b = tokenLo;
    let c = keyAddress;
    let d = reference;
    for (let level = this.depth; level >= 0; level--) {
      const node = this.path[level];
      const index = this.indexes[level] + (child === null ? 0 : 1);
      if (node.count < CAPACITY) {
        insertAt(node, index, a, b, c, d, child);
        return;
      }
      const right = this.split(node, index);
      if (index <= node.count && node.count < CAPACITY) insertAt(node, index, a, b, c, d, child);
      else insertAt(right, index - node.count, a, b, c, d, child);
      a = right.entries[0];
      b = right.entries[1];
      c = right.entries[2];
      d = right.entries[3];
      child = right;
    }
    invariant(child !== null, 'a root was not split');
    const root = new TreeNode(this.epoch, false);
    this.nodeBytes += NODE_BYTES;
    insertAt(root, 0, 0, 0, 0, 0, this.path[0]);
    insertAt(root, 1, a, b, c, d, child);
    this.root = root;
  }

  /** Moves the upper half of a full node into a new one; only the end when entries come in ascending order. */
  private split(node: TreeNode, index: number): TreeNode {
    const right = new TreeNode(this.epoch, node.children === null);
    this.nodeBytes += NODE_BYTES;
    const at = index === node.count ? node.count : node.count >> 1;
    right.entries.set(node.entries.subarray(at * STRIDE, node.count * STRIDE));
    right.count = node.count - at;
    node.count = at;
    if (node.children !== null && right.children !== null) right.children.push(...node.children.splice(at));
    return right;
  }

  /** Copies the nodes on the path that a snapshot sees. */
  private makeWritable(): void {
    for (let level = 0; level <= this.depth; level++) {
      const node = this.path[level];
      if (node.epoch > this.frozen) continue;
      const copy = node.copy(this.epoch);
      this.path[level] = copy;
      const siblings = level === 0 ? null : this.path[level - 1].children;
      if (siblings === null) this.root = copy;
      else siblings[this.indexes[level - 1]] = copy;
    }
  }
}

function insertAt(
  node: TreeNode,
  index: number,
  a: number,
  b: number,
  c: number,
  d: number,
  child: TreeNode | null,
): void {
  const { entries } = node;
  const at = index * STRIDE;
  if (index < node.count) entries.copyWithin(at + STRIDE, at, node.count * STRIDE);
  entries[at] = a;
  entries[at + 1] = b;
  entries[at + 2] = c;
  entries[at + 3] = d;
  node.count++;
  if (child !== null) node.children?.splice(index, 0, child);
}

function compareEntry(node: TreeNode, index: number, target: SearchTarget, records: Records): number {
  const { entries } = node;
  const at = index * STRIDE;
  if (entries[at] !== target.tokenHi) return entries[at] < target.tokenHi ? -1 : 1;
  if (entries[at + 1] !== target.tokenLo) return entries[at + 1] >>> 0 < target.tokenLo >>> 0 ? -1 : 1;
  return records.compareInToken(entries[at + 2], entries[at + 3], target);
}

/** The first entry from `from` on that is not before the target. */
function lowerBound(node: TreeNode, target: SearchTarget, records: Records, from: number): number {
  let low = from;
  let high = node.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareEntry(node, middle, target, records) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last child whose first entry is not after the target. */
function childOf(node: TreeNode, target: SearchTarget, records: Records): number {
  const index = lowerBound(node, target, records, 1);
  return index < node.count && compareEntry(node, index, target, records) === 0 ? index : index - 1;
}

/** Walks the entries under a root in both directions. */
export class EntryCursor {
  private readonly root: TreeNode;
  private readonly records: Records;
  private readonly path: TreeNode[] = [];
  private readonly indexes = new Int32Array(MAX_DEPTH);
  private leaf: TreeNode;
  private index = 0;
  private depth = 0;

  constructor(root: TreeNode, records: Records) {
    this.root = root;
    this.records = records;
    this.leaf = root;
    this.first();
  }

  get isValid(): boolean {
    return this.index >= 0 && this.index < this.leaf.count;
  }

  get tokenHi(): number {
    return this.leaf.entries[this.index * STRIDE];
  }

  get tokenLo(): number {
    return this.leaf.entries[this.index * STRIDE + 1];
  }

  get keyAddress(): number {
    return this.leaf.entries[this.index * STRIDE + 2];
  }

  get reference(): number {
    return this.leaf.entries[this.index * STRIDE + 3];
  }

  first(): void {
    this.descend(this.root, 0, true);
  }

  /** To the first entry not before the target, or past the end. */
  seek(target: SearchTarget): void {
    let node = this.root;
    let level = 0;
    for (; node.children !== null; level++) {
      const child = childOf(node, target, this.records);
      this.path[level] = node;
      this.indexes[level] = child;
      node = node.children[child];
    }
    this.depth = level;
    this.leaf = node;
    this.index = lowerBound(node, target, this.records, 0);
    if (this.index === node.count && node.count > 0) {
      this.index--;
      this.next();
    }
  }

  /** To the last entry before the target, or before the first. */
  seekBefore(target: SearchTarget): void {
    this.seek(target);
    this.previous();
  }

  next(): void {
    if (++this.index < this.leaf.count) return;
    for (let level = this.depth - 1; level >= 0; level--) {
      const node = this.path[level];
      if (this.indexes[level] + 1 < node.count && node.children !== null) {
        this.descend(node.children[++this.indexes[level]], level + 1, true);
        return;
      }
    }
  }

  previous(): void {
    if (--this.index >= 0) return;
    for (let level = this.depth - 1; level >= 0; level--) {
      const node = this.path[level];
      if (this.indexes[level] > 0 && node.children !== null) {
        this.descend(node.children[--this.indexes[level]], level + 1, false);
        return;
      }
    }
  }

  private descend(from: TreeNode, fromLevel: number, toFirst: boolean): void {
    let node = from;
    let level = fromLevel;
    for (; node.children !== null; level++) {
      const child: number = toFirst ? 0 : node.count - 1;
      this.path[level] = node;
      this.indexes[level] = child;
      node = node.children[child];
    }
    this.depth = level;
    this.leaf = node;
    this.index = toFirst ? 0 : node.count - 1;
  }
}
