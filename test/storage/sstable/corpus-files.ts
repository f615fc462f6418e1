import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CORPUS } from '../support/corpus.ts';

/** One SSTable of the corpus that Cassandra's tools have an answer about. */
export interface CorpusFile {
  /** For the test's name. */
  readonly name: string;
  readonly dataPath: string;
  /** The tool's output. */
  readonly answer: string;
}

const ANSWER = /^([^.]+)\.([^.]+)(?:\.([^.]+))?\.([^.]+)$/;

/** SSTables with an answer `KS.TABLE[.INDEX].GENERATION.SUFFIX`. */
export function corpusAnswers(format: string, suffix: string): CorpusFile[] {
  const root = join(CORPUS, format);
  const found: CorpusFile[] = [];
  for (const file of readdirSync(root)) {
    const plain = file.replace(/\.gz$/, '');
    if (!plain.endsWith(`.${suffix}`)) continue;
    const match = ANSWER.exec(plain.slice(0, -suffix.length - 1));
    if (match === null) continue;
    const [, keyspace, table, index, generation] = match;
    const directories = readdirSync(join(root, keyspace));
    const directory = directories.find((name) => name.replace(/-[0-9a-f]{32}$/, '') === table) ?? table;
    const home = join(root, keyspace, directory, index === undefined ? '' : `.${index}`);
    const data = readdirSync(home).find((name) => name.split('-')[1] === generation && name.endsWith('-Data.db'));
    if (data === undefined) continue;
    const bytes = readFileSync(join(root, file));
    const answer = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    found.push({ name: plain.slice(0, -suffix.length - 1), dataPath: join(home, data), answer });
  }
  return found;
}

/** All Data.db files below a directory of the corpus, hidden index directories included. */
export function corpusDataFiles(directory: string): { name: string; dataPath: string }[] {
  const root = join(CORPUS, directory);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith('-Data.db'))
    .map((entry) => join(entry.parentPath, basename(entry.name)))
    .map((dataPath) => ({ name: relative(root, dataPath), dataPath }));
}
