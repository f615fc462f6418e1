import type { TriePages } from './trie-pages.ts';
import { END_OF_KEY, NO_NODE, TrieWalker } from './trie-walker.ts';

/** Above the longest key's form: several clustering values of 64 KiB, most of them escaped. */
const MAX_DEPTH = 1 << 20;

/**
 * Moves over the nodes of a trie that have payloads, both ways, in the order of their keys: a node stands before those
 * below it. What `io/tries/ValueIterator` and `ReverseValueIterator` (5.0.8) do, in one.
 */
export class TrieCursor {
  readonly walker: TrieWalker;
  /** The path from the root; the last is the node it stands on. */
  private readonly nodes: number[] = [];
  /** Of each node but the last, the child that the path goes through. */
  private readonly children: number[] = [];

  constructor(pages: TriePages, root: number) {
    this.walker = new TrieWalker(pages, root);
  }

  /** The node's position. */
  get position(): number {
    return this.nodes.length === 0 ? NO_NODE : this.nodes[this.nodes.length - 1];
  }

  seekFirst(): boolean {
    this.restart();
    return this.walker.payloadFlags() !== 0 || this.next();
  }

  seekLast(): boolean {
    this.restart();
    this.descendToLast();
    return this.walker.payloadFlags() !== 0;
  }

  /** The last key at or below `key[0, length)`; false when there is none. */
  seekFloor(key: Uint8Array, length: number): boolean {
    const { walker } = this;
    this.restart();
    for (let i = 0; ; i++) {
      const found = walker.search(i < length ? key[i] : END_OF_KEY);
      if (found < 0) return this.lastBefore(-1 - found);
      this.enter(found);
    }
  }

  /** False, and not moved, when it stands on the last. */
  next(): boolean {
    let from = 0;
    for (let at = this.nodes.length - 1; at >= 0; at--) {
      this.walker.go(this.nodes[at]);
      const child = this.firstChildFrom(from);
      if (child >= 0) {
        this.enter(child);
        while (this.walker.payloadFlags() === 0) this.enter(this.firstChildFrom(0));
        return true;
      }
      from = this.leave() + 1;
    }
    this.seekLast();
    return false;
  }

  /** False, and not moved, when it stands on the first. */
  previous(): boolean {
    while (this.nodes.length > 1) {
      const child = this.leave();
      this.walker.go(this.position);
      if (this.lastBefore(child)) return true;
    }
    this.seekFirst();
    return false;
  }

  /**
   * Standing on a node: goes to the last payload below its children before `limit`, else to the node itself, else to the
   * last before it.
   */
  private lastBefore(limit: number): boolean {
    const { walker } = this;
    let below = limit;
    for (;;) {
      const child = this.lastChildBefore(below);
      if (child >= 0) {
        this.enter(child);
        this.descendToLast();
        return true;
      }
      if (walker.payloadFlags() !== 0) return true;
      if (this.nodes.length === 1) return false;
      below = this.leave();
      walker.go(this.position);
    }
  }

  private restart(): void {
    this.nodes.length = 0;
    this.children.length = 0;
    this.walker.go(this.walker.root);
    this.nodes.push(this.walker.root);
  }

  private enter(child: number): void {
    const position = child < 0 ? NO_NODE : this.walker.child(child);
    if (position === NO_NODE) this.walker.fail(this.position, 'trie node without payload and children');
    if (this.nodes.length === MAX_DEPTH) this.walker.fail(this.position, 'trie deeper than any key is long');
    this.children.push(child);
    this.nodes.push(position);
    this.walker.go(position);
  }

  /** Steps up; the child index it came from. The walker stays: the caller moves it. */
  private leave(): number {
    this.nodes.pop();
    return this.children.pop() ?? -1;
  }

  private descendToLast(): void {
    for (let range = this.walker.childRange(); range > 0; range = this.walker.childRange()) this.enter(range - 1);
  }

  private firstChildFrom(index: number): number {
    const range = this.walker.childRange();
    for (let i = index; i < range; i++) if (this.walker.child(i) !== NO_NODE) return i;
    return -1;
  }

  private lastChildBefore(limit: number): number {
    for (let i = limit - 1; i >= 0; i--) if (this.walker.child(i) !== NO_NODE) return i;
    return -1;
  }
}
