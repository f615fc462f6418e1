import { invariant } from '../../errors/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { type Partition, type RangeTombstoneMarker, type Row, Step, type UnfilteredStream } from '../rows/index.ts';

/** Opens one part of a chain; called only when the parts before it are at their end. */
export type StreamOpener = () => Promise<UnfilteredStream>;

/**
 * Streams whose token ranges do not overlap, end to end. Only one part is open at a time, so that a table of a thousand
 * disjoint SSTables costs the memory of one. The first part must be open; `next` is never called on a chain of none.
 */
export class ChainedStream implements UnfilteredStream {
  readonly table: TableMetadata;
  readonly reversed: boolean;
  private current: UnfilteredStream;
  private readonly rest: StreamOpener[];
  private mustOpen = false;

  constructor(first: UnfilteredStream, rest: readonly StreamOpener[]) {
    this.table = first.table;
    this.reversed = first.reversed;
    this.current = first;
    this.rest = [...rest];
  }

  get partition(): Partition {
    return this.current.partition;
  }

  get row(): Row {
    return this.current.row;
  }

  get marker(): RangeTombstoneMarker {
    return this.current.marker;
  }

  next(): Step {
    if (this.mustOpen) return Step.NEED_MORE;
    const step = this.current.next();
    if (step !== Step.END || this.rest.length === 0) return step;
    this.mustOpen = true;
    return Step.NEED_MORE;
  }

  async load(): Promise<void> {
    if (!this.mustOpen) return this.current.load();
    const open = this.rest.shift();
    invariant(open !== undefined, 'a chain went on past its last part');
    this.current.close();
    this.current = await open();
    this.mustOpen = false;
  }

  skipPartition(): void {
    this.current.skipPartition();
  }

  close(): void {
    this.rest.length = 0;
    this.current.close();
  }
}
