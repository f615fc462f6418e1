import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { schemaFromCql } from '../../src/schema/sources/cql-source.ts';
import { EmbeddedSession } from '../../src/session/embedded/embedded-session.ts';
import type { Dialect } from '../../src/session/session.ts';
import { nodeFileSystem } from '../../src/storage/files/index.ts';
import { DirectoryReader, discover } from '../../src/storage/read/index.ts';
import { CORPUS } from '../support/corpus.ts';

export { CORPUS };
export const hasCorpus = existsSync(join(CORPUS, 'queries.jsonl'));

/** The text of a corpus file, unpacked where it is gzipped. */
export function corpusText(path: string): string {
  const plain = join(CORPUS, path);
  if (existsSync(plain)) return readFileSync(plain, 'utf8');
  return gunzipSync(readFileSync(`${plain}.gz`)).toString('utf8');
}

/** A session over the corpus' directory of a format, with the schema as DESCRIBE … WITH INTERNALS has it. */
export function corpusSession(format: string, dialect: Dialect = 'strict', clock?: () => number): EmbeddedSession {
  const { schema } = schemaFromCql(corpusText(`${format}/schema-internals.cql`));
  const discovery = discover([join(CORPUS, format)], nodeFileSystem);
  const reader = new DirectoryReader(discovery, nodeFileSystem);
  reader.schema = schema;
  const storage = {
    reader,
    engine: null,
    schema,
    description: { kind: 'foreign', name: format, readOnly: true, notes: [] },
    close: async () => reader.close(),
  } as const;
  return new EmbeddedSession(storage, { dialect, clock });
}
