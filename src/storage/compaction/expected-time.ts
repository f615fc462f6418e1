/** Weight of the newest measurement. */
const SMOOTHING = 0.3;

/** How long a piece of work that cannot be cut will take: about as long as the last ones did. */
export class ExpectedTime {
  private millis: number;

  constructor(millis: number) {
    this.millis = millis;
  }

  /** Whether a piece would be over by `deadline`, of performance.now(). */
  fits(deadline: number): boolean {
    return performance.now() + this.millis <= deadline;
  }

  async measure<T>(work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    this.millis += SMOOTHING * (performance.now() - started - this.millis);
    return result;
  }
}
