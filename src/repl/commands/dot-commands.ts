import { spawnSync } from 'node:child_process';
import { FORMAT_NAMES, type FormatName } from '../../output/index.ts';
import type { MaintenanceCommands } from '../../session/session.ts';
import { groupDigits, inBytes, type ProgressReport } from '../progress.ts';
import { filePath } from './files.ts';
import { CommandError, type CommandOutcome, type ShellCommand, type ShellContext } from './shell-command.ts';

export const mode: ShellCommand = {
  names: ['.mode'],
  syntax: `.mode [${FORMAT_NAMES.join(' | ')}]`,
  summary: 'how results are shown',
  argument: FORMAT_NAMES,
  run(context, argument) {
    if (argument === '') {
      context.print(`mode: ${context.settings.format}`);
      return 'continue';
    }
    context.settings.format = byPrefix('mode', argument, FORMAT_NAMES);
    return 'continue';
  },
};

export const timer: ShellCommand = {
  names: ['.timer'],
  syntax: '.timer [on | off]',
  summary: 'show the time that each statement took',
  argument: ['on', 'off'],
  run(context, argument) {
    turn(context, '.timer', 'timer', argument);
    return 'continue';
  },
};

export const explain: ShellCommand = {
  names: ['.explain'],
  syntax: '.explain [on | off]',
  summary: 'show the plan before each SELECT',
  argument: ['on', 'off'],
  run(context, argument) {
    turn(context, '.explain', 'explain', argument);
    return 'continue';
  },
};

