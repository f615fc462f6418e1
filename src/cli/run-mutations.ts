import { readFileSync } from 'node:fs';
import { CqlError, UsageError } from '../errors/index.ts';
import type { Session } from '../session/session.ts';
import { parseJson } from '../types/index.ts';

/** `--mutation JSON` (repeatable) and `--mutations-file FILE`: a JSON array, or an object a line. Applied in order. */
export async function runMutations(
  session: Session,
  texts: readonly string[],
  file: string | undefined,
): Promise<void> {
  const commands = session.maintenance;
  if (commands === undefined) throw new UsageError('mutations are written to files, not to a cluster');
  for (const [i, text] of texts.entries()) {
    for (const mutation of mutationsOf(text, `--mutation ${i + 1}`)) await commands.write(mutation);
  }
  if (file !== undefined) {
    const text = readFileSync(file, 'utf8');
    for (const mutation of mutationsOf(text, file)) await commands.write(mutation);
  }
}

function mutationsOf(text: string, place: string): readonly unknown[] {
  const whole = parsed(text);
  if (whole.ok) return Array.isArray(whole.value) ? whole.value : [whole.value];
  // Not one JSON value: an object a line.
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '' || line.trim().startsWith('#')) return [];
    const one = parsed(line);
    if (!one.ok) throw CqlError.invalidRequest(`${place}, line ${i + 1}: not JSON: ${one.message}`);
    return [one.value];
  });
}

function parsed(text: string): { ok: true; value: unknown } | { ok: false; message: string } {
  try {
    return { ok: true, value: parseJson(text) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
