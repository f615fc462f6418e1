/** Something INTERFACE.md promises that is not built yet. Exit code 2 for subcommands; never a wrong answer instead. */
export class NotYetError extends Error {
  override readonly name = 'NotYetError';
  readonly code = 'NotYet';

  constructor(what: string) {
    super(`${what}: not yet`);
  }
}
