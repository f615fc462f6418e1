import { murmur3TokenInto } from '../../../bytes/index.ts';
import { invariant } from '../../../errors/index.ts';
import type { MergeSource, PartitionPlace } from '../../merge/index.ts';
import { type ClusteringComparator, type ClusteringPrefix, Step, type UnfilteredStream } from '../../rows/index.ts';
import type { SSTableStream } from '../../sstable/data/sstable-stream.ts';
import { OpenSegment, type ScanOutput, type ScanSegment } from './open-segment.ts';

export const Advance = { READY: 0, LOAD: 1, END: 2 } as const;
export type Advance = (typeof Advance)[keyof typeof Advance];

/** Below this, to go from the stream to the decoder and back costs more than it gains. */
const FEWEST_ROWS = 4;

/**
 * One input of a `MergeScan`. Between partitions it stands before `partition`, and all that is known of it is the key; it is
 * then read alone, by the decoder of `alone`, or as `stream`, to be reconciled with others.
 */
export interface ScanInput extends MergeSource {
  readonly partition: PartitionPlace;
  /** What decodes partitions that no other input has; null when only the stream can. */
  readonly alone: OpenSegment | null;
  /** Goes to stand before the next partition. LOAD: `load`, then again. */
  advance(): Advance;
  load(): Promise<void>;
  /** Takes the stream's PARTITION step; false: let the stream load, then again. */
  beginStream(): boolean;
  /** The stream has come to the partition's end. */
  endStream(): void;
  /**
   * The stream stands on a row, and no other input has anything before `bound`: lets the decoder stand there. Returns the
   * offset in the window where it is to stop; -1 when there are too few rows, or no decoder.
   */
  beginRows(bound: ClusteringPrefix | null, comparator: ClusteringComparator): number;
  /** The stream goes on where the decoder stopped. */
  endRows(): void;
  close(): void;
}

/** SSTables with disjoint tokens, in their order; one is open at a time. */
export class SSTableRun implements ScanInput {
  readonly partition = new KeyInWindow();
  step: Step = Step.END;
  alone: OpenSegment | null = null;
  private readonly segments: readonly ScanSegment[];
  private readonly output: ScanOutput;
  private readonly maxWindowBytes: number;
  private nextSegment = 0;
  private mustSlide = false;
  private opened: SSTableStream | null = null;

  constructor(segments: readonly ScanSegment[], output: ScanOutput, maxWindowBytes: number) {
    this.segments = segments;
    this.output = output;
    this.maxWindowBytes = maxWindowBytes;
  }

  advance(): Advance {
    const { alone } = this;
    if (alone === null) return this.nextSegment < this.segments.length ? Advance.LOAD : Advance.END;
    if (alone.decoder.position >= alone.end) {
      this.close();
      return this.advance();
    }
    this.mustSlide = !alone.decoder.peekKey(this.partition);
    if (this.mustSlide) return Advance.LOAD;
    this.partition.hash();
    return Advance.READY;
  }

  async load(): Promise<void> {
    if (this.mustSlide) await this.alone?.slide();
    else if (this.alone === null) {
      this.alone = await OpenSegment.open(this.segments[this.nextSegment++], this.output, this.maxWindowBytes);
    }
    this.mustSlide = false;
  }

  get stream(): UnfilteredStream {
    invariant(this.opened !== null, 'a stream is begun before it is read');
    return this.opened;
  }

  beginStream(): boolean {
    const { alone } = this;
    invariant(alone !== null, 'a run stands before a partition');
    if (this.step !== Step.NEED_MORE) {
      this.opened ??= alone.segment.openStream(alone.window);
      this.opened.standBefore(alone.position);
    }
    this.step = this.stream.next();
    return this.step !== Step.NEED_MORE;
  }

  endStream(): void {
    const { alone, opened } = this;
    this.step = Step.END;
    if (alone !== null && opened !== null) alone.decoder.attach(alone.window, opened.position);
  }

  beginRows(bound: ClusteringPrefix | null, comparator: ClusteringComparator): number {
    const { alone, opened } = this;
    invariant(alone !== null && opened !== null, 'rows are read behind the beginning of a stream');
    const { decoder, window } = alone;
    decoder.attach(window, opened.elementStart);
    const stop = decoder.endOfRows(bound, comparator);
    return decoder.rowsPassed < FEWEST_ROWS ? -1 : stop;
  }

  endRows(): void {
    if (this.alone !== null) this.opened?.goOnAt(this.alone.position);
  }

  close(): void {
    this.alone?.close();
    this.alone = null;
    this.opened = null;
  }
}

/** A source that only streams: a memtable. */
export class StreamInput implements ScanInput {
  readonly alone = null;
  readonly stream: UnfilteredStream;
  step: Step = Step.NEED_MORE;

  constructor(stream: UnfilteredStream) {
    this.stream = stream;
  }

  get partition(): PartitionPlace {
    return this.stream.partition;
  }

  advance(): Advance {
    this.step = this.stream.next();
    if (this.step === Step.NEED_MORE) return Advance.LOAD;
    return this.step === Step.END ? Advance.END : Advance.READY;
  }

  load(): Promise<void> {
    return this.stream.load();
  }

  beginStream(): boolean {
    return true;
  }

  endStream(): void {}

  beginRows(): number {
    return -1;
  }

  endRows(): void {}

  close(): void {
    this.stream.close();
  }
}

/** A key where it lies in a run's window, until the window moves, and its token. */
class KeyInWindow implements PartitionPlace {
  key: Uint8Array = new Uint8Array(0);
  keyStart = 0;
  keyEnd = 0;
  tokenHi = 0;
  tokenLo = 0;

  hash(): void {
    murmur3TokenInto(this.key, this.keyStart, this.keyEnd, halves);
    this.tokenHi = halves[0];
    this.tokenLo = halves[1];
  }
}

const halves = new Int32Array(4);
