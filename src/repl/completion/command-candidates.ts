import { copyOptionNames } from '../../transfer/copy/copy-options.ts';
import { type ArgumentKind, SHELL_COMMANDS, type ShellCommand } from '../commands/index.ts';
import { topicNames } from '../help/topics.ts';
import type { Candidate } from './candidate.ts';
import { fileCandidates } from './file-candidates.ts';
import {
  type CompletionScope,
  columnCandidate,
  keyspaceCandidates,
  resolveTable,
  tableCandidates,
} from './schema-candidates.ts';

/** What is typed of a word, and what it may become. */
export interface WordCompletion {
  readonly prefix: string;
  readonly candidates: readonly Candidate[];
}

/** First words of shell commands; those with a dot only when one was typed. */
export function commandNameCandidates(withDot: boolean): Candidate[] {
  return SHELL_COMMANDS.flatMap((command) =>
    command.names
      .filter((name) => (withDot ? name.startsWith('.') : /^[A-Z]+$/.test(name)))
      .map((name): Candidate => ({ kind: 'command', label: name, insert: `${name} `, detail: command.summary })),
  );
}

/** Candidates for a command's argument; `typed` is what stands behind its name. */
export function argumentCandidates(command: ShellCommand, typed: string, scope: CompletionScope): WordCompletion {
  if (command.names.includes('COPY')) {
    const words = copyColumns(typed, scope) ?? copyWords(typed);
    if (words !== null) return words;
  }
  const kind = argumentKind(command, typed);
  const word = /\S*$/.exec(typed)?.[0] ?? '';
  if (kind === 'file') return fileArgument(typed, scope);
  if (kind === undefined) return { prefix: word, candidates: [] };
  if (kind === 'topic') {
    const topics = topicNames().map((name): Candidate => ({ kind: 'topic', label: name, insert: name, detail: 'CQL' }));
    return { prefix: typed, candidates: [...topics, ...commandNameCandidates(false)] };
  }
  if (kind === 'table') {
    const [first, second] = word.split('.');
    if (second === undefined) return { prefix: word, candidates: tableCandidates(scope, undefined, true) };
    return { prefix: second, candidates: tableCandidates(scope, first, true) };
  }
  if (kind === 'keyspace') return { prefix: word, candidates: keyspaceCandidates(scope) };
  const words = kind.filter((text) => text.toUpperCase().startsWith(typed.toUpperCase()));
  return {
    prefix: typed,
    candidates: words.map((text): Candidate => ({ kind: 'value', label: text, insert: text, detail: '' })),
  };
}

/** COPY takes a table, then words, then a file, then options; other commands take one kind of argument. */
function argumentKind(command: ShellCommand, typed: string): ArgumentKind | undefined {
  if (!command.names.includes('COPY')) return command.argument;
  if (/\b(?:to|from)\s+(?:'[^']*)?$/i.test(typed)) return 'file';
  return /^\s*[\w.]*$/.test(typed) ? 'table' : undefined;
}

/** The columns that COPY's list does not name yet; null outside of it. */
function copyColumns(typed: string, scope: CompletionScope): WordCompletion | null {
  const [, keyspace, name, list] = /^\s*(?:(\w+)\s*\.\s*)?(\w+)\s*\(([^)]*)$/.exec(typed) ?? [];
  if (list === undefined) return null;
  const table = resolveTable(scope, { keyspace, name });
  const words = list.split(',').map((word) => word.trim());
  const prefix = words.pop() ?? '';
  const columns = table === undefined ? [] : [...table.columns.values()];
  return { prefix, candidates: columns.filter((column) => !words.includes(column.name)).map(columnCandidate) };
}

/** TO and FROM behind the table, WITH behind the file, then the options of the direction; null elsewhere. */
function copyWords(typed: string): WordCompletion | null {
  const prefix = /\w*$/.exec(typed)?.[0] ?? '';
  const before = typed.slice(0, typed.length - prefix.length);
  const keyword = (text: string): Candidate => ({ kind: 'keyword', label: text, insert: `${text} ` });
  if (/^[\w."]+\s*(?:\([^)]*\))?\s+$/.test(before)) return { prefix, candidates: [keyword('TO'), keyword('FROM')] };
  const file = /\b(to|from)\s+(?:'[^']*'|stdin|stdout)\s+([\s\S]*)$/i.exec(before);
  if (file === null) return null;
  if (!/\bwith\b/i.test(file[2])) return { prefix, candidates: [keyword('WITH')] };
  if (!/\b(?:with|and)\s+$/i.test(file[2])) return { prefix, candidates: copyValues(file[2]) ?? [keyword('AND')] };
  const names = copyOptionNames(file[1].toLowerCase() === 'to' ? 'to' : 'from');
  return {
    prefix,
    candidates: names.map((name) => ({ kind: 'option', label: name, insert: `${name} = `, detail: '' })),
  };
}

/** Values of an option that has few; none for others; null where no value stands. */
function copyValues(options: string): Candidate[] | null {
  const [, name] = /(\w+)\s*=\s*$/.exec(options) ?? [];
  if (name === undefined) return null;
  const values = name.toUpperCase() === 'HEADER' ? ['true', 'false'] : [];
  return values.map((value) => ({ kind: 'value', label: value, insert: `${value} `, detail: '' }));
}

/** A file name, quoted or not: the quote stays, and is closed behind a file. */
function fileArgument(typed: string, scope: CompletionScope): WordCompletion {
  const quoted = /(['"])([^'"]*)$/.exec(typed);
  if (quoted !== null) return { prefix: quoted[2], candidates: fileCandidates(quoted[2], scope.directory, quoted[1]) };
  const word = /\S*$/.exec(typed)?.[0] ?? '';
  return { prefix: word, candidates: fileCandidates(word, scope.directory, '') };
}
