import { quoteIdentifier } from '../../types/index.ts';

const INDENT = '    ';

/** Builds CQL text with indented lines (`cql3/CqlBuilder`, 5.0.8). */
export class CqlWriter {
  private text = '';
  private depth = 0;
  private atLineStart = false;

  append(part: string): this {
    if (this.atLineStart) {
      this.text += INDENT.repeat(this.depth);
      this.atLineStart = false;
    }
    this.text += part;
    return this;
  }

  name(name: string): this {
    return this.append(quoteIdentifier(name));
  }

  newLine(): this {
    this.text += '\n';
    this.atLineStart = true;
    return this;
  }

  indent(): this {
    this.depth++;
    return this;
  }

  outdent(): this {
    this.depth--;
    return this;
  }

  toString(): string {
    return this.text;
  }
}

export function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A map literal with its keys sorted as Java compares strings. */
export function mapLiteral(
  map: ReadonlyMap<string, string>,
  quoteValue: (value: string) => string = quoteString,
): string {
  const entries = [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, value]) => `${quoteString(key)}: ${quoteValue(value)}`).join(', ')}}`;
}
