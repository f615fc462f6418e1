const NANOS_PER_MICRO = 1_000n;
const NANOS_PER_MILLI = 1_000_000n;
const NANOS_PER_SECOND = 1_000_000_000n;
const NANOS_PER_MINUTE = 60n * NANOS_PER_SECOND;
const NANOS_PER_HOUR = 60n * NANOS_PER_MINUTE;

/**
 * CQL's `duration`: months, days and nanoseconds that do not convert into each other, all of the same sign (or zero).
 * `months` and `days` are int32, `nanoseconds` int64. Immutable; prints as CQL does: `1y2mo3d4h5m6s7ms8us9ns`.
 */
export class Duration {
  readonly months: number;
  readonly days: number;
  readonly nanoseconds: bigint;

  constructor(months: number, days: number, nanoseconds: bigint) {
    if ((months | 0) !== months || (days | 0) !== days || BigInt.asIntN(64, nanoseconds) !== nanoseconds) {
      throw new RangeError('months and days of a duration are int32, nanoseconds int64');
    }
    if (!isOneSign(months, days, nanoseconds)) {
      throw new RangeError(
        `The duration months, days and nanoseconds must be all of the same sign (${months}, ${days}, ${nanoseconds})`,
      );
    }
    this.months = months;
    this.days = days;
    this.nanoseconds = nanoseconds;
    Object.freeze(this);
  }

  get isNegative(): boolean {
    return this.months < 0 || this.days < 0 || this.nanoseconds < 0n;
  }

  equals(other: Duration): boolean {
    return this.months === other.months && this.days === other.days && this.nanoseconds === other.nanoseconds;
  }

  /** The zero duration prints as an empty text, in Cassandra too. */
  toString(): string {
    const months = Math.abs(this.months);
    let text = this.isNegative ? '-' : '';
    if (months >= 12) text += `${Math.floor(months / 12)}y`;
    if (months % 12 !== 0) text += `${months % 12}mo`;
    if (this.days !== 0) text += `${Math.abs(this.days)}d`;
    let rest = this.nanoseconds < 0n ? -this.nanoseconds : this.nanoseconds;
    for (const [nanos, symbol] of UNITS) {
      if (rest >= nanos) text += `${rest / nanos}${symbol}`;
      rest %= nanos;
    }
    return text;
  }

  toJSON(): string {
    return this.toString();
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const UNITS: readonly (readonly [bigint, string])[] = [
  [NANOS_PER_HOUR, 'h'],
  [NANOS_PER_MINUTE, 'm'],
  [NANOS_PER_SECOND, 's'],
  [NANOS_PER_MILLI, 'ms'],
  [NANOS_PER_MICRO, 'us'],
  [1n, 'ns'],
];

export function isOneSign(months: number, days: number, nanoseconds: bigint): boolean {
  return (months >= 0 && days >= 0 && nanoseconds >= 0n) || (months <= 0 && days <= 0 && nanoseconds <= 0n);
}
