import { describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../../../src/storage/files/index.ts';
import { type Finding, verifySSTable } from '../../../../src/storage/sstable/verify/index.ts';
import { FORMATS, LEGACY } from '../../support/corpus.ts';
import { corpusDataFiles } from '../corpus-files.ts';

describe.each([...FORMATS, ...LEGACY])('verify of %s', (format) => {
  const files = corpusDataFiles(format).map(({ name, dataPath }) => [name, dataPath] as const);
  it.each(files)('%s has no damage', async (_, dataPath) => {
    const findings: Finding[] = [];
    const result = await verifySSTable(nodeFileSystem, dataPath, (finding) => findings.push(finding));
    expect(findings).toEqual([]);
    expect(result.partitions).toBeGreaterThan(0);
  });
});
