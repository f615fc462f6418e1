/** A statement with the bytes of its markers: null, or undefined for unset. */
export interface Statement {
  readonly cql: string;
  readonly values: readonly (Uint8Array | null | undefined)[];
  /** All rows are asked for page by page. */
  readonly pageSize?: number;
}

/** What one side says: an error, or rows (none for a write) of hexadecimal cells. */
export type Answer =
  | { readonly kind: 'error'; readonly error: string; readonly message: string }
  | {
      readonly kind: 'rows';
      readonly columns: readonly string[];
      readonly rows: readonly string[];
      readonly warnings: readonly string[];
    };

/** Something that answers statements: Cassandra, or Cassette. */
export interface Side {
  run(statement: Statement): Promise<Answer>;
  close(): Promise<void>;
}

const SERVER_FAILURES: ReadonlySet<string> = new Set(['ServerError', 'WriteFailure', 'WriteTimeout', 'ReadFailure']);

/** Null, or what differs. Syntax errors have texts of our own. */
export function difference(theirs: Answer, ours: Answer): string | null {
  if (theirs.kind === 'error' && ours.kind === 'error' && theirs.error === 'SyntaxException') {
    return ours.error === theirs.error ? null : `theirs ${text(theirs)}\nours   ${text(ours)}`;
  }
  if (isServerFailure(theirs)) return text(ours).startsWith('CRASH') ? text(ours) : null;
  return comparable(theirs) === comparable(ours) ? null : `theirs ${text(theirs)}\nours   ${text(ours)}`;
}

/** A bug of Cassandra's ends in a server error; we refuse in words of our own, or may answer. */
export function isServerFailure(answer: Answer): boolean {
  return answer.kind === 'error' && SERVER_FAILURES.has(answer.error);
}

/** Signatures come out of a HashSet of objects: their order is Java's of the moment. */
function comparable(answer: Answer): string {
  // Jackson's words for what is wrong with a JSON text are not ours.
  const said = text(answer).replace(
    /((JSON string as a map|decoding JSON string|decode JSON string '.*?'): ).*/s,
    '$1',
  );
  const sets = said.replace(/\S+( ,\S+)+/g, (names) => names.split(' ,').sort().join(' ,'));
  return sets.replace(
    /(known type signatures: |following signatures: )(.*?)\)(: use type casts|$)/,
    (_, before: string, signatures: string, after: string) =>
      `${before}${signatures
        .split(/, (?=\S+ : )/)
        .sort()
        .join(', ')})${after}`,
  );
}

export function text(answer: Answer): string {
  if (answer.kind === 'error') return `${answer.error}: ${answer.message}`;
  return [`[${answer.columns.join(', ')}]`, ...answer.warnings, ...answer.rows].join(' | ');
}

export function rowText(cells: readonly (Uint8Array | null)[]): string {
  return cells.map((cell) => (cell === null ? 'null' : Buffer.from(cell).toString('hex'))).join(',');
}
