import { CqlError } from '../errors/index.ts';

/**
 * The grammar that marshal class names share; what a class makes of its arguments is its own business.
 *
 *   node      name ['(' argument (',' argument)* ')']
 *   argument  [name (':' | '=>' | '=')] node
 *   name      characters of A–Z a–z 0–9 . _ + - &
 */
export interface MarshalNode {
  readonly name: string;
  /** Null without parentheses. */
  readonly args: readonly MarshalArgument[] | null;
}

export interface MarshalArgument {
  readonly label: string | null;
  readonly separator: ':' | '=>' | '=' | null;
  readonly node: MarshalNode;
}

/** Deeper nesting than any schema has: a limit against damage. */
const MAX_DEPTH = 200;

/** Throws CqlError SyntaxException. */
export function parseMarshalTree(text: string): MarshalNode {
  const parser = new MarshalParser(text);
  const node = parser.node(0);
  parser.end();
  return node;
}

export function printMarshalTree(node: MarshalNode): string {
  if (node.args === null) return node.name;
  const args = node.args.map(({ label, separator, node: inner }) => {
    return label === null ? printMarshalTree(inner) : `${label}${separator}${printMarshalTree(inner)}`;
  });
  return `${node.name}(${args.join(',')})`;
}

const NAME = /[A-Za-z0-9._+&-]*/y;
const BLANKS = /[ \t\n]*/y;

class MarshalParser {
  private readonly text: string;
  private position = 0;

  constructor(text: string) {
    this.text = text;
  }

  node(depth: number): MarshalNode {
    const name = this.match(NAME);
    if (name === '') this.fail('a class name');
    return { name, args: this.args(depth) };
  }

  end(): void {
    this.match(BLANKS);
    if (this.position !== this.text.length) this.fail('the end');
  }

  private args(depth: number): MarshalArgument[] | null {
    if (depth > MAX_DEPTH) this.fail(`at most ${MAX_DEPTH} levels`);
    if (!this.accept('(')) return null;
    const args: MarshalArgument[] = [];
    if (this.accept(')')) return args;
    do args.push(this.argument(depth + 1));
    while (this.accept(','));
    if (!this.accept(')')) this.fail("',' or ')'");
    return args;
  }

  private argument(depth: number): MarshalArgument {
    const node = this.node(depth);
    const separator = this.separator();
    if (separator === null || node.args !== null) return { label: null, separator: null, node };
    return { label: node.name, separator, node: this.node(depth) };
  }

  private separator(): MarshalArgument['separator'] {
    if (this.accept(':')) return ':';
    if (this.accept('=>')) return '=>';
    return this.accept('=') ? '=' : null;
  }

  private match(pattern: RegExp): string {
    if (pattern !== BLANKS) this.match(BLANKS);
    pattern.lastIndex = this.position;
    const text = pattern.exec(this.text)?.[0] ?? '';
    this.position += text.length;
    return text;
  }

  private accept(mark: string): boolean {
    this.match(BLANKS);
    if (!this.text.startsWith(mark, this.position)) return false;
    this.position += mark.length;
    return true;
  }

  private fail(expected: string): never {
    throw new CqlError(
      'SyntaxException',
      `Syntax error parsing '${this.text}' at char ${this.position}: ${expected} expected`,
    );
  }
}
