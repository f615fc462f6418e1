import { CorruptionError } from '../../../errors/index.ts';
import type { TableMetadata } from '../../../schema/model/index.ts';
import type { FileSystem } from '../../files/file-system.ts';
import { Component } from '../component.ts';
import { readCompressionInfo } from '../components/compression-info/read.ts';
import { readChunkChecksums } from '../components/crc-db/read.ts';
import { parseDigest } from '../components/digest.ts';
import { parseToc } from '../components/toc.ts';
import { chunkReader } from '../data/chunk-reader.ts';
import { componentPath, descriptorOfData } from '../descriptor.ts';
import { openSSTableSync, type SSTableReader } from '../sstable-reader.ts';
import { checkChunks } from './check-chunks.ts';
import { checkContent } from './check-content.ts';
import { checkIndex } from './check-index.ts';
import { checkSummary } from './check-summary.ts';
import { type Finding, findingOf, guarded, type Report } from './finding.ts';

export interface VerifyResult {
  readonly dataPath: string;
  readonly findings: number;
  readonly partitions: number;
  readonly rows: number;
  readonly cells: number;
}

export interface VerifyOptions {
  readonly table?: TableMetadata;
}

/**
 * Checks all that can be checked of one SSTable: that the components of TOC.txt are there, every checksum, the digest, the
 * index in itself and against the data, the filter, the order of keys and rows, each value, and the statistics. All damage
 * goes to `report`; what cannot be read because of damage elsewhere is left out.
 */
export async function verifySSTable(
  files: FileSystem,
  dataPath: string,
  report: Report,
  options: VerifyOptions = {},
): Promise<VerifyResult> {
  let findings = 0;
  const seen = new Set<string>();
  const once: Report = (finding: Finding) => {
    const key = `${finding.file}\0${finding.place.offset}\0${finding.place.chunk}\0${finding.detail}`;
    if (seen.has(key)) return;
    seen.add(key);
    findings++;
    report(finding);
  };
  const hasDamagedChunks = await verifyStored(files, dataPath, once);
  const reader = guarded(once, dataPath, () => openSSTableSync(files, dataPath, options));
  if (reader === null) return { dataPath, findings, partitions: 0, rows: 0, cells: 0 };
  try {
    const hasFilter = guarded(once, dataPath, () => reader.filter() !== null) === true;
    const entries = verifyIndexes(files, reader, once) ? reader.index().entries()[Symbol.iterator]() : null;
    const { partitions, rows, cells } = await checkContent(reader, entries, { hasFilter, hasDamagedChunks }, once);
    return { dataPath, findings, partitions, rows, cells };
  } finally {
    reader.close();
  }
}

/** That the components of TOC.txt are there, every chunk and its checksum, and the digest; true when a chunk is damaged. */
export function verifyStored(files: FileSystem, dataPath: string, report: Report): Promise<boolean> {
  checkToc(files, dataPath, report);
  return checkData(files, dataPath, report);
}

/** Cassandra makes these anew when it opens a table that lacks them. */
const MADE_WHEN_MISSING: readonly string[] = [Component.SUMMARY, Component.FILTER];

function checkToc(files: FileSystem, dataPath: string, report: Report): void {
  const descriptor = descriptorOfData(dataPath);
  const toc = componentPath(descriptor, Component.TOC);
  if (!files.exists(toc)) return;
  for (const name of parseToc(files.readFileSync(toc))) {
    const path = `${dataPath.slice(0, -Component.DATA.length)}${name}`;
    if (MADE_WHEN_MISSING.includes(name) || files.exists(path)) continue;
    report({ file: path, detail: 'the file is missing, TOC.txt lists it', place: { file: path } });
  }
}

/** Chunks and digest; true when a chunk is damaged. */
async function checkData(files: FileSystem, dataPath: string, report: Report): Promise<boolean> {
  const descriptor = descriptorOfData(dataPath);
  const parsed = <T>(component: Component, parse: (bytes: Buffer, file: string) => T): T | null => {
    const path = componentPath(descriptor, component);
    if (!files.exists(path)) return null;
    return guarded(report, path, () => parse(files.readFileSync(path), path));
  };
  const isCompressed = files.exists(componentPath(descriptor, Component.COMPRESSION_INFO));
  const compression = parsed(Component.COMPRESSION_INFO, (bytes, file) =>
    readCompressionInfo(bytes, descriptor.version, file),
  );
  const checksums = isCompressed ? null : parsed(Component.CRC, readChunkChecksums);
  const digest = parsed(Component.DIGEST, parseDigest);
  if (isCompressed && compression === null) return true;
  const file = files.openSync(dataPath);
  try {
    const chunks = guarded(report, dataPath, () => chunkReader(file, compression, checksums));
    if (chunks === null) return true;
    const digestFile = componentPath(descriptor, Component.DIGEST);
    const expected = digest === null ? null : { expected: digest, file: digestFile };
    return (await checkChunks(chunks, expected, report)).size > 0;
  } finally {
    file.closeSync();
  }
}

/** The index and, of BIG, the summary. False when the index cannot be walked. */
export function verifyIndexes(files: FileSystem, reader: SSTableReader, report: Report): boolean {
  try {
    if (reader.version.format === 'big') {
      const summary = guarded(report, reader.path(Component.SUMMARY), () => reader.summary());
      const index = reader.path(Component.INDEX);
      if (summary === null) reader.forgetSummary();
      else if (files.exists(index)) checkSummary(files, summary, reader.path(Component.SUMMARY), index, report);
    }
    return checkIndex(reader, report);
  } catch (error) {
    if (!(error instanceof CorruptionError)) throw error;
    report(findingOf(error, reader.dataPath));
    return false;
  }
}
