import { describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../../../src/storage/files/index.ts';
import { estimatedCardinality } from '../../../../src/storage/sstable/inspect/cardinality.ts';
import { statisticsText } from '../../../../src/storage/sstable/inspect/statistics-text.ts';
import { openSSTable } from '../../../../src/storage/sstable/sstable-reader.ts';
import { CORPUS_NOW_SECONDS, FORMATS } from '../../support/corpus.ts';
import { corpusAnswers } from '../corpus-files.ts';

/** Above this many keys registers are used, and stream-lib corrects their bias by a table. */
const EXACT_KEYS = 6000;

describe.each(FORMATS)('statistics of %s', (format) => {
  it.each(corpusAnswers(format, 'metadata.txt'))('$name equals sstablemetadata', async ({ dataPath, answer }) => {
    const reader = await openSSTable(nodeFileSystem, dataPath);
    // A text among the clusterings may have lines of its own.
    const lines = statisticsText(reader, CORPUS_NOW_SECONDS).join('\n').split('\n');
    const wanted = answer.trimEnd().split('\n');
    // sstablemetadata leaves the tokens out when there is no summary.
    const hasTokens = wanted.some((line) => line.startsWith('First token'));
    expect(lines.filter((line) => isCompared(line, hasTokens)).map(sorted)).toEqual(
      wanted.filter((line) => isCompared(line, hasTokens)).map(sorted),
    );
    const cardinality = estimatedCardinality(reader.statistics.compaction?.cardinality ?? new Uint8Array(0)) ?? 0;
    const answered = Number(wanted.find((line) => line.startsWith('Estimated cardinality'))?.split(': ')[1]);
    if (answered < EXACT_KEYS) expect(cardinality).toBe(answered);
    else expect(Math.abs(cardinality - answered) / answered).toBeLessThan(0.02);
    reader.close();
  });
});

/** Not the path, nor what depends on the clock; the cardinality is compared by itself. */
function isCompared(line: string, hasTokens: boolean): boolean {
  if (/^(First|Last) token/.test(line)) return hasTokens;
  return !/^(SSTable: |Estimated droppable|Estimated cardinality)/.test(line);
}

/** Columns come in the order of a Java hash map. */
function sorted(line: string): string {
  if (!/^(Static|Regular)Columns/.test(line)) return line;
  return line
    .split(/: |, (?=[^:(,]+:org)/)
    .sort()
    .join('|');
}
