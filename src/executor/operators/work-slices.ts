import { TimeSlice } from '../../storage/scan/index.ts';

/** Work that waits for nothing in slices of some milliseconds: in between others are served and the signal is heard. */
export class WorkSlices {
  private readonly slice = new TimeSlice();
  private readonly signal: AbortSignal | null;

  constructor(signal: AbortSignal | null) {
    this.signal = signal;
  }

  isOver(): boolean {
    return this.slice.isOver();
  }

  /** Throws the signal's reason when it was aborted. */
  async rest(): Promise<void> {
    await this.slice.rest();
    this.signal?.throwIfAborted();
  }
}
