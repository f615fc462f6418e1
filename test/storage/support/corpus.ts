import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseScript } from '../../../src/parser/index.ts';
import { applyStatement, isDdlStatement, strictSettings } from '../../../src/schema/ddl/index.ts';
import { emptySchema, type Schema } from '../../../src/schema/model/index.ts';
import { CORPUS } from '../../support/corpus.ts';

export { CORPUS };

export const FORMATS = existsSync(CORPUS) ? (['nb', 'oa', 'da'] as const) : [];

/** SSTables of older versions; a corpus of one's own (CASSETTE_CORPUS) need not have any. */
export const LEGACY = existsSync(join(CORPUS, 'legacy')) ? (['legacy'] as const) : [];

/** The time of reads: after the corpus was written, long before its far TTLs end. */
export const CORPUS_NOW_SECONDS = 1_796_000_000;

/** Lines of `FORMAT/NAME`, or of `oa/NAME` where the format has no file of its own; null when neither is there. */
export function corpusLines(format: string, name: string): string[] | null {
  for (const path of [join(CORPUS, format, name), join(CORPUS, 'oa', name)]) {
    if (existsSync(path)) return linesOf(readFileSync(path));
    if (existsSync(`${path}.gz`)) return linesOf(gunzipSync(readFileSync(`${path}.gz`)));
  }
  return null;
}

function linesOf(bytes: Buffer): string[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** The schema with table ids and dropped columns, as DESCRIBE … WITH INTERNALS gave it. */
export function corpusSchema(format: string): Schema {
  return schemaOf(gunzipSync(readFileSync(join(CORPUS, format, 'schema-internals.cql.gz'))).toString('utf8'));
}

export function schemaOf(cql: string): Schema {
  const { statements, errors } = parseScript(cql);
  if (errors.length > 0) throw errors[0];
  let schema = emptySchema;
  let tables = 0;
  for (const { statement } of statements) {
    if (!isDdlStatement(statement)) continue;
    schema = applyStatement(schema, statement, {
      keyspace: null,
      nowMicros: 0n,
      newTableId: () => (++tables).toString(16).padStart(32, '0'),
      settings: strictSettings,
      user: null,
      trusted: true,
    }).schema;
  }
  return schema;
}

/** Table directories (`KEYSPACE/TABLE-ID`) of a format. */
export function corpusDirectories(format: string): string[] {
  const root = join(CORPUS, format);
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((keyspace) => readdirSync(join(root, keyspace.name)).map((table) => join(root, keyspace.name, table)));
}
