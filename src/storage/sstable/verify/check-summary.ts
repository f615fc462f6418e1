import { CorruptionError } from '../../../errors/index.ts';
import type { FileSystem } from '../../files/file-system.ts';
import { IndexFileReader } from '../big/index-file-reader.ts';
import type { Summary } from '../components/summary/read.ts';
import { newReadCounters } from '../data/read-counters.ts';
import type { Report } from './finding.ts';

/** Every sample of Summary.db is an entry of Index.db at the place that it says. */
export function checkSummary(
  files: FileSystem,
  summary: Summary,
  summaryFile: string,
  indexFile: string,
  report: Report,
): void {
  const file = files.openSync(indexFile);
  try {
    const reader = new IndexFileReader(file, newReadCounters());
    for (let i = 0; i < summary.count; i++) {
      const sampled = summary.bytes.subarray(summary.keyStart[i], summary.keyEnd[i]);
      if (!isEntry(reader, summary.positions[i], sampled)) {
        const detail = `sample ${i} is not what stands at ${summary.positions[i]} of Index.db`;
        report({ file: summaryFile, detail, place: { file: summaryFile } });
      }
    }
  } finally {
    file.closeSync();
  }
}

/** Damage of Index.db itself is for the walk over it to tell. */
function isEntry(reader: IndexFileReader, position: number, key: Uint8Array): boolean {
  try {
    return reader.readEntry(position) && Buffer.compare(reader.key(), key) === 0;
  } catch (error) {
    if (error instanceof CorruptionError) return false;
    throw error;
  }
}
