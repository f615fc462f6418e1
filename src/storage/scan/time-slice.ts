const SLICE_MILLIS = 2;

/**
 * Keeps one scan from holding the event loop: ask `isOver` every few hundred rows and await `rest` when it says so, so
 * that timers, sockets and Ctrl-C are served.
 */
export class TimeSlice {
  private started = performance.now();

  isOver(): boolean {
    return performance.now() - this.started > SLICE_MILLIS;
  }

  async rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    this.started = performance.now();
  }
}
