/** Milliseconds of a clock that only goes forward. As `performance.now`, which loads a module of Node's that takes 1 ms. */
export function monotonicMillis(): number {
  return process.uptime() * 1000;
}
