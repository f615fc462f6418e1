import { isReserved } from '../../../grammar/tokens.ts';
import type { Name, QualifiedName } from '../ast/index.ts';

/** A name as CQL text: in quotes where it was quoted, or where without them it would be another name or none. */
export function printName({ text, quoted }: Name): string {
  return quoted || !isPlain(text) ? quoteName(text) : text;
}

export function printQualified({ keyspace, name }: QualifiedName): string {
  return keyspace === undefined ? printName(name) : `${printName(keyspace)}.${printName(name)}`;
}

function quoteName(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

export function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function isPlain(text: string): boolean {
  return /^[a-z][a-z0-9_]*$/.test(text) && !isReserved(text);
}
