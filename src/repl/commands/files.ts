import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { CommandError, type CommandOutcome, type ShellCommand, type ShellContext } from './shell-command.ts';

/** A file name as shell commands take it: quoted or bare, `~` for the home directory, relative to the script. */
export function filePath(context: ShellContext, argument: string): string {
  const quoted = /^'((?:[^']|'')*)'$|^"([^"]*)"$/.exec(argument);
  const name = quoted === null ? argument : (quoted[1]?.replaceAll("''", "'") ?? quoted[2]);
  if (name === '') throw new CommandError('a file name is needed');
  const expanded = name === '~' || name.startsWith('~/') ? join(homedir(), name.slice(1)) : name;
  return isAbsolute(expanded) ? expanded : join(context.directory, expanded);
}

export const capture: ShellCommand = {
  names: ['CAPTURE'],
  syntax: "CAPTURE ['file' | OFF]",
  summary: 'append results to a file as well',
  argument: 'file',
  run(context, argument) {
    const { path } = context.capture;
    if (argument === '') {
      context.print(
        path === null ? 'Currently not capturing query output.' : `Currently capturing query output to '${path}'.`,
      );
    } else if (argument.toUpperCase() === 'OFF') {
      if (path === null) context.print('Currently not capturing query output.');
      context.capture.stop();
    } else if (path !== null) {
      context.print(`Already capturing output to ${path}. Use CAPTURE OFF to disable.`);
    } else {
      const target = filePath(context, argument);
      context.capture.start(target);
      context.print(`Now capturing query output to '${target}'.`);
    }
    return 'continue';
  },
};

export const source: ShellCommand = {
  names: ['SOURCE', '.read'],
  syntax: "SOURCE 'file'",
  summary: 'run the statements and commands of a file; errors do not stop it',
  argument: 'file',
  async run(context, argument): Promise<CommandOutcome> {
    await context.runFile(filePath(context, argument));
    return 'continue';
  },
};

export const output: ShellCommand = {
  names: ['.output'],
  syntax: '.output [FILE | |command]',
  summary: 'send results to a file or a program; without a name back to the screen',
  argument: 'file',
  run(context, argument) {
    redirect(context, argument, false);
    return 'continue';
  },
};

export const once: ShellCommand = {
  names: ['.once'],
  syntax: '.once FILE | |command',
  summary: 'send the next result to a file or a program',
  argument: 'file',
  run(context, argument) {
    if (argument === '') throw new CommandError('.once needs a file or |command');
    redirect(context, argument, true);
    return 'continue';
  },
};

function redirect(context: ShellContext, argument: string, onlyOnce: boolean): void {
  if (argument === '' || argument === 'stdout') context.redirect({ kind: 'stdout' });
  else if (argument.startsWith('|')) {
    context.redirect({ kind: 'pipe', command: argument.slice(1).trim(), once: onlyOnce });
  } else context.redirect({ kind: 'file', path: filePath(context, argument), once: onlyOnce });
}
