/**
 * The three families of errors: what a CQL user did (`CqlError`), what a file says that cannot be (`CorruptionError`),
 * and what only our own bug can cause (`InvariantError`). Lowest layer: imports nothing.
 */

export { CorruptionError, type CorruptionPlace } from './corruption-error.ts';
export { CqlError, type CqlErrorKind, type SourcePosition } from './cql-error.ts';
export { InvariantError, invariant, unreachable } from './invariant.ts';
export { NotYetError } from './not-yet-error.ts';
export { UsageError } from './usage-error.ts';
