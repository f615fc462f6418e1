/** The command line, a path or an option is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'Usage';
}
