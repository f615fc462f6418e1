import { int64, murmur3Token } from '../../../bytes/index.ts';
import { codecOf } from '../../../types/index.ts';
import type { FileSystem } from '../../files/file-system.ts';
import { type ClusteringPrefix, type DeletionTime, readAll, Step } from '../../rows/index.ts';
import { BigRowIndex } from '../big/big-row-index.ts';
import { Component } from '../component.ts';
import { parseToc } from '../components/toc.ts';
import { keyText } from '../dump/key-text.ts';
import type { SSTableReader } from '../sstable-reader.ts';

/** One thing that a component says, as plain values in the order to be shown. */
export type InspectRecord = Readonly<Record<string, unknown>>;

/** Entries of the partition index, with the blocks of wide partitions. */
export function* indexRecords(reader: SSTableReader): Iterable<InspectRecord> {
  for (const { key, dataPosition, rowIndex } of reader.index().entries()) {
    yield {
      key: keyText(reader.table, key),
      token: tokenText(key),
      position: dataPosition,
      blocks: rowIndex?.blockCount ?? 0,
      ...(rowIndex === null ? {} : { deletion: deletionRecord(rowIndex.deletion) }),
    };
    if (!(rowIndex instanceof BigRowIndex)) continue;
    for (const block of rowIndex.blocks()) {
      yield {
        block: block.offset,
        width: block.width,
        first: clusteringText(reader, block.first),
        last: clusteringText(reader, block.last),
        open: deletionRecord(block.openAtEnd),
      };
    }
  }
}

export function* summaryRecords(reader: SSTableReader): Iterable<InspectRecord> {
  const summary = reader.summary();
  if (summary === null) return;
  const { minIndexInterval, samplingLevel, entriesAtFullSampling, count, firstKey, lastKey } = summary;
  yield {
    minIndexInterval,
    samplingLevel,
    entriesAtFullSampling,
    entries: count,
    firstKey: keyText(reader.table, firstKey),
    lastKey: keyText(reader.table, lastKey),
  };
  for (let i = 0; i < count; i++) {
    const key = summary.bytes.subarray(summary.keyStart[i], summary.keyEnd[i]);
    yield { key: keyText(reader.table, key), token: tokenText(key), indexPosition: summary.positions[i] };
  }
}

export function* filterRecords(reader: SSTableReader): Iterable<InspectRecord> {
  const filter = reader.filter();
  if (filter === null) return;
  const fill = filter.fill();
  yield {
    hashes: filter.hashes,
    bits: filter.bits,
    bitsPerKey: filter.bits / Math.max(1, reader.estimatedKeys),
    fill,
    falsePositiveChance: fill ** filter.hashes,
    layout: reader.version.hasOldFilterLayout ? 'big-endian words' : 'bytes',
  };
}

export function* compressionRecords(reader: SSTableReader): Iterable<InspectRecord> {
  const info = reader.compression;
  if (info === null) return;
  yield {
    compressor: info.compressor,
    options: Object.fromEntries(info.options),
    chunkBytes: info.chunkBytes,
    maxCompressedBytes: info.maxCompressedBytes,
    dataLength: info.dataLength,
    chunks: info.chunkOffsets.length,
  };
  for (let chunk = 0; chunk < reader.chunks.chunkCount; chunk++) {
    const offset = reader.chunks.storedStart(chunk);
    yield { chunk, offset, storedBytes: reader.chunks.storedStart(chunk + 1) - offset };
  }
}

export function* tocRecords(reader: SSTableReader, files: FileSystem): Iterable<InspectRecord> {
  const toc = reader.path(Component.TOC);
  if (!files.exists(toc)) return;
  for (const name of parseToc(files.readFileSync(toc))) {
    const path = `${reader.dataPath.slice(0, -Component.DATA.length)}${name}`;
    if (!files.exists(path)) {
      yield { component: name, missing: true };
      continue;
    }
    const file = files.openSync(path);
    yield { component: name, bytes: file.size() };
    file.closeSync();
  }
}

export function* dataRecords(reader: SSTableReader): Iterable<InspectRecord> {
  const { stats } = reader.statistics;
  yield {
    file: reader.dataPath,
    version: reader.version.name,
    format: reader.version.format,
    bytes: reader.dataBytes,
    uncompressedBytes: reader.dataLength,
    chunks: reader.chunks.chunkCount,
    partitions: reader.estimatedKeys,
    rows: stats.totalRows,
  };
}

/** A record a partition; with `rows` also one for each of its rows and range tombstone bounds. */
export async function* contentRecords(reader: SSTableReader, rows: boolean): AsyncIterable<InspectRecord> {
  const stream = await reader.stream(readAll);
  const counts = { rows: 0, cells: 0, tombstones: 0 };
  try {
    for (;;) {
      const step = stream.next();
      switch (step) {
        case Step.END:
          return;
        case Step.NEED_MORE:
          await stream.load();
          break;
        case Step.PARTITION:
          Object.assign(counts, { rows: 0, cells: 0, tombstones: stream.partition.deletion.isLive() ? 0 : 1 });
          break;
        case Step.PARTITION_END: {
          const { key, keyStart, keyEnd, deletion } = stream.partition;
          const bytes = key.slice(keyStart, keyEnd);
          yield {
            key: keyText(reader.table, bytes),
            token: tokenText(bytes),
            position: stream.partitionStart,
            bytes: stream.position - stream.partitionStart,
            ...counts,
            deletion: deletionRecord(deletion),
          };
          break;
        }
        case Step.MARKER:
          counts.tombstones++;
          if (rows) yield { bound: clusteringText(reader, stream.marker.clustering), position: stream.elementStart };
          break;
        default: {
          const { row } = stream;
          if (step === Step.ROW) counts.rows++;
          counts.cells += row.cellCount;
          if (!row.deletion.isLive()) counts.tombstones++;
          counts.tombstones += row.complexCount;
          for (let i = 0; i < row.cellCount; i++) if (row.isTombstone(i)) counts.tombstones++;
          if (!rows) break;
          yield {
            row: row.isStatic ? 'static' : clusteringText(reader, row.clustering),
            position: stream.elementStart,
            bytes: stream.position - stream.elementStart,
            cells: row.cellCount,
            timestamp: row.hasLiveness ? int64.toString(row.livenessHi, row.livenessLo) : null,
            deletion: deletionRecord(row.deletion),
          };
        }
      }
    }
  } finally {
    stream.close();
  }
}

function tokenText(key: Uint8Array): string {
  const { hi, lo } = murmur3Token(key);
  return int64.toString(hi, lo);
}

function deletionRecord(deletion: DeletionTime): InspectRecord | null {
  if (deletion.isLive()) return null;
  return { markedDeleted: int64.toString(deletion.hi, deletion.lo), localDeleteTime: deletion.localSeconds };
}

function clusteringText(reader: SSTableReader, prefix: ClusteringPrefix): string {
  return Array.from({ length: prefix.size }, (_, i) =>
    prefix.isNull(i)
      ? 'null'
      : codecOf(reader.table.clustering[i].type).toDisplayString(prefix.source, prefix.start[i], prefix.end[i]),
  ).join(':');
}
