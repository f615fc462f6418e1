import { padded } from '../civil.ts';

const NANOS_PER_DAY = 86_400_000_000_000n;

/** A time of day to the nanosecond, as CQL's `time`: 0 to 86,399,999,999,999 ns. Immutable; prints as CQL does. */
export class LocalTime {
  readonly nanosOfDay: bigint;

  constructor(nanosOfDay: bigint) {
    if (nanosOfDay < 0n || nanosOfDay >= NANOS_PER_DAY) throw new RangeError(`${nanosOfDay} ns is not within a day`);
    this.nanosOfDay = nanosOfDay;
    Object.freeze(this);
  }

  static of(hour: number, minute: number, second = 0, nano = 0): LocalTime {
    const valid = isWithin(hour, 24) && isWithin(minute, 60) && isWithin(second, 60) && isWithin(nano, 1e9);
    if (!valid) throw new RangeError(`no such time: ${hour}:${minute}:${second}.${nano}`);
    return new LocalTime(BigInt((hour * 60 + minute) * 60 + second) * 1_000_000_000n + BigInt(nano));
  }

  /** `hh:mm:ss[.fffffffff]`; null when it is not a time. */
  static parse(text: string): LocalTime | null {
    const match = /^\s*([+-]?\d{1,10}):([+-]?\d{1,10}):([+-]?\d{1,10})(?:\.(\d{1,9}))?\s*$/.exec(text);
    if (match === null) return null;
    const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3])];
    if (!isWithin(hour, 24) || !isWithin(minute, 60) || !isWithin(second, 60)) return null;
    return LocalTime.of(hour, minute, second, Number((match[4] ?? '').padEnd(9, '0')));
  }

  get hour(): number {
    return Number(this.nanosOfDay / 3_600_000_000_000n);
  }

  get minute(): number {
    return Number((this.nanosOfDay / 60_000_000_000n) % 60n);
  }

  get second(): number {
    return Number((this.nanosOfDay / 1_000_000_000n) % 60n);
  }

  get nano(): number {
    return Number(this.nanosOfDay % 1_000_000_000n);
  }

  equals(other: LocalTime): boolean {
    return this.nanosOfDay === other.nanosOfDay;
  }

  /** `hh:mm:ss.nnnnnnnnn`, always nine digits. */
  toString(): string {
    return timeText(this.nanosOfDay);
  }

  toJSON(): string {
    return this.toString();
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

function isWithin(value: number, limit: number): boolean {
  return value >= 0 && value < limit;
}

function timeText(nanosOfDay: bigint): string {
  const seconds = Number(nanosOfDay / 1_000_000_000n);
  const hour = padded(Math.floor(seconds / 3600), 2);
  const minute = padded(Math.floor(seconds / 60) % 60, 2);
  return `${hour}:${minute}:${padded(seconds % 60, 2)}.${padded(nanosOfDay % 1_000_000_000n, 9)}`;
}
