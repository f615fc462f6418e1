import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { CORPUS } from '../support/corpus.ts';

export const hasCorpus = existsSync(`${CORPUS}/oa`);

/** Lines of `oa/NAME`, gzipped or not; null when there is no such file. */
export function corpusLines(name: string): string[] | null {
  const path = `${CORPUS}/oa/${name}`;
  if (existsSync(path)) return readFileSync(path, 'utf8').trim().split('\n');
  return existsSync(`${path}.gz`)
    ? gunzipSync(readFileSync(`${path}.gz`))
        .toString('utf8')
        .trim()
        .split('\n')
    : null;
}

/** Names `keyspace.table` of all tables whose raw bytes are there. */
export function rawTables(): string[] {
  const names = readdirSync(`${CORPUS}/oa`).map((file) => /^(.*)\.raw\.jsonl(?:\.gz)?$/.exec(file)?.[1]);
  return names.filter((name) => name !== undefined);
}

export function corpusSchema(): string {
  return readFileSync(`${CORPUS}/oa/schema.cql`, 'utf8');
}
