import { join } from 'node:path';
import type { FileSystem } from '../files/index.ts';
import { hiddenByTransaction, isTransactionLog, parseTransactionLog } from '../read/transaction-log.ts';
import { compareIds, parseDescriptor } from '../sstable/descriptor.ts';

/** A table's directory as its transaction logs have it. */
export interface LiveSSTables {
  /** Paths of Data.db files that count, oldest first. */
  readonly dataFiles: readonly string[];
  /** The highest sequence number in any file's name, counted or not. */
  readonly lastGeneration: number;
  readonly hasTransactions: boolean;
}

/** Lists a table's SSTables; none when the directory is not there. Throws ENOENT when a log goes while it is looked at. */
export function liveSSTables(files: FileSystem, directory: string): LiveSSTables {
  if (!files.exists(directory)) return { dataFiles: [], lastGeneration: 0, hasTransactions: false };
  const names = files.listSync(directory).map((entry) => entry.name);
  const logs = names.filter(isTransactionLog);
  const hidden = new Set<string>();
  for (const log of logs) {
    const text = files.readFileSync(join(directory, log)).toString('utf8');
    for (const prefix of hiddenByTransaction(parseTransactionLog(text))) hidden.add(prefix);
  }
  let lastGeneration = 0;
  const found: { id: string; path: string }[] = [];
  for (const name of names) {
    const parsed = parseDescriptor(name);
    if (parsed === null) continue;
    const { id, baseName } = parsed.descriptor;
    if (/^\d+$/.test(id)) lastGeneration = Math.max(lastGeneration, Number(id));
    if (parsed.component === 'Data.db' && !hidden.has(`${baseName}-`)) found.push({ id, path: join(directory, name) });
  }
  found.sort((a, b) => compareIds(a.id, b.id));
  return { dataFiles: found.map(({ path }) => path), lastGeneration, hasTransactions: logs.length > 0 };
}

/** The sequence number in a Data.db path; infinite for one named by a UUID. */
export function generationOf(dataFile: string): number {
  const id = parseDescriptor(dataFile)?.descriptor.id ?? '';
  return /^\d+$/.test(id) ? Number(id) : Number.POSITIVE_INFINITY;
}
