import type { ResultColumn } from '../session/session.ts';
import type { CqlType } from '../types/index.ts';

/** SGR codes of cqlsh's colours. */
const RED = '31;1';
const GREEN = '32;1';
const YELLOW = '33;1';
const BLUE = '34;1';
const MAGENTA = '35;1';
const CYAN = '36;1';
const WHITE = '37;1';
const DARK_MAGENTA = '35';

export function paint(text: string, code: string): string {
  return `\u001b[0;${code}m${text}\u001b[0m`;
}

/** The colour of a column's name by what the column is in its table. */
export function nameColor(column: ResultColumn): string {
  switch (column.kind) {
    case 'partition_key':
      return RED;
    case 'clustering':
      return CYAN;
    case 'static':
      return WHITE;
    default:
      return MAGENTA;
  }
}

export const NULL_COLOR = RED;

/** The colour of a value by its type. */
export function valueColor(type: CqlType): string {
  if (type.kind === 'custom') return DARK_MAGENTA;
  if (type.kind !== 'native') return BLUE;
  switch (type.name) {
    case 'text':
    case 'ascii':
      return YELLOW;
    case 'blob':
      return DARK_MAGENTA;
    default:
      return GREEN;
  }
}
