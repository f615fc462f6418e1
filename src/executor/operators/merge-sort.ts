/** Elements that `step` merges: some milliseconds at most, whatever their comparison costs. */
const STEP_ELEMENTS = 4096;

/**
 * The order of elements by their numbers (`sign` -1: descending), `compare` where these are equal: a stable merge sort,
 * bottom-up, that can rest between any two elements. Numbers travel with the indexes, so that merging reads memory in
 * order.
 */
export class MergeSort {
  private readonly count: number;
  private readonly isDescending: boolean;
  private readonly compare: (a: number, b: number) => number;
  private numbers: Float64Array;
  private toNumbers: Float64Array;
  private indexes: Uint32Array;
  private toIndexes: Uint32Array;
  /** Length of the sorted runs that are being merged in pairs. */
  private width = 1;
  /** The pair under way: [left, middle) and [right, end) go to `at`. */
  private left = 0;
  private middle = 0;
  private right = 0;
  private end = 0;
  private at = 0;

  /** `numbers` is overwritten by sorted runs. */
  constructor(numbers: Float64Array, sign: number, compare: (a: number, b: number) => number) {
    this.count = numbers.length;
    this.isDescending = sign < 0;
    this.compare = compare;
    this.numbers = numbers;
    this.toNumbers = new Float64Array(this.count);
    this.indexes = new Uint32Array(this.count);
    for (let i = 0; i < this.count; i++) this.indexes[i] = i;
    this.toIndexes = new Uint32Array(this.count);
    this.beginPair();
  }

  /** Merges some elements; true when all are in order. */
  step(): boolean {
    for (let budget = STEP_ELEMENTS; this.width < this.count && budget > 0; ) {
      const until = Math.min(this.end, this.at + budget);
      budget -= until - this.at;
      this.merge(until);
      if (this.at < this.end) continue;
      if (this.at === this.count) this.endPass();
      this.beginPair();
    }
    return this.width >= this.count;
  }

  /** The elements' indexes in order, once `step` said so. */
  result(): Uint32Array {
    return this.indexes;
  }

  private beginPair(): void {
    this.left = this.at;
    this.middle = Math.min(this.at + this.width, this.count);
    this.right = this.middle;
    this.end = Math.min(this.at + 2 * this.width, this.count);
  }

  private endPass(): void {
    [this.numbers, this.toNumbers] = [this.toNumbers, this.numbers];
    [this.indexes, this.toIndexes] = [this.toIndexes, this.indexes];
    this.width *= 2;
    this.at = 0;
  }

  private merge(until: number): void {
    const { numbers, toNumbers, indexes, toIndexes, middle, end, isDescending, compare } = this;
    let { left, right, at } = this;
    while (at < until) {
      let takesLeft = left < middle;
      if (takesLeft && right < end) {
        const a = numbers[left];
        const b = numbers[right];
        takesLeft = a === b ? compare(indexes[left], indexes[right]) <= 0 : a < b !== isDescending;
      }
      const taken = takesLeft ? left++ : right++;
      toNumbers[at] = numbers[taken];
      toIndexes[at++] = indexes[taken];
    }
    this.left = left;
    this.right = right;
    this.at = at;
  }
}
