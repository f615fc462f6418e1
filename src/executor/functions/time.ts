import { int64BigIntAt } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import type { ScalarFunction } from '../../planner/index.ts';
import { type Duration, type NativeTypeName, timeUuidMillis } from '../../types/index.ts';
import { renamed, scalar } from './define-function.ts';
import {
  addMonths,
  dateToMillis,
  durationMillis,
  millisToDate,
  monthNumber,
  readDuration,
} from './duration-arithmetic.ts';
import { int64Bytes } from './numbers.ts';
import { maxTimeUuid, minTimeUuid } from './time-uuid.ts';

type Bytes = Uint8Array | null;

/** now and its kin, conversions between times, floor (`TimeFcts`, 5.0.8). */
export function timeFunctions(): ScalarFunction[] {
  const current = [
    nowFunction('current_timeuuid', 'timeuuid'),
    nowFunction('current_timestamp', 'timestamp'),
    nowFunction('current_date', 'date'),
    nowFunction('current_time', 'time'),
  ];
  const converted = [
    conversion('min_timeuuid', 'timestamp', 'timeuuid', minTimeUuid),
    conversion('max_timeuuid', 'timestamp', 'timeuuid', maxTimeUuid),
    conversion('to_date', 'timeuuid', 'date', millisToDate),
    conversion('to_timestamp', 'timeuuid', 'timestamp', int64Bytes),
    conversion('to_unix_timestamp', 'timeuuid', 'bigint', int64Bytes),
    conversion('to_unix_timestamp', 'timestamp', 'bigint', int64Bytes),
    conversion('to_date', 'timestamp', 'date', millisToDate),
    conversion('to_unix_timestamp', 'date', 'bigint', int64Bytes),
    conversion('to_timestamp', 'date', 'timestamp', int64Bytes),
  ];
  const legacy = [...current, ...converted].map((modern) => renamed(modern, modern.name.replaceAll('_', '')));
  return [nowFunction('now', 'timeuuid'), ...current, ...converted, ...legacy, ...floorFunctions()];
}

function nowFunction(name: string, type: 'timeuuid' | 'timestamp' | 'date' | 'time'): ScalarFunction {
  return scalar({
    name,
    argumentTypes: [],
    returnType: type,
    pure: false,
    evaluate: (_, context) => {
      const millis = BigInt(Math.trunc(context.nowMillis));
      switch (type) {
        case 'timeuuid':
          return context.nextTimeUuid();
        case 'timestamp':
          return int64Bytes(millis);
        case 'date':
          return millisToDate(millis);
        case 'time':
          return int64Bytes((millis % 86_400_000n) * 1_000_000n);
      }
    },
  });
}

/** A value of a type of time in milliseconds since 1970. */
export function toMillis(type: NativeTypeName, bytes: Uint8Array): bigint {
  if (type === 'timeuuid') return timeUuidMillis(bytes);
  return type === 'date' ? dateToMillis(bytes) : int64BigIntAt(bytes, 0);
}

function conversion(
  name: string,
  from: 'timeuuid' | 'timestamp' | 'date',
  to: NativeTypeName,
  convert: (millis: bigint) => Uint8Array,
): ScalarFunction {
  return scalar({
    name,
    argumentTypes: [from],
    returnType: to,
    evaluate: ([bytes]) => (bytes === null || bytes.length === 0 ? null : convert(toMillis(from, bytes))),
  });
}

function floorFunctions(): ScalarFunction[] {
  return [
    floorFunction('timestamp', 'timestamp', ['timestamp', 'duration']),
    floorFunction('timestamp', 'timestamp', ['timestamp', 'duration', 'timestamp']),
    floorFunction('timeuuid', 'timestamp', ['timeuuid', 'duration']),
    floorFunction('timeuuid', 'timestamp', ['timeuuid', 'duration', 'timestamp']),
    floorFunction('date', 'date', ['date', 'duration']),
    floorFunction('date', 'date', ['date', 'duration', 'date']),
    scalar({ name: 'floor', argumentTypes: ['time', 'duration'], returnType: 'time', evaluate: floorTime }),
  ];
}

function floorFunction(
  type: 'timestamp' | 'timeuuid' | 'date',
  returnType: 'timestamp' | 'date',
  argumentTypes: readonly NativeTypeName[],
): ScalarFunction {
  return scalar({
    name: 'floor',
    argumentTypes,
    returnType,
    evaluate: (args) => {
      const [time, durationBytes, start] = args;
      if (args.some((bytes) => bytes === null || bytes.length === 0)) return null;
      if (time === null || durationBytes === null) return null;
      const duration = readDuration(durationBytes);
      checkPrecision(type, duration);
      const from = start === undefined || start === null ? 0n : toMillis(returnType, start);
      const floor = floorMillis(toMillis(type, time), duration, from);
      return returnType === 'date' ? millisToDate(floor) : int64Bytes(floor);
    },
  });
}

function checkPrecision(type: 'timestamp' | 'timeuuid' | 'date', duration: Duration): void {
  if (type === 'date' && duration.nanoseconds !== 0n) {
    throw CqlError.invalidRequest(
      `The floor on date values cannot be computed for the ${duration} duration as precision is below 1 day`,
    );
  }
  if (type !== 'date' && duration.nanoseconds % 1_000_000n !== 0n) {
    throw CqlError.invalidRequest(
      `The floor cannot be computed for the ${duration} duration as precision is below 1 millisecond`,
    );
  }
}

/** `Duration.floorTimestamp`: the last start plus a multiple of the duration that is not after the time. */
function floorMillis(time: bigint, duration: Duration, start: bigint): bigint {
  if (start > time) throw CqlError.invalidRequest('The floor function starting time is greater than the provided time');
  if (duration.isNegative) throw CqlError.invalidRequest('Negative durations are not supported by the floor function');
  const step = durationMillis(duration);
  if (duration.months === 0) return step === 0n ? time : time - ((time - start) % step);
  const months = monthNumber(time) - monthNumber(start);
  let multiplier = Math.trunc(months / duration.months);
  let whole = addMonths(start, multiplier * duration.months);
  if (step === 0n) return whole;
  let floor = whole + BigInt(multiplier) * step;
  while (floor > time) {
    multiplier--;
    whole = addMonths(whole, -duration.months);
    floor = whole + BigInt(multiplier) * step;
  }
  return floor > start ? floor : start;
}

const NANOS_PER_DAY = 86_400_000_000_000n;

function floorTime([time, durationBytes]: readonly Bytes[]): Bytes {
  if (time === null || durationBytes === null || time.length === 0 || durationBytes.length === 0) return null;
  const duration = readDuration(durationBytes);
  if (duration.isNegative) throw CqlError.invalidRequest('Negative durations are not supported by the floor function');
  if (duration.months !== 0 || duration.days !== 0 || duration.nanoseconds > NANOS_PER_DAY) {
    throw CqlError.invalidRequest('For time values, the floor can only be computed for durations smaller that a day');
  }
  if (duration.nanoseconds === 0n) return time;
  const nanos = int64BigIntAt(time, 0);
  return int64Bytes(nanos - (nanos % duration.nanoseconds));
}
