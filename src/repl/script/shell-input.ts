import { type SplitStatement, StatementSplitter } from '../../parser/splitter.ts';
import { COMMAND_WORDS } from '../commands/index.ts';

/** What a script or the prompt is made of. */
export type InputItem =
  | { readonly kind: 'cql'; readonly statement: SplitStatement }
  | { readonly kind: 'command'; readonly text: string; readonly line: number };

/** Where a command of the shell may begin: a line, or behind a semicolon. Inside statements and strings it is none. */
const CANDIDATE = new RegExp(
  `(?:^|;)[ \\t]*(?=\\.[a-z]|\\\\e\\b|[!?]|(?:${[...COMMAND_WORDS].join('|')})(?![\\w(]))`,
  'gim',
);

const COMMAND_START = new RegExp(`^(?:${[...COMMAND_WORDS].join('|')}|COPY)(?![\\w(])`, 'i');

/**
 * Cuts input into CQL statements, which end at `;`, and commands of the shell, which also end at a line end. Text goes in
 * by chunks; a line is only looked at once it is whole.
 */
export class ShellInput {
  private readonly splitter: StatementSplitter;
  /** Text not yet given to the splitter. */
  private pending = '';
  private line = 1;
  private ended = false;

  constructor(options: { readonly tellsEmptyLines?: boolean } = {}) {
    this.splitter = new StatementSplitter(options);
  }

  push(text: string): void {
    this.pending += text;
  }

  end(): void {
    this.ended = true;
  }

  /** Takes back the statement that `next` just returned from `offset` on. */
  resumeAt(offset: number): void {
    this.splitter.resumeAt(offset);
  }

  /** All that was pushed has come out: nothing is half-way. */
  get isBetweenItems(): boolean {
    return this.pending.trim() === '' && this.splitter.isBetweenStatements;
  }

  next(): InputItem | null {
    for (;;) {
      const statement = this.splitter.next();
      if (statement !== null) return itemOf(statement);
      if (this.pending === '') {
        if (!this.ended) return null;
        this.splitter.end();
        const last = this.splitter.next();
        return last === null ? null : itemOf(last);
      }
      const candidate = this.findCandidate();
      if (candidate > 0) this.feed(candidate);
      else if (candidate === 0 && this.splitter.isBetweenStatements) {
        const command = this.takeCommand();
        if (command === null) return null;
        return command;
      } else {
        // Whole lines only, so that a command's word is never cut.
        const end = this.ended ? this.pending.length : this.pending.lastIndexOf('\n') + 1;
        const next = candidate === 0 ? this.pending.indexOf('\n') + 1 || end : end;
        if (next === 0) return null;
        this.feed(next);
      }
    }
  }

  /** Where in `pending` the first command may begin: behind its line start or semicolon; -1 for nowhere. */
  private findCandidate(): number {
    CANDIDATE.lastIndex = 0;
    const match = CANDIDATE.exec(this.pending);
    return match === null ? -1 : match.index + match[0].length - (/[ \t]*$/.exec(match[0])?.[0].length ?? 0);
  }

  private feed(length: number): void {
    const text = this.pending.slice(0, length);
    this.pending = this.pending.slice(length);
    this.countLines(text);
    this.splitter.push(text);
  }

  /** The command up to its line end or semicolon; null when its line is not whole yet. */
  private takeCommand(): InputItem | null {
    const end = commandEnd(this.pending);
    if (end === -1 && !this.ended) return null;
    const text = end === -1 ? this.pending : this.pending.slice(0, end);
    const line = this.line;
    const taken = end === -1 ? this.pending.length : end + 1;
    // Line ends still count for the statements that follow.
    if (this.pending[taken - 1] === '\n') this.splitter.push('\n');
    this.countLines(this.pending.slice(0, taken));
    this.pending = this.pending.slice(taken);
    return { kind: 'command', text: text.trim(), line };
  }

  private countLines(text: string): void {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.line++;
  }
}

/** A command behind a comment on its line, or with its own semicolon, comes out of the splitter as a statement. */
function itemOf(statement: SplitStatement): InputItem {
  return COMMAND_START.test(statement.text)
    ? { kind: 'command', text: statement.text, line: statement.line }
    : { kind: 'cql', statement };
}

/** The `;` or line end that ends a command, outside quotes; dot and shell commands take the whole line. */
function commandEnd(text: string): number {
  const wholeLine = /^\s*[.!]/.test(text);
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '\n') return i;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if (character === ';' && !wholeLine) return i;
  }
  return -1;
}

/** Whether Enter may run an input: every statement has its semicolon, every command its line. */
export function isCompleteInput(text: string): boolean {
  const input = new ShellInput();
  input.push(`${text}\n`);
  while (input.next() !== null);
  return input.isBetweenItems;
}
