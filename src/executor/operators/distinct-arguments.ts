import { int32At } from '../../bytes/index.ts';
import { type CqlType, equalityFormOf } from '../../types/index.ts';
import { DistinctSet } from './distinct-set.ts';
import type { WorkSlices } from './work-slices.ts';

type Cells = readonly (Uint8Array | null)[];

/** An aggregate's arguments, each once a group: count(DISTINCT x). One table serves all groups that are being read. */
export class DistinctArguments {
  private readonly types: readonly CqlType[];
  private readonly memoryLimitBytes: number;
  private set: DistinctSet;
  /** The number of a group, int32, then the arguments. */
  private readonly row: (Uint8Array | null)[];
  private readonly groupBytes = new Uint8Array(4);

  constructor(types: readonly CqlType[], memoryLimitBytes: number) {
    this.types = types;
    this.memoryLimitBytes = memoryLimitBytes;
    this.row = [this.groupBytes, ...types.map(() => null)];
    this.set = this.newSet();
  }

  private newSet(): DistinctSet {
    return new DistinctSet([null, ...this.types.map(equalityFormOf)], this.memoryLimitBytes);
  }

  /** Whether the group meets these arguments for the first time. Where that is not known before the end, `finish` tells. */
  isFirst(group: number, args: Cells): boolean {
    const { row, groupBytes } = this;
    groupBytes[0] = group >>> 24;
    groupBytes[1] = group >>> 16;
    groupBytes[2] = group >>> 8;
    groupBytes[3] = group;
    for (let i = 0; i < args.length; i++) row[i + 1] = args[i];
    return this.set.isFirst(row, 0, row.length);
  }

  /** Tells the arguments that had to be put off, and begins anew. */
  async finish(add: (group: number, args: Cells) => void, slices: WorkSlices): Promise<void> {
    for (let rows = await this.set.nextSpilled(slices); rows !== null; rows = await this.set.nextSpilled(slices)) {
      for (const [group, ...args] of rows) add(group === null ? 0 : int32At(group, 0), args);
    }
    this.set.close();
    this.set = this.newSet();
  }

  close(): void {
    this.set.close();
  }
}
