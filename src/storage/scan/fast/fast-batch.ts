import { murmur3TokenInto } from '../../../bytes/index.ts';
import type { BatchTarget } from '../batch-target.ts';
import { ByteArena } from '../byte-arena.ts';
import { BATCH_ROWS, ColumnVector, type ScanColumn } from '../row-batch.ts';

/** A batch whose values lie in the scan's window, or in its arena. Tokens are computed when someone looks at them: few scans do. */
export class FastBatch implements BatchTarget {
  length = 0;
  readonly columns: readonly ColumnVector[];
  readonly partitionOrdinal = new Int32Array(BATCH_ROWS);
  /** The key of each row's partition; `keyEnd` is TOKEN_GIVEN where the token is there already. */
  readonly keySource: Uint8Array[] = [];
  readonly keyStart = new Int32Array(BATCH_ROWS);
  readonly keyEnd = new Int32Array(BATCH_ROWS);
  /** Values that do not stand in the window as a whole: multi-cell columns'. */
  readonly arena = new ByteArena();
  private readonly hi = new Int32Array(BATCH_ROWS);
  private readonly lo = new Int32Array(BATCH_ROWS);
  private tokensDone = 0;

  constructor(columns: readonly ScanColumn[]) {
    this.columns = columns.map(() => new ColumnVector());
  }

  reset(): void {
    this.arena.reset();
    this.length = 0;
    this.tokensDone = 0;
  }

  setKey(i: number, source: Uint8Array, start: number, end: number): void {
    if (this.keySource[i] !== source) this.keySource[i] = source;
    this.keyStart[i] = start;
    this.keyEnd[i] = end;
  }

  setToken(i: number, hi: number, lo: number): void {
    this.hi[i] = hi;
    this.lo[i] = lo;
    this.keyEnd[i] = TOKEN_GIVEN;
  }

  get tokenHi(): Int32Array {
    this.computeTokens();
    return this.hi;
  }

  get tokenLo(): Int32Array {
    this.computeTokens();
    return this.lo;
  }

  private computeTokens(): void {
    for (let i = this.tokensDone; i < this.length; i++) {
      if (this.keyEnd[i] === TOKEN_GIVEN) continue;
      murmur3TokenInto(this.keySource[i], this.keyStart[i], this.keyEnd[i], halves);
      this.hi[i] = halves[0];
      this.lo[i] = halves[1];
    }
    this.tokensDone = this.length;
  }
}

const TOKEN_GIVEN = -1;

const halves = new Int32Array(4);
