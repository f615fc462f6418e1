import { copy } from './copy.ts';
import * as dot from './dot-commands.ts';
import { dump } from './dump.ts';
import { capture, once, output, source } from './files.ts';
import { importRows } from './import.ts';
import * as screen from './screen-commands.ts';
import * as session from './session-commands.ts';
import { CommandError, type CommandOutcome, type ShellCommand, type ShellContext } from './shell-command.ts';
import * as switches from './switches.ts';

export {
  type ArgumentKind,
  CommandError,
  type CommandOutcome,
  defaultSettings,
  type ShellCommand,
  type ShellContext,
  type ShellSettings,
} from './shell-command.ts';

const help: ShellCommand = {
  names: ['HELP', '?', '.help'],
  syntax: 'HELP [topic]',
  summary: 'commands, or a CQL statement with its syntax and an example',
  argument: 'topic',
  async run(context, argument): Promise<CommandOutcome> {
    if (argument !== '') {
      const { helpTopic } = await import('../help/topics.ts');
      const text = helpTopic(argument) ?? commandHelp(argument);
      if (text === null) throw new CommandError(`No help on '${argument}'. HELP lists the topics.`);
      printHelp(context, text);
      return 'continue';
    }
    const { topicNames } = await import('../help/topics.ts');
    const lines = SHELL_COMMANDS.map((command) => overviewLine(command, context.columns));
    context.print(`\nCommands:\n${lines.join('\n')}`);
    context.print(`\nCQL topics (HELP topic):\n${session.inColumns(topicNames(), context.columns)}\n`);
    return 'continue';
  },
};

/** Prose as prose, and what is indented as CQL. */
function printHelp(context: ShellContext, text: string): void {
  const isCode = (line: string): boolean => line.startsWith('    ');
  let block: string[] = [];
  const flush = (): void => {
    if (block.length > 0) (isCode(block[0]) ? context.printCql : context.print).call(context, block.join('\n'));
    block = [];
  };
  for (const line of text.split('\n')) {
    if (block.length > 0 && isCode(line) !== isCode(block[0])) flush();
    block.push(line);
  }
  flush();
}

const SYNTAX_WIDTH = 36;

/** Syntax and summary side by side; a long syntax has the line to itself, on a narrow terminal every one. */
function overviewLine({ syntax, summary }: ShellCommand, columns: number): string {
  if (columns < 2 * SYNTAX_WIDTH) return `  ${syntax}\n      ${summary}`;
  const gap =
    syntax.length <= SYNTAX_WIDTH ? ' '.repeat(SYNTAX_WIDTH - syntax.length) : `\n${' '.repeat(SYNTAX_WIDTH + 2)}`;
  return `  ${syntax}${gap}  ${summary}`;
}

/** Every command of the shell, in the order that HELP lists them. */
export const SHELL_COMMANDS: readonly ShellCommand[] = [
  help,
  session.describe,
  copy,
  switches.expand,
  switches.paging,
  switches.tracing,
  switches.elapsed,
  switches.consistency,
  switches.serialConsistency,
  capture,
  source,
  session.show,
  session.history,
  session.login,
  session.unicode,
  session.clear,
  session.exit,
  session.tables,
  session.schema,
  dot.mode,
  output,
  once,
  dot.timer,
  dot.explain,
  screen.chart,
  screen.pager,
  screen.typeRow,
  dot.nullValue,
  dot.width,
  dot.dialect,
  dot.sstables,
  dot.stats,
  dot.flush,
  dot.compact,
  importRows,
  dump,
  dot.open,
  session.edit,
  dot.shell,
];

/** First words of commands that end at a line end and need no `;`. COPY may span lines and needs it. */
export const COMMAND_WORDS: ReadonlySet<string> = new Set(
  SHELL_COMMANDS.flatMap((command) => command.names).filter((name) => /^[A-Z]+$/.test(name) && name !== 'COPY'),
);

const COMMAND_LINE = new RegExp(
  `^\\s*(?:\\.[a-z]|\\\\e\\b|[!?]|(?:${[...COMMAND_WORDS, 'COPY'].join('|')})(?![\\w(]))`,
  'i',
);

/** Whether a text begins with a command of the shell and not with CQL. */
export function isCommandLine(text: string): boolean {
  return COMMAND_LINE.test(text);
}

/** The command that a line begins, or null for CQL. Dot commands may be shortened to an unambiguous prefix. */
export function findCommand(line: string): { command: ShellCommand; argument: string } | null {
  const match = /^\s*(\.[a-z]+|\\e|[?!]|[A-Za-z]+)\s*([\s\S]*?)\s*;?\s*$/.exec(line);
  if (match === null) return null;
  const [, word, argument] = match;
  if (word.startsWith('.')) return { command: dotCommand(word), argument };
  const name = word.toUpperCase();
  const command = SHELL_COMMANDS.find((candidate) => candidate.names.includes(name) || candidate.names.includes(word));
  return command === undefined ? null : { command, argument };
}

export async function runCommand(context: ShellContext, line: string): Promise<CommandOutcome> {
  const found = findCommand(line);
  if (found === null) throw new CommandError(`not a command: ${line}`);
  return found.command.run(context, found.argument);
}

function dotCommand(word: string): ShellCommand {
  const named = SHELL_COMMANDS.filter((command) => command.names.some((name) => name.startsWith(word)));
  const exact = named.find((command) => command.names.includes(word));
  if (exact !== undefined) return exact;
  if (named.length === 1) return named[0];
  if (named.length === 0) throw new CommandError(`unknown command ${word}; .help lists them`);
  const candidates = named.flatMap((command) => command.names.filter((name) => name.startsWith(word)));
  throw new CommandError(`${word} is ambiguous: ${candidates.join(', ')}`);
}

function commandHelp(topic: string): string | null {
  const found = findCommand(topic);
  return found === null ? null : `\n  ${found.command.syntax}\n\n  ${found.command.summary}\n`;
}
