import { tokenize } from '../../parser/highlight.ts';

/** Where in its statement the cursor stands, as far as the choice of columns and values depends on it. */
export interface ClausePlace {
  readonly clause: Clause;
  /** Columns that this clause already names: of INSERT's list, restricted in WHERE, assigned in SET. */
  readonly given: readonly string[];
  /** The column that a value at the cursor belongs to; null where none does. */
  readonly valueOf: string | null;
  /** The value is a part of the column's: an element of IN's list is not, one behind CONTAINS is. */
  readonly isElement: boolean;
  /** The column whose UDT literal the cursor stands in, where a field's name belongs; null elsewhere. */
  readonly fieldsOf: string | null;
  /** Columns that the text itself defines (CREATE TABLE), in order. */
  readonly defined: readonly string[];
}

export type Clause =
  | 'select'
  | 'where'
  | 'set'
  | 'insert-columns'
  | 'values'
  | 'order'
  | 'group'
  | 'if'
  | 'delete'
  | 'primary-key'
  | 'other';

interface Piece {
  /** Keywords in capitals, names without quotes. */
  readonly text: string;
  readonly isName: boolean;
}

const OPERATORS = new Set(['=', '<', '>', '<=', '>=', '!=', 'IN', 'CONTAINS', 'KEY', 'LIKE']);

/** Reads the text before the cursor (without the word being typed) backwards to the clause that it ends in. */
export function clauseAt(before: string): ClausePlace {
  const pieces = piecesOf(before);
  const from = lastIndex(pieces, ({ text, isName }) => !isName && text in CLAUSES);
  const clause = from === -1 ? 'other' : clauseOf(pieces, from);
  const inside = pieces.slice(from + 1);
  return {
    clause,
    given: givenIn(clause, inside),
    ...valueAt(clause, inside, pieces),
    fieldsOf: literalAt(clause, inside, pieces),
    defined: clause === 'primary-key' || clause === 'order' ? definedColumns(pieces.slice(0, from)) : [],
  };
}

const CLAUSES: Readonly<Record<string, Clause>> = {
  SELECT: 'select',
  FROM: 'other',
  WHERE: 'where',
  SET: 'set',
  INTO: 'insert-columns',
  VALUES: 'values',
  BY: 'order',
  IF: 'if',
  DELETE: 'delete',
  PRIMARY: 'primary-key',
  WITH: 'other',
  LIMIT: 'other',
  USING: 'other',
};

function clauseOf(pieces: readonly Piece[], at: number): Clause {
  if (pieces[at].text === 'BY') return pieces[at - 1]?.text === 'GROUP' ? 'group' : 'order';
  return CLAUSES[pieces[at].text];
}

function piecesOf(text: string): Piece[] {
  return tokenize(text)
    .filter((span) => span.kind !== 'comment')
    .map(({ kind, start, end }) => {
      const image = text.slice(start, end);
      if (kind === 'name') return { text: nameText(image), isName: true };
      return { text: kind === 'string' ? image : image.toUpperCase(), isName: false };
    });
}

function givenIn(clause: Clause, inside: readonly Piece[]): readonly string[] {
  switch (clause) {
    case 'insert-columns':
      return inside.slice(inside.findIndex(({ text }) => text === '(') + 1).flatMap(nameOf);
    case 'where':
      return inside.flatMap((piece, i) => (piece.isName && isEquality(inside[i + 1]) ? [piece.text] : []));
    case 'set':
      return inside.flatMap((piece, i) => (piece.isName && inside[i + 1]?.text === '=' ? [piece.text] : []));
    case 'group':
    case 'order':
    case 'delete':
    case 'primary-key':
      return inside.flatMap(nameOf);
    default:
      return [];
  }
}

function isEquality(piece: Piece | undefined): boolean {
  return piece !== undefined && !piece.isName && (piece.text === '=' || piece.text === 'IN');
}

function valueAt(
  clause: Clause,
  inside: readonly Piece[],
  pieces: readonly Piece[],
): Pick<ClausePlace, 'valueOf' | 'isElement'> {
  const none = { valueOf: null, isElement: false };
  if (clause === 'values') return { valueOf: columnOfValue(inside, pieces), isElement: false };
  if (clause !== 'where' && clause !== 'set' && clause !== 'if') return none;
  // Back over what is inside IN's brackets.
  let at = inside.length - 1;
  if (at >= 0 && (inside[at].text === '(' || inside[at].text === ',')) {
    while (at >= 0 && inside[at].text !== '(') at--;
    at--;
    if (inside[at]?.text !== 'IN') return none;
  }
  const operator = inside[at];
  if (operator === undefined || operator.isName || !OPERATORS.has(operator.text)) return none;
  while (at >= 0 && !inside[at].isName) at--;
  const column = inside[at];
  if (column === undefined) return none;
  return { valueOf: column.text, isElement: operator.text === 'CONTAINS' || operator.text === 'KEY' };
}

/** The column of the `{…` that is open at the end, where a key of it comes next. */
function literalAt(clause: Clause, inside: readonly Piece[], pieces: readonly Piece[]): string | null {
  const last = inside.at(-1)?.text;
  if (last !== '{' && last !== ',') return null;
  let depth = 0;
  let open = inside.length - 1;
  for (; open >= 0; open--) {
    if (inside[open].text === '}') depth++;
    else if (inside[open].text === '{' && depth-- === 0) break;
  }
  if (open < 0) return null;
  const before = inside.slice(0, open);
  if (clause === 'values') return columnOfValue(before, pieces);
  const column = before.at(-2);
  return before.at(-1)?.text === '=' && column?.isName === true ? column.text : null;
}

/** The column in INSERT's list at the place of the value that is being written. */
function columnOfValue(inside: readonly Piece[], pieces: readonly Piece[]): string | null {
  let depth = 0;
  let index = 0;
  for (const { text, isName } of inside) {
    if (isName) continue;
    if (text === '(' || text === '[' || text === '{') depth++;
    else if (text === ')' || text === ']' || text === '}') depth--;
    else if (text === ',' && depth === 1) index++;
  }
  const last = inside.at(-1)?.text;
  if (depth !== 1 || (last !== '(' && last !== ',')) return null;
  const into = lastIndex(pieces, ({ text, isName }) => !isName && text === 'INTO');
  const list = pieces.slice(into);
  const open = list.findIndex(({ text }) => text === '(');
  const names = list.slice(open).flatMap(nameOf);
  return open === -1 ? null : (names[index] ?? null);
}

/** Names that stand where CREATE TABLE defines columns: behind its bracket and behind each comma of that depth. */
function definedColumns(pieces: readonly Piece[]): readonly string[] {
  const names: string[] = [];
  let depth = 0;
  pieces.forEach((piece, i) => {
    if (piece.isName || i === 0) {
      const previous = pieces[i - 1]?.text;
      if (piece.isName && depth === 1 && (previous === '(' || previous === ',')) names.push(piece.text);
      return;
    }
    if (piece.text === '(' || piece.text === '<') depth++;
    else if (piece.text === ')' || piece.text === '>') depth--;
  });
  return names;
}

function nameOf(piece: Piece): readonly string[] {
  return piece.isName ? [piece.text] : [];
}

function lastIndex(pieces: readonly Piece[], test: (piece: Piece) => boolean): number {
  for (let i = pieces.length - 1; i >= 0; i--) if (test(pieces[i])) return i;
  return -1;
}

function nameText(image: string): string {
  return image.startsWith('"') ? image.slice(1, -1).replaceAll('""', '"') : image.toLowerCase();
}
