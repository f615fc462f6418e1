/**
 * The greatest timestamp that a database gave its writes by itself. The log says it with every commit, so that writes after
 * a restart get greater ones also where the machine's clock is behind. Timestamps that users give do not count.
 */
export class AssignedTimestamps {
  private recovered = 0;
  private source: () => number = () => 0;

  /** Microseconds since 1970; 0 when none was given yet. */
  get latestMicros(): number {
    return Math.max(this.recovered, this.source());
  }

  /** Goes on behind what the log, or a base, says. */
  recover(micros: number): void {
    this.recovered = Math.max(this.recovered, micros);
  }

  /** Whoever gives out timestamps from now on. */
  follow(source: () => number): void {
    this.source = source;
  }
}
