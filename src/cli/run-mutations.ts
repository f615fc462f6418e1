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
  let written = 0;
  const write = async ({ value, place }: PlacedMutation): Promise<void> => {
    try {
      await commands.write(value);
      written++;
    } catch (error) {
      if (!(error instanceof CqlError)) throw error;
      const before = written === 0 ? 'nothing was written' : `${written} written before it`;
      throw new CqlError(error.kind, `${place}: ${error.message} (${before})`, { cause: error });
    }
  };
  for (const [i, text] of texts.entries()) {
    const place = texts.length === 1 ? '--mutation' : `--mutation ${i + 1}`;
    if (text.trim() === '') throw new UsageError(`${place}: a mutation is expected, as JSON`);
    for (const mutation of mutationsOf(text, place)) await write(mutation);
  }
  if (file !== undefined) for (const mutation of mutationsOf(textOf(file), file)) await write(mutation);
}

interface PlacedMutation {
  readonly value: unknown;
  /** Where it stands, for messages. */
  readonly place: string;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new UsageError(`--mutations-file ${file} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EISDIR') return 'it is a directory';
  return error instanceof Error ? error.message : String(error);
}

/** All are read before the first is written: a text that is not JSON leaves nothing behind. */
function mutationsOf(text: string, place: string): readonly PlacedMutation[] {
  const whole = parsed(text);
  if (whole.ok) {
    if (!Array.isArray(whole.value)) return [{ value: whole.value, place }];
    return whole.value.map((value, i) => ({ value, place: `${place}, mutation ${i + 1}` }));
  }
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (trimmed.startsWith('[') || !trimmed.includes('\n')) {
    throw CqlError.invalidRequest(`${place}: not JSON: ${whole.message}`);
  }
  // Not one JSON value: an object a line.
  return text.split('\n').flatMap((line, i): PlacedMutation[] => {
    if (line.trim() === '' || line.trim().startsWith('#')) return [];
    const one = parsed(line);
    if (!one.ok) throw CqlError.invalidRequest(`${place}, line ${i + 1}: not JSON: ${one.message}`);
    return [{ value: one.value, place: `${place}, line ${i + 1}` }];
  });
}

function parsed(text: string): { ok: true; value: unknown } | { ok: false; message: string } {
  try {
    return { ok: true, value: parseJson(text) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
