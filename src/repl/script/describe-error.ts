import { getSystemErrorMap } from 'node:util';
import { CorruptionError, CqlError, NotYetError, UsageError } from '../../errors/index.ts';
import { isBrokenPipe } from '../../output/index.ts';
import { messageWithoutPlace, renderError } from '../../parser/render-error.ts';
import { CommandError } from '../commands/index.ts';

/** Where a statement begins in its script: lines from 1, columns from 0. */
export interface StatementPlace {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

export type StatementError = CqlError | CorruptionError | CommandError | NotYetError | SystemError;

/** What the operating system says of a file. */
interface SystemError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly path?: string;
}

/** Errors that end a statement and not the program. */
export function isStatementError(error: unknown): error is StatementError {
  return (
    error instanceof CqlError ||
    error instanceof CorruptionError ||
    error instanceof CommandError ||
    error instanceof NotYetError ||
    isSystemError(error)
  );
}

/** Not of our output, whose reader may be gone: that ends the program. */
function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'syscall' in error && 'errno' in error && !isBrokenPipe(error);
}

/** `Could not open '/tmp/x': no such file or directory` */
function messageOf(error: Error): string {
  if (!isSystemError(error)) return error.message;
  const [, reason] = getSystemErrorMap().get(error.errno) ?? [error.code, error.message];
  return error.path === undefined ? reason : `Could not open '${error.path}': ${reason}`;
}

/**
 * `FILE:LINE:COL: KIND: message`, then the source line with a caret and a suggestion. Positions of a CqlError count within
 * its statement. Columns are shown from 1, as compilers do.
 */
export function describeScriptError(place: StatementPlace, error: StatementError): string {
  if (!(error instanceof CqlError)) {
    const kind = error instanceof CorruptionError ? error.code : 'InvalidRequest';
    return `${place.name}:${place.line}:${place.column + 1}: ${kind}: ${oneLine(messageOf(error))}\n`;
  }
  const { position } = error;
  const line = position === undefined ? place.line : place.line + position.line - 1;
  const column =
    position === undefined ? place.column : position.line === 1 ? place.column + position.column : position.column;
  const head = `${place.name}:${line}:${column + 1}: ${error.kind}: ${oneLine(messageWithoutPlace(error))}\n`;
  const excerpt = renderError(place.text, error);
  return excerpt === '' ? head : `${head}${excerpt}\n`;
}

/** Errors that the shell shows and goes on after. */
function isReportable(error: unknown): error is Error {
  return isStatementError(error) || error instanceof UsageError;
}

/** In the shell: `KIND: message`, painted, then the line at fault with a caret and the suggestion. */
export function describeShellError(text: string, error: unknown, paint: (text: string) => string): string {
  if (error instanceof CqlError) {
    const excerpt = renderError(text, error);
    return `${paint(`${error.kind}: ${messageWithoutPlace(error)}`)}\n${excerpt === '' ? '' : `${excerpt}\n`}`;
  }
  if (error instanceof CorruptionError) return `${paint(`${error.code}: ${error.message}`)}\n`;
  if (isReportable(error)) return `${paint(messageOf(error))}\n`;
  // A bug of ours ends the statement and not the session that its user has built up.
  const message = error instanceof Error ? error.message : String(error);
  return `${paint(`internal error: ${message} (please report this)`)}\n`;
}

function oneLine(text: string): string {
  return text.replaceAll('\r', '\\r').replaceAll('\n', '\\n');
}
