/** A bug of Cassette itself: the program reached a state that its own rules exclude. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
  readonly code = 'Invariant';
}

export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Closes an exhaustive switch: the compiler proves that it is never reached. */
export function unreachable(value: never): never {
  throw new InvariantError(`unexpected ${JSON.stringify(value)}`);
}
