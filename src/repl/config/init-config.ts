import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../../errors/index.ts';
import { configPath, OPTIONS } from './config.ts';

/** Writes a config.toml in which every option stands with its default, commented out; returns where. */
export function initConfig(environment: NodeJS.ProcessEnv = process.env): string {
  const path = configPath(environment);
  if (existsSync(path)) throw new UsageError(`${path} exists already; it is left as it is`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, configText());
  return path;
}

export function configText(): string {
  let text = '# Cassette’s shell. Options stand with their defaults: take the # away to change one.\n';
  let section = '';
  for (const option of OPTIONS) {
    if (option.section !== section) {
      section = option.section;
      text += `\n[${section}]\n`;
    }
    text += `# ${option.comment}\n# ${option.key} = ${option.shown}\n`;
  }
  return text;
}
