import { CqlError } from '../errors/index.ts';
import { Duration } from './values/duration.ts';

/**
 * Reads durations in CQL's four notations (`cql3/Duration.from`, 5.0.8), each with an optional `-` in front:
 * `1y2mo3w4d5h6m7s8ms9us10ns`, `P1Y2M3DT4H5M6S`, `P3W` and `P0001-02-03T04:05:06`.
 */
export function parseDuration(text: string): Duration {
  const negative = text.startsWith('-');
  const source = negative ? text.slice(1) : text;
  const builder = new DurationBuilder();
  const parts = source.startsWith('P') ? isoParts(source) : standardParts(source);
  if (parts === null) throw CqlError.invalidRequest(`Unable to convert '${source}' to a duration`);
  for (const [unit, digits] of parts) builder.add(unit, digits);
  return builder.build(negative);
}

type UnitName = 'y' | 'mo' | 'w' | 'd' | 'h' | 'm' | 's' | 'ms' | 'us' | 'ns';
type Part = readonly [UnitName, string];

const ISO = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const ISO_WEEKS = /^P(\d+)W$/;
const ISO_ALTERNATIVE = /^P(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/;
const ISO_UNITS: readonly UnitName[] = ['y', 'mo', 'd', 'h', 'm', 's'];

function isoParts(source: string): Part[] | null {
  if (source.endsWith('W')) {
    const weeks = ISO_WEEKS.exec(source);
    return weeks === null ? null : [['w', weeks[1]]];
  }
  const match = (source.includes('-') ? ISO_ALTERNATIVE : ISO).exec(source);
  if (match === null) return null;
  const parts: Part[] = [];
  ISO_UNITS.forEach((unit, i) => {
    const digits = match[i + 1];
    if (digits !== undefined) parts.push([unit, digits]);
  });
  return parts;
}

const STANDARD_PART = /(\d+)(y|mo|w|d|h|s|ms|us|µs|ns|m)/iy;

function standardParts(source: string): Part[] | null {
  const parts: Part[] = [];
  STANDARD_PART.lastIndex = 0;
  let end = 0;
  for (let match = STANDARD_PART.exec(source); match !== null; match = STANDARD_PART.exec(source)) {
    end = STANDARD_PART.lastIndex;
    const symbol = match[2].toLowerCase();
    // The pattern leaves no other symbols.
    parts.push([(symbol === 'µs' ? 'us' : symbol) as UnitName, match[1]]);
  }
  return parts.length > 0 && end === source.length ? parts : null;
}

interface Unit {
  readonly order: number;
  readonly name: string;
  readonly field: 'months' | 'days' | 'nanoseconds';
  readonly factor: bigint;
}

const UNITS: Readonly<Record<UnitName, Unit>> = {
  y: { order: 1, name: 'years', field: 'months', factor: 12n },
  mo: { order: 2, name: 'months', field: 'months', factor: 1n },
  w: { order: 3, name: 'weeks', field: 'days', factor: 7n },
  d: { order: 4, name: 'days', field: 'days', factor: 1n },
  h: { order: 5, name: 'hours', field: 'nanoseconds', factor: 3_600_000_000_000n },
  m: { order: 6, name: 'minutes', field: 'nanoseconds', factor: 60_000_000_000n },
  s: { order: 7, name: 'seconds', field: 'nanoseconds', factor: 1_000_000_000n },
  ms: { order: 8, name: 'milliseconds', field: 'nanoseconds', factor: 1_000_000n },
  us: { order: 9, name: 'microseconds', field: 'nanoseconds', factor: 1_000n },
  ns: { order: 10, name: 'nanoseconds', field: 'nanoseconds', factor: 1n },
};

const MAX_INT32 = 0x7fff_ffffn;
const LIMITS = { months: MAX_INT32, days: MAX_INT32, nanoseconds: 2n ** 63n - 1n } as const;

class DurationBuilder {
  private readonly totals = { months: 0n, days: 0n, nanoseconds: 0n };
  private last: Unit | null = null;

  add(unitName: UnitName, digits: string): void {
    const unit = UNITS[unitName];
    const count = BigInt(digits);
    // Java reads the digits into a long before anything else.
    if (count > LIMITS.nanoseconds) throw CqlError.invalidRequest(`For input string: "${digits}"`);
    this.checkOrder(unit);
    const total = this.totals[unit.field] + count * unit.factor;
    if (total > LIMITS[unit.field]) {
      throw CqlError.invalidRequest(
        `Invalid duration. The total number of ${unit.field} must be less or equal to ${MAX_INT32}`,
      );
    }
    this.totals[unit.field] = total;
  }

  build(negative: boolean): Duration {
    const { months, days, nanoseconds } = this.totals;
    if (negative) return new Duration(0 - Number(months), 0 - Number(days), -nanoseconds);
    return new Duration(Number(months), Number(days), nanoseconds);
  }

  private checkOrder(unit: Unit): void {
    const last = this.last;
    if (last !== null && unit.order === last.order) {
      throw CqlError.invalidRequest(`Invalid duration. The ${unit.name} are specified multiple times`);
    }
    if (last !== null && unit.order < last.order) {
      throw CqlError.invalidRequest(`Invalid duration. The ${last.name} should be after ${unit.name}`);
    }
    this.last = unit;
  }
}
