import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CqlError } from '../errors/index.ts';
import type { Schema } from '../schema/model/index.ts';
import { schemaFromJson, schemaSourceHash, schemaToJson } from '../schema/sources/index.ts';
import { cacheDirectory, removeUnused } from './cache-directory.ts';

/** Parsed schemas that are kept: a script of many databases leaves one for each. */
const MOST_FILES = 64;

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

/**
 * Schema texts for an engine, which asks without waiting: what `load` found is at hand, from the cache or parsed; only a
 * text that another process wrote meanwhile needs the parser, which is then loaded.
 */
export class SchemaTexts {
  private readonly known = new Map<string, Schema>();
  private parseText: ((text: string) => { schema: Schema; problems: readonly CqlError[] }) | null = null;

  static async load(path: string): Promise<SchemaTexts> {
    const texts = new SchemaTexts();
    if (!existsSync(path)) return texts;
    const text = readFileSync(path, 'utf8');
    const hash = schemaSourceHash(text);
    const cached = readCached(join(cacheDirectory(), `schema-${hash}.json`), hash);
    if (cached !== null) texts.known.set(hash, cached);
    else texts.parseText = (await import('../schema/sources/cql-source.ts')).schemaFromCql;
    return texts;
  }

  parse(text: string): Schema {
    const hash = schemaSourceHash(text);
    const path = join(cacheDirectory(), `schema-${hash}.json`);
    const known = this.known.get(hash) ?? readCached(path, hash);
    if (known !== null && known !== undefined) return known;
    if (this.parseText === null) {
      throw new CqlError('ServerError', 'the schema was changed by another process meanwhile; open the database again');
    }
    const { schema, problems } = this.parseText(text);
    if (problems.length > 0) throw problems[0];
    writeCached(path, schemaToJson(schema, hash));
    return schema;
  }
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
    removeUnused(path, 'schema-', MOST_FILES);
  } catch {
    // Read-only home, full disk: the next start parses again.
  }
}
