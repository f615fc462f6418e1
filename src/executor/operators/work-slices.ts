import { TimeSlice } from '../../storage/scan/index.ts';

/** Cuts long synchronous work into slices of some milliseconds, between which other work runs and a signal is heard. */
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
