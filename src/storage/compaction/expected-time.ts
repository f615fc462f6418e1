/** Milliseconds that only go forward, `performance.now` but for tests. Deadlines are of it. */
export type Clock = () => number;

/** Weight of the newest measurement. */
const SMOOTHING = 0.3;

/** How long a piece of work that cannot be cut will take: about as long as the last ones did. */
export class ExpectedTime {
  private readonly clock: Clock;
  private millis: number;

  constructor(clock: Clock, millis: number) {
    this.clock = clock;
    this.millis = millis;
  }

  /** Whether a piece would be over by `deadline`. */
  fits(deadline: number): boolean {
    return this.clock() + this.millis <= deadline;
  }

  async measure<T>(work: () => Promise<T>): Promise<T> {
    const started = this.clock();
    const result = await work();
    this.millis += SMOOTHING * (this.clock() - started - this.millis);
    return result;
  }
}
