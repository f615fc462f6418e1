import { PrefixKind } from './prefix-kind.ts';

/** `end[i]` of a null component (a legacy of compact tables; distinct from an empty value). */
export const NULL_COMPONENT = -1;

/**
 * A clustering or a bound: a flyweight over bytes that it does not own. Component `i` is `source[start[i], end[i])`.
 * Valid until the stream that fills it moves on; `copyFrom` makes it own its bytes.
 */
export class ClusteringPrefix {
  kind: number = PrefixKind.CLUSTERING;
  size = 0;
  source: Uint8Array = EMPTY;
  start: Int32Array;
  end: Int32Array;
  private owned: Uint8Array = EMPTY;

  constructor(capacity = 4) {
    this.start = new Int32Array(capacity);
    this.end = new Int32Array(capacity);
  }

  static of(kind: number, values: readonly (Uint8Array | null)[]): ClusteringPrefix {
    const prefix = new ClusteringPrefix(values.length);
    let bytes = 0;
    for (const value of values) bytes += value?.length ?? 0;
    const source = new Uint8Array(bytes);
    prefix.reset(kind, values.length, source);
    let at = 0;
    values.forEach((value, i) => {
      prefix.start[i] = at;
      if (value === null) prefix.end[i] = NULL_COMPONENT;
      else {
        source.set(value, at);
        at += value.length;
        prefix.end[i] = at;
      }
    });
    return prefix;
  }

  reset(kind: number, size: number, source: Uint8Array): void {
    if (size > this.start.length) {
      this.start = new Int32Array(size);
      this.end = new Int32Array(size);
    }
    this.kind = kind;
    this.size = size;
    this.source = source;
  }

  isNull(i: number): boolean {
    return this.end[i] === NULL_COMPONENT;
  }

  /** The component's bytes, not copied; null for a null component. */
  value(i: number): Uint8Array | null {
    return this.end[i] === NULL_COMPONENT ? null : this.source.subarray(this.start[i], this.end[i]);
  }

  /** Points at the same bytes as `other`. */
  shareFrom(other: ClusteringPrefix): void {
    this.reset(other.kind, other.size, other.source);
    for (let i = 0; i < other.size; i++) {
      this.start[i] = other.start[i];
      this.end[i] = other.end[i];
    }
  }

  /** Takes a copy of `other`'s bytes into a buffer of its own, which is reused. */
  copyFrom(other: ClusteringPrefix): void {
    let bytes = 0;
    for (let i = 0; i < other.size; i++) if (other.end[i] !== NULL_COMPONENT) bytes += other.end[i] - other.start[i];
    if (this.owned.length < bytes) this.owned = new Uint8Array(Math.max(64, bytes * 2));
    this.reset(other.kind, other.size, this.owned);
    let at = 0;
    for (let i = 0; i < other.size; i++) {
      this.start[i] = at;
      if (other.end[i] === NULL_COMPONENT) this.end[i] = NULL_COMPONENT;
      else {
        for (let p = other.start[i]; p < other.end[i]; p++) this.owned[at++] = other.source[p];
        this.end[i] = at;
      }
    }
  }
}

const EMPTY = new Uint8Array(0);
