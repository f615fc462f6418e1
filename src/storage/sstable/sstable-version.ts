/** What differs between versions of the SSTable formats, one property a difference (`format/Version`, 5.0.8). */
export interface SSTableVersion {
  readonly name: string;
  readonly format: 'big' | 'bti';
  /** The commit log interval's lower bound stands in Statistics (mb). */
  readonly hasCommitLogLowerBound: boolean;
  /** A list of commit log intervals follows it (mc). */
  readonly hasCommitLogIntervals: boolean;
  /** min/max clustering values that may be trusted (md; CASSANDRA-14861). */
  readonly hasAccurateMinMax: boolean;
  /** min/max clustering values are two lists of values. */
  readonly hasLegacyMinMax: boolean;
  /** The host that wrote the file (me, nb). */
  readonly hasOriginatingHostId: boolean;
  /** CompressionInfo.db says from which length chunks are stored uncompressed (na). */
  readonly hasMaxCompressedLength: boolean;
  readonly hasPendingRepair: boolean;
  readonly hasIsTransient: boolean;
  /** Statistics.db has a CRC32 behind its table of contents and each part (na). */
  readonly hasMetadataChecksum: boolean;
  /** Filter.db holds its words big-endian (before na). */
  readonly hasOldFilterLayout: boolean;
  /** min/max clustering is a slice with typed bounds (oa). */
  readonly hasImprovedMinMax: boolean;
  readonly hasPartitionLevelDeletionMarker: boolean;
  readonly hasKeyRange: boolean;
  /** Local deletion times are unsigned, and a partition's live deletion is one byte (oa). */
  readonly hasUintDeletionTime: boolean;
  readonly hasTokenSpaceCoverage: boolean;
}

/** The features of a version, or null when Cassandra 5.0.8 would not read it. Minor versions to come are accepted. */
export function sstableVersion(format: string, name: string): SSTableVersion | null {
  if (format === 'big' && /^(m[a-z]|n[a-z]|o[a-z])$/.test(name)) return version('big', name);
  if (format === 'bti' && /^d[a-z]$/.test(name)) return version('bti', name);
  return null;
}

function version(format: 'big' | 'bti', name: string): SSTableVersion {
  const bti = format === 'bti';
  const from = (first: string): boolean => bti || name >= first;
  return Object.freeze({
    name,
    format,
    hasCommitLogLowerBound: from('mb'),
    hasCommitLogIntervals: from('mc'),
    hasAccurateMinMax: !bti && name >= 'md' && name < 'oa',
    hasLegacyMinMax: !bti && name < 'oa',
    hasOriginatingHostId: from('nb') || (name >= 'me' && name < 'na'),
    hasMaxCompressedLength: from('na'),
    hasPendingRepair: from('na'),
    hasIsTransient: from('na'),
    hasMetadataChecksum: from('na'),
    hasOldFilterLayout: !from('na'),
    hasImprovedMinMax: from('oa'),
    hasPartitionLevelDeletionMarker: from('oa'),
    hasKeyRange: from('oa'),
    hasUintDeletionTime: from('oa'),
    hasTokenSpaceCoverage: from('oa'),
  });
}
