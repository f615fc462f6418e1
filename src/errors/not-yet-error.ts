/** Something that the documented interface has and this version does not. Subcommands exit with code 2. */
export class NotYetError extends Error {
  override readonly name = 'NotYetError';
  readonly code = 'NotYet';

  constructor(what: string) {
    super(`${what}: not yet`);
  }
}
