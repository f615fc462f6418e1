const SLICE_SECONDS = 0.002;

/**
 * Keeps one scan from holding the event loop: ask `isOver` every few hundred rows and await `rest` when it says so, so
 * that timers, sockets and Ctrl-C are served. Its clock is the process's: `performance` loads a module of Node's, 1 ms of a
 * one-shot query.
 */
export class TimeSlice {
  private started = process.uptime();

  isOver(): boolean {
    return process.uptime() - this.started > SLICE_SECONDS;
  }

  async rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    this.started = process.uptime();
  }
}
