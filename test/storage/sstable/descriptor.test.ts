import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors/index.ts';
import {
  compareIds,
  componentPath,
  descriptorOfData,
  parseDescriptor,
} from '../../../src/storage/sstable/descriptor.ts';
import { sstableVersion } from '../../../src/storage/sstable/sstable-version.ts';

describe('names of SSTable files', () => {
  it.each([
    ['/d/nb-12-big-Data.db', 'nb', '12', 'Data.db'],
    ['/d/ma-1-big-Digest.crc32', 'ma', '1', 'Digest.crc32'],
    ['/d/da-3h5p_02zj_1bsoq29evwsttol6qk-bti-Rows.db', 'da', '3h5p_02zj_1bsoq29evwsttol6qk', 'Rows.db'],
    ['/d/oa-3h5p_02zj_1bsoq29evwsttol6qk-big-SAI+aa+Meta.db', 'oa', '3h5p_02zj_1bsoq29evwsttol6qk', 'SAI+aa+Meta.db'],
  ])('%s', (path, version, id, component) => {
    const parsed = parseDescriptor(path);
    expect(parsed?.descriptor).toMatchObject({ directory: '/d', id, version: { name: version } });
    expect(parsed?.component).toBe(component);
    if (parsed !== null) expect(componentPath(parsed.descriptor, 'Data.db')).toMatch(/^\/d\/.*-Data\.db$/);
  });

  it.each(['la-1-big-Data.db', 'nb-x-big-Data.db', 'da-1-big-Data.db', 'nb-1-bti-Data.db', 'Data.db', 'nb-1-big'])(
    '%s is none',
    (path) => expect(parseDescriptor(path)).toBeNull(),
  );

  it('says what it expected of a Data.db path', () => {
    expect(() => descriptorOfData('/d/nb-1-big-Index.db')).toThrow(UsageError);
  });

  it('sorts numbers by value, and UUIDs behind them by time', () => {
    const ids = ['3h5p_02zj_1bsoq29evwsttol6qk', '10', '9', '3h5p_02zi_zzzzz29evwsttol6qk', '2'];
    expect(ids.sort(compareIds)).toEqual([
      '2',
      '9',
      '10',
      '3h5p_02zi_zzzzz29evwsttol6qk',
      '3h5p_02zj_1bsoq29evwsttol6qk',
    ]);
  });
});

describe('versions', () => {
  /** Which versions have a feature: `BigFormat.BigVersion` and `BtiFormat.BtiVersion` of 5.0.8. */
  it.each([
    ['hasCommitLogLowerBound', 'mb mc md me na nb oa da'],
    ['hasCommitLogIntervals', 'mc md me na nb oa da'],
    ['hasAccurateMinMax', 'md me na nb'],
    ['hasLegacyMinMax', 'ma mb mc md me na nb'],
    ['hasOriginatingHostId', 'me nb oa da'],
    ['hasMaxCompressedLength', 'na nb oa da'],
    ['hasPendingRepair', 'na nb oa da'],
    ['hasIsTransient', 'na nb oa da'],
    ['hasMetadataChecksum', 'na nb oa da'],
    ['hasOldFilterLayout', 'ma mb mc md me'],
    ['hasImprovedMinMax', 'oa da'],
    ['hasPartitionLevelDeletionMarker', 'oa da'],
    ['hasKeyRange', 'oa da'],
    ['hasUintDeletionTime', 'oa da'],
    ['hasTokenSpaceCoverage', 'oa da'],
  ] as const)('%s: %s', (feature, names) => {
    const all = ['ma', 'mb', 'mc', 'md', 'me', 'na', 'nb', 'oa', 'da'];
    const having = all.filter((name) => sstableVersion(name === 'da' ? 'bti' : 'big', name)?.[feature]);
    expect(having.join(' ')).toBe(names);
  });
});
