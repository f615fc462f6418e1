import { CommandError, type ShellCommand, type ShellContext, type ShellSettings } from './shell-command.ts';

type SwitchName = 'expand' | 'tracing' | 'paging' | 'timer';

/** `NAME`, `NAME ON`, `NAME OFF` with cqlsh's answers. */
function toggle(context: ShellContext, title: string, setting: SwitchName, argument: string): void {
  const { settings } = context;
  const word = argument.toUpperCase();
  if (word === '') {
    context.print(`${title} is ${settings[setting] ? 'ON' : 'OFF'}`);
    return;
  }
  if (word !== 'ON' && word !== 'OFF') throw new CommandError(`Improper ${title} command.`);
  const wanted = word === 'ON';
  if (settings[setting] === wanted) context.print(`${title} is already ${word}`);
  else {
    settings[setting] = wanted;
    context.print(`${title} set to ${word}`);
  }
}

export const expand: ShellCommand = {
  names: ['EXPAND'],
  syntax: 'EXPAND [ON | OFF]',
  summary: 'show each row as lines of name and value',
  argument: ['ON', 'OFF'],
  run(context, argument) {
    toggle(context, 'EXPAND', 'expand', argument);
    return 'continue';
  },
};

export const tracing: ShellCommand = {
  names: ['TRACING'],
  syntax: 'TRACING [ON | OFF]',
  summary: 'show what the engine did for each statement, with times',
  argument: ['ON', 'OFF'],
  run(context, argument) {
    toggle(context, 'TRACING', 'tracing', argument);
    return 'continue';
  },
};

export const elapsed: ShellCommand = {
  names: ['ELAPSED'],
  syntax: 'ELAPSED [ON | OFF]',
  summary: 'show the time that each statement took',
  argument: ['ON', 'OFF'],
  run(context, argument) {
    toggle(context, 'ELAPSED', 'timer', argument);
    return 'continue';
  },
};

export const paging: ShellCommand = {
  names: ['PAGING'],
  syntax: 'PAGING [ON | OFF | rows]',
  summary: 'show long results page by page',
  argument: ['ON', 'OFF', '100'],
  run(context, argument) {
    if (/^\d+$/.test(argument)) {
      const rows = Number(argument);
      if (rows === 0) throw new CommandError('Improper PAGING command.');
      context.settings.paging = true;
      context.settings.pageSize = rows;
      context.settings.longResults = 'more';
      context.print(`Page size: ${rows}`);
      return 'continue';
    }
    toggle(context, 'PAGING', 'paging', argument);
    if (argument !== '') context.settings.longResults = context.settings.paging ? 'more' : 'all';
    if (context.settings.paging) context.print(`Page size: ${context.settings.pageSize}`);
    return 'continue';
  },
};

const CONSISTENCY_LEVELS = [
  'ANY',
  'ONE',
  'TWO',
  'THREE',
  'QUORUM',
  'ALL',
  'LOCAL_QUORUM',
  'EACH_QUORUM',
  'SERIAL',
  'LOCAL_SERIAL',
  'LOCAL_ONE',
  'NODE_LOCAL',
];

function level(
  context: ShellContext,
  title: string,
  setting: keyof Pick<ShellSettings, 'consistency' | 'serialConsistency'>,
  allowed: readonly string[],
  argument: string,
): void {
  if (argument === '') {
    context.print(`Current ${title} level is ${context.settings[setting]}.`);
    return;
  }
  const word = argument.toUpperCase();
  if (!allowed.includes(word))
    throw new CommandError(`Improper ${title} level '${argument}': one of ${allowed.join(' ')}`);
  context.settings[setting] = word;
  context.print(`${title[0].toUpperCase()}${title.slice(1)} level set to ${word}.`);
}

export const consistency: ShellCommand = {
  names: ['CONSISTENCY'],
  syntax: 'CONSISTENCY [level]',
  summary: 'show or set the consistency level (of clusters)',
  argument: CONSISTENCY_LEVELS,
  run(context, argument) {
    level(context, 'consistency', 'consistency', CONSISTENCY_LEVELS, argument);
    return 'continue';
  },
};

export const serialConsistency: ShellCommand = {
  names: ['SERIAL'],
  syntax: 'SERIAL CONSISTENCY [SERIAL | LOCAL_SERIAL]',
  summary: 'show or set the consistency level of conditional writes',
  argument: ['CONSISTENCY SERIAL', 'CONSISTENCY LOCAL_SERIAL'],
  run(context, argument) {
    const match = /^consistency\b\s*(.*)$/i.exec(argument);
    if (match === null) throw new CommandError('Improper SERIAL CONSISTENCY command.');
    level(context, 'serial consistency', 'serialConsistency', ['SERIAL', 'LOCAL_SERIAL'], match[1]);
    return 'continue';
  },
};
