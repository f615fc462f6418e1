import type { TableMetadata } from '../../schema/model/index.ts';
import { type Partition, type RangeTombstoneMarker, type Row, Step, type UnfilteredStream } from '../rows/index.ts';

/** A stream whose first step someone has looked at already; it is delivered once more. */
export class PrimedStream implements UnfilteredStream {
  readonly table: TableMetadata;
  readonly reversed: boolean;
  private readonly source: UnfilteredStream;
  private held: Step | null;

  private constructor(source: UnfilteredStream, held: Step) {
    this.source = source;
    this.table = source.table;
    this.reversed = source.reversed;
    this.held = held;
  }

  /** Takes the first step; null, and the stream closed, when there is none. */
  static async of(source: UnfilteredStream): Promise<PrimedStream | null> {
    try {
      let step = source.next();
      while (step === Step.NEED_MORE) {
        await source.load();
        step = source.next();
      }
      if (step !== Step.END) return new PrimedStream(source, step);
    } catch (error) {
      source.close();
      throw error;
    }
    source.close();
    return null;
  }

  get partition(): Partition {
    return this.source.partition;
  }

  get row(): Row {
    return this.source.row;
  }

  get marker(): RangeTombstoneMarker {
    return this.source.marker;
  }

  next(): Step {
    const { held } = this;
    if (held === null) return this.source.next();
    this.held = null;
    return held;
  }

  load(): Promise<void> {
    return this.source.load();
  }

  skipPartition(): void {
    this.source.skipPartition();
  }

  close(): void {
    this.source.close();
  }
}
