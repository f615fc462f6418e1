/** Of two looks at a clock that is set all the time, the second may be that much earlier. */
const MIN_BEHIND_MILLIS = 1000;

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

  /** What the user should know of a clock that is behind; null where it is not. */
  behindNote(nowMillis: number): string | null {
    const lastMillis = this.latestMicros / 1000;
    if (lastMillis - nowMillis < MIN_BEHIND_MILLIS) return null;
    const [now, last] = [nowMillis, lastMillis].map((millis) => new Date(millis).toISOString());
    return `the clock says ${now}, but the last write is of ${last}: timestamps go on from there`;
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
