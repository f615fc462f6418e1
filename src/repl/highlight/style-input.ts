import { tokenize } from '../../parser/highlight.ts';
import { findTable, type Schema } from '../../schema/model/index.ts';
import { findCommand, isCommandLine } from '../commands/index.ts';
import type { StyleName } from '../view/theme.ts';

/** A styled piece of the input: UTF-16 offsets, end exclusive. Pieces are in order and do not overlap. */
export interface StyledSpan {
  readonly start: number;
  readonly end: number;
  readonly style: StyleName;
}

/** What names may mean: the schema and the keyspace in use. */
export interface NameScope {
  readonly schema: Schema;
  readonly keyspace: string | null;
}

/** The colours of an input as it is typed: tokens of CQL, names told by whether the schema knows them, commands. */
export function styleInput(text: string, scope: NameScope): StyledSpan[] {
  if (isCommandLine(text)) return styleCommand(text);
  const spans = tokenize(text);
  const known = knownNames(
    spans.filter((span) => span.kind === 'name').map((span) => nameText(text.slice(span.start, span.end))),
    scope,
  );
  return spans.map(({ kind, start, end }) => {
    if (kind !== 'name') return { start, end, style: kind };
    return { start, end, style: known.has(nameText(text.slice(start, end))) ? 'known-name' : 'name' };
  });
}

function styleCommand(text: string): StyledSpan[] {
  const word = /^\s*(\\e|[?!]|\.?[A-Za-z]+)/.exec(text);
  if (word === null) return [];
  const start = word[0].length - word[1].length;
  const spans: StyledSpan[] = [{ start, end: word[0].length, style: isKnownCommand(text) ? 'command' : 'error' }];
  for (const match of text.slice(word[0].length).matchAll(/'(?:[^']|'')*'?|"[^"]*"?/g)) {
    const from = word[0].length + match.index;
    spans.push({ start: from, end: from + match[0].length, style: 'string' });
  }
  return spans;
}

function isKnownCommand(text: string): boolean {
  try {
    return findCommand(text) !== null;
  } catch {
    return false;
  }
}

/** Of the names in the text, those that are keyspaces, tables, types, or columns of tables that the text names. */
function knownNames(names: readonly string[], { schema, keyspace }: NameScope): ReadonlySet<string> {
  const known = new Set<string>();
  const spaces = new Set(keyspace === null ? [] : [keyspace]);
  for (const name of names) {
    if (!schema.keyspaces.has(name)) continue;
    known.add(name);
    spaces.add(name);
  }
  for (const space of spaces) {
    for (const name of names) {
      const table = findTable(schema, space, name);
      if (table !== undefined) {
        known.add(name);
        for (const column of table.columns.keys()) known.add(column);
      }
      if (schema.keyspaces.get(space)?.types.has(name) === true) known.add(name);
    }
  }
  return known;
}

function nameText(image: string): string {
  return image.startsWith('"') ? image.slice(1, -1).replaceAll('""', '"') : image.toLowerCase();
}
