import type { CqlError } from '../errors/index.ts';

const WIDEST_EXCERPT = 120;

/**
 * The source line that an error points at, a caret under the place, and the suggestion if there is one:
 * ```
 * SELECT * FORM t
 *          ^^^^
 * did you mean FROM?
 * ```
 * Empty when the error has neither place nor suggestion. Long lines are cut around the place.
 */
export function renderError(source: string, error: CqlError): string {
  const lines: string[] = [];
  if (error.position !== undefined) {
    const { offset, length = 1 } = error.position;
    const from = source.lastIndexOf('\n', offset - 1) + 1;
    const newline = source.indexOf('\n', offset);
    const line = source.slice(from, newline < 0 ? source.length : newline).trimEnd();
    const column = Math.min(offset - from, line.length);
    const cut = Math.max(0, column - Math.floor(WIDEST_EXCERPT / 2));
    const before = cut > 0 ? '…' : '';
    const excerpt = line.slice(cut, cut + WIDEST_EXCERPT);
    const after = cut + WIDEST_EXCERPT < line.length ? '…' : '';
    const indent = before + excerpt.slice(0, column - cut);
    const carets = Math.max(1, Math.min(length, excerpt.length - (column - cut)));
    // Tabs stay tabs, so that the caret stands under its place whatever their width.
    lines.push(before + excerpt + after, indent.replace(/[^\t]/g, ' ') + '^'.repeat(carets));
  }
  if (error.suggestion !== undefined) lines.push(error.suggestion);
  return lines.join('\n');
}

/** The message without the place in front of it, for those who show the place themselves. */
export function messageWithoutPlace(error: CqlError): string {
  return error.position === undefined ? error.message : error.message.replace(/^line \d+:\d+ /, '');
}
