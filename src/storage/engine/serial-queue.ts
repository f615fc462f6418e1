/**
 * Runs pieces of work one after the other: flushes, compaction steps, schema changes and truncations never mix. `onFailure`
 * hears of each error before who asked for the work does.
 */
export class SerialQueue {
  private readonly onFailure: (error: unknown) => void;
  private last: Promise<unknown> = Promise.resolve();

  constructor(onFailure: (error: unknown) => void) {
    this.onFailure = onFailure;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    const next = this.last.then(work).catch((error: unknown) => {
      this.onFailure(error);
      throw error;
    });
    this.last = next.catch(() => undefined);
    return next;
  }
}
