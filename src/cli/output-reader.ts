/** A program ends quietly when the reader of its output does (`cassette … | head`): nothing is wrong then. */
export function endWithReader(): void {
  process.stdout.on('error', endOnBrokenPipe);
}

/** For a command whose exit code tells something without its output. */
export function outliveReader(): void {
  process.stdout.off('error', endOnBrokenPipe);
}

function endOnBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
}
