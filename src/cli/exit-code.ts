/** INTERFACE.md, Exit codes. */
export const ExitCode = {
  OK: 0,
  /** A statement failed or damage was found. */
  FAILED: 1,
  /** The command line or a PATH was wrong. */
  USAGE: 2,
  INTERRUPTED: 130,
} as const;
