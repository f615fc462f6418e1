import { existsSync, readFileSync } from 'node:fs';
import { copyOptionNames } from '../../transfer/copy/copy-options.ts';
import type { ConfiguredOptions } from '../../transfer/copy/copy-statement.ts';
import { filePath } from '../commands/files.ts';
import type { ShellContext } from '../commands/shell-command.ts';
import { cqlshrcPath } from './config.ts';
import { iniSection } from './ini.ts';

/**
 * Options that cqlshrc, or the file of CONFIGFILE, gives COPY (cqlsh 6.2.2, `maybe_read_config_file`): those of `[copy]`,
 * `[copy-to]`, `[copy:ks.t]` and `[copy-to:ks.t]`, the later above the earlier. What they are is said as cqlsh says it.
 */
export function configuredCopyOptions(
  context: ShellContext,
  { direction, table, configFile, isStandardOutput }: Parameters<ConfiguredOptions>[0],
): ReadonlyMap<string, string> {
  const path = configFile === undefined ? cqlshrcPath() : filePath(context, configFile);
  const options = new Map<string, string>();
  if (!existsSync(path)) return options;
  const text = readFileSync(path, 'utf8');
  const name = table === undefined ? null : `${table.keyspace ?? context.session.keyspace ?? ''}.${table.name}`;
  const tableSections = name === null ? [] : [`copy:${name}`, `copy-${direction}:${name}`];
  // A section for both directions may hold what only the other one has.
  const ofOtherDirection = new Set(copyOptionNames(direction === 'to' ? 'from' : 'to'));
  for (const name of copyOptionNames(direction)) ofOtherDirection.delete(name);
  for (const section of ['copy', `copy-${direction}`, ...tableSections]) {
    const found = iniSection(text, section);
    if (found === null) continue;
    const shown = [...found].map(([key, value]) => `'${key}': '${value}'`).join(', ');
    if (!isStandardOutput) context.print(`Reading options from ${path}:[${section}]: {${shown}}`);
    for (const [key, value] of found) {
      if (!ofOtherDirection.has(key.toUpperCase())) options.set(key.toUpperCase(), value);
    }
  }
  return options;
}
