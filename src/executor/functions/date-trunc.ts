import { CqlError } from '../../errors/index.ts';
import type { ScalarFunction } from '../../planner/index.ts';
import { civilFromDays, daysFromCivil } from '../../types/civil.ts';
import { scalar } from './define-function.ts';
import { millisToDate } from './duration-arithmetic.ts';
import { int64Bytes } from './numbers.ts';
import { textOf } from './text-functions.ts';
import { toMillis } from './time.ts';

/** explore's `date_trunc(unit, time)`: the begin of the unit that a time is in, in UTC. Weeks begin on Mondays. */
export function dateTruncFunctions(): ScalarFunction[] {
  return (['timestamp', 'date', 'timeuuid'] as const).map((type) => {
    const returnType = type === 'date' ? 'date' : 'timestamp';
    return scalar({
      name: 'date_trunc',
      argumentTypes: ['text', type],
      returnType,
      evaluate: ([unit, time]) => {
        if (unit === null || time === null || time.length === 0) return null;
        const begin = truncated(textOf(unit).toLowerCase(), toMillis(type, time));
        return returnType === 'date' ? millisToDate(begin) : int64Bytes(begin);
      },
    });
  });
}

const DAY_MILLIS = 86_400_000n;

const FIXED_MILLIS: Readonly<Record<string, bigint>> = {
  millisecond: 1n,
  second: 1000n,
  minute: 60_000n,
  hour: 3_600_000n,
  day: DAY_MILLIS,
};

function truncated(unit: string, millis: bigint): bigint {
  const step = FIXED_MILLIS[unit];
  if (step !== undefined) return floorTo(millis, step);
  const day = floorTo(millis, DAY_MILLIS) / DAY_MILLIS;
  const { year, month } = civilFromDays(Number(day));
  switch (unit) {
    case 'week':
      // 1970-01-01 was a Thursday.
      return (day - ((((day + 3n) % 7n) + 7n) % 7n)) * DAY_MILLIS;
    case 'month':
      return beginOf(year, month);
    case 'quarter':
      return beginOf(year, month - ((month - 1) % 3));
    case 'year':
      return beginOf(year, 1);
    default:
      throw CqlError.invalidRequest(
        `date_trunc knows millisecond, second, minute, hour, day, week, month, quarter and year, not '${unit}'`,
      );
  }
}

function beginOf(year: number, month: number): bigint {
  return BigInt(daysFromCivil(year, month, 1)) * DAY_MILLIS;
}

function floorTo(millis: bigint, step: bigint): bigint {
  const rest = millis % step;
  return millis - (rest < 0n ? rest + step : rest);
}