export const nullValue: ShellCommand = {
  names: ['.nullvalue'],
  syntax: '.nullvalue TEXT',
  summary: 'what stands for null',
  run(context, argument) {
    context.settings.nullText = argument.replace(/^(['"])(.*)\1$/, '$2');
    return 'continue';
  },
};

export const width: ShellCommand = {
  names: ['.width'],
  syntax: '.width FLOAT_DIGITS [DOUBLE_DIGITS]',
  summary: 'significant digits of float and double in tables',
  run(context, argument) {
    const digits = argument.split(/\s+/).filter((word) => word !== '');
    if (digits.length === 0) {
      context.print(`float ${context.settings.floatPrecision}, double ${context.settings.doublePrecision}`);
      return 'continue';
    }
    if (digits.length > 2 || !digits.every((word) => /^\d{1,2}$/.test(word))) {
      throw new CommandError('.width takes one or two numbers of digits');
    }
    const [floats, doubles] = digits.map(Number);
    context.settings.floatPrecision = floats;
    context.settings.doublePrecision = doubles ?? floats;
    return 'continue';
  },
};

export const dialect: ShellCommand = {
  names: ['.dialect'],
  syntax: '.dialect [strict | explore]',
  summary: 'answer exactly as Cassandra, or also what it refuses',
  argument: ['strict', 'explore'],
  run(context, argument) {
    if (argument === '') context.print(`dialect: ${context.settings.dialect ?? context.session.dialect}`);
    else context.settings.dialect = byPrefix('dialect', argument, ['strict', 'explore'] as const);
    return 'continue';
  },
};

export const open: ShellCommand = {
  names: ['.open'],
  syntax: '.open PATH',
  summary: 'close this database and open another',
  argument: 'file',
  async run(context, argument): Promise<CommandOutcome> {
    await context.reopen(filePath(context, argument));
    return 'continue';
  },
};

export const flush: ShellCommand = {
  names: ['.flush'],
  syntax: '.flush',
  summary: 'write memtables to SSTables',
  async run(context): Promise<CommandOutcome> {
    const flushed = await maintenance(context).flush();
    for (const sstable of flushed) {
      context.print(
        `${sstable.path}: ${groupDigits(sstable.partitions)} partitions, ${groupDigits(sstable.rows)} rows, ${inBytes(sstable.bytes)}`,
      );
    }
    if (flushed.length === 0) context.print('nothing to flush');
    return 'continue';
  },
};

export const compact: ShellCommand = {
  names: ['.compact'],
  syntax: '.compact [KEYSPACE.TABLE]',
  summary: 'full compaction',
  argument: 'table',
  async run(context, argument): Promise<CommandOutcome> {
    const commands = maintenance(context);
    context.follow?.(() => compactionProgress(commands));
    const report = await commands.compact(argument === '' ? null : qualifiedTable(context, argument));
    context.print(
      `${groupDigits(report.partitions)} partitions, ${groupDigits(report.rows)} rows, ` +
        `${inBytes(report.bytesRead)} read, ${inBytes(report.bytesWritten)} written`,
    );
    return 'continue';
  },
};

/** Input that was read, of all there is of the table that is compacted now; no bar while none is. */
function compactionProgress(commands: MaintenanceCommands): ProgressReport {
  const running = commands.compacting();
  if (running === null) return { label: '.compact' };
  const { keyspace, table, rows, bytesRead, inputBytes } = running;
  return {
    label: `.compact ${keyspace}.${table}`,
    rows,
    bytes: bytesRead,
    totalBytes: inputBytes,
    fraction: inputBytes === 0 ? undefined : Math.min(1, bytesRead / inputBytes),
  };
}

export const stats: ShellCommand = {
  names: ['.stats'],
  syntax: '.stats',
  summary: 'tables, SSTables, memtable, WAL',
  async run(context): Promise<CommandOutcome> {
    const statistics = await maintenance(context).stats();
    const header = ['table', 'SSTables', 'size', 'partitions', 'rows', 'in memtable'];
    const rows = statistics.tables.map((table) => [
      `${table.keyspace}.${table.table}`,
      groupDigits(table.sstables),
      inBytes(table.bytes),
      `~${groupDigits(table.estimatedPartitions)}`,
      groupDigits(table.rows),
      groupDigits(table.memtableRows),
    ]);
    if (rows.length > 0) context.show(`\n${alignedTable(header, rows)}\n`);
    context.show(`memtables ${inBytes(statistics.memtableBytes)}, WAL ${inBytes(statistics.walBytes)}`);
    return 'continue';
  },
};

/** The first column to the left, numbers to the right, as results are laid out. */
function alignedTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]): string =>
    ` ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')}`;
  const rule = `-${widths.map((width) => '-'.repeat(width)).join('-+-')}-`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

export const sstables: ShellCommand = {
  names: ['.sstables'],
  syntax: '.sstables [TABLE]',
  summary: 'the SSTables that are open (SELECT … FROM cassette.sstables)',
  argument: 'table',
  async run(context, argument): Promise<CommandOutcome> {
    const where = argument === '' ? '' : ` WHERE table_name = '${argument.replaceAll("'", "''")}'`;
    await context.runCql(`SELECT * FROM cassette.sstables${where}`);
    return 'continue';
  },
};

export const shell: ShellCommand = {
  names: ['.shell', '.system', '!'],
  syntax: '.shell COMMAND',
  summary: 'run a program',
  usesTerminal: true,
  run(context, argument) {
    if (argument === '') throw new CommandError('.shell needs a command');
    const { signal } = spawnSync(argument, { shell: true, stdio: 'inherit' });
    // Ctrl-C left its ^C on the line.
    if (signal === 'SIGINT') context.print('');
    return 'continue';
  },
};

function maintenance(context: ShellContext) {
  const commands = context.session.maintenance;
  if (commands === undefined) throw new CommandError('this works on files only, not on a cluster');
  return commands;
}

function qualifiedTable(context: ShellContext, text: string): { keyspace: string; name: string } {
  const [first, second] = text.split('.');
  if (second !== undefined) return { keyspace: first, name: second };
  if (context.session.keyspace === null) throw new CommandError(`no keyspace is in use: write KEYSPACE.${first}`);
  return { keyspace: context.session.keyspace, name: first };
}

/** `on`, `off`, or the other of both, which is then told. */
export function turn(
  context: ShellContext,
  name: string,
  setting: 'timer' | 'explain' | 'typeRow',
  argument: string,
): void {
  const { settings } = context;
  const word = argument.toLowerCase();
  if (word !== '' && word !== 'on' && word !== 'off') throw new CommandError(`${name} takes on or off`);
  settings[setting] = word === '' ? !settings[setting] : word === 'on';
  if (word === '') context.print(`${name} is ${settings[setting] ? 'on' : 'off'}`);
}

/** The one name that begins with what was typed. */
function byPrefix<T extends FormatName | 'strict' | 'explore'>(what: string, typed: string, names: readonly T[]): T {
  const exact = names.find((name) => name === typed.toLowerCase());
  const candidates = exact === undefined ? names.filter((name) => name.startsWith(typed.toLowerCase())) : [exact];
  if (candidates.length > 1) throw new CommandError(`${what} ${typed} is ambiguous: ${candidates.join(', ')}`);
  if (candidates.length === 0) throw new CommandError(`${what} is one of ${names.join(', ')}`);
  return candidates[0];
}
