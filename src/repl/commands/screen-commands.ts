import { turn } from './dot-commands.ts';
import { CommandError, type ShellCommand } from './shell-command.ts';

export const chart: ShellCommand = {
  names: ['CHART', '.chart'],
  syntax: 'CHART [bar | line | histogram | sparkline] [value [label]]',
  summary: 'draw a column of the last result',
  argument: ['bar', 'line', 'histogram', 'sparkline'],
  run(context, argument) {
    context.drawChart(argument);
    return 'continue';
  },
};

export const pager: ShellCommand = {
  names: ['.pager'],
  syntax: '.pager [on | off | cut | more | all]',
  summary: 'what becomes of long results: a pager, both ends, page by page, every row',
  argument: ['on', 'off', 'cut', 'more', 'all'],
  run(context, argument) {
    const { settings } = context;
    switch (argument.toLowerCase()) {
      case '':
        context.print(`long results: ${settings.longResults}`);
        return 'continue';
      case 'on':
        settings.longResults = 'pager';
        return 'continue';
      case 'off':
      case 'cut':
        settings.longResults = 'cut';
        return 'continue';
      case 'more':
        settings.longResults = 'more';
        return 'continue';
      case 'all':
        settings.longResults = 'all';
        return 'continue';
      default:
        throw new CommandError('.pager is one of on, off, cut, more, all');
    }
  },
};

export const typeRow: ShellCommand = {
  names: ['.types'],
  syntax: '.types [on | off]',
  summary: 'a row of types under the header',
  argument: ['on', 'off'],
  run(context, argument) {
    turn(context, '.types', 'typeRow', argument);
    return 'continue';
  },
};
