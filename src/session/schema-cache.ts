import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Schema } from '../schema/model/index.ts';
import { schemaFromJson, schemaSourceHash, schemaToJson } from '../schema/sources/index.ts';

export interface ReadSchema {
  readonly schema: Schema;
  readonly problems: readonly string[];
}

/**
 * A schema from CQL text, without building a parser when the same text was read before: the parsed form is kept under the
 * text's hash in the user's cache directory. Text with problems is parsed each time, so that they are told each time.
 */
export async function readSchemaText(text: string): Promise<ReadSchema> {
  const hash = schemaSourceHash(text);
  const path = join(cacheDirectory(), `schema-${hash}.json`);
  const cached = readCached(path, hash);
  if (cached !== null) return { schema: cached, problems: [] };
  const { schemaFromCql } = await import('../schema/sources/cql-source.ts');
  const { schema, problems } = schemaFromCql(text);
  if (problems.length === 0) writeCached(path, schemaToJson(schema, hash));
  return {
    schema,
    problems: problems.map((problem) => {
      const line = problem.position === undefined ? '' : `line ${problem.position.line}: `;
      return `${line}${problem.kind}: ${problem.message}`;
    }),
  };
}

function cacheDirectory(): string {
  return process.env['CASSETTE_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'cassette');
}

function readCached(path: string, hash: string): Schema | null {
  try {
    return schemaFromJson(readFileSync(path, 'utf8'), hash);
  } catch {
    return null;
  }
}

/** Other processes may write the same file: each writes its own and renames it. A cache that cannot be written is none. */
function writeCached(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const own = `${path}.${process.pid}`;
    writeFileSync(own, text);
    renameSync(own, path);
  } catch {
    // Read-only home, full disk: the next start parses again.
  }
}
