import { crc32 } from 'node:zlib';
import { CorruptionError } from '../../../errors/index.ts';
import type { File } from '../../files/file-system.ts';
import type { ChunkReader } from '../data/chunk-reader.ts';
import { findingOf, type Report } from './finding.ts';

const READ_BYTES = 1024 * 1024;

/**
 * Reads all of Data.db once: every chunk is decompressed and held against its checksum, and the whole against Digest.crc32
 * (`digest`; null when there is none). Returns the numbers of the damaged chunks.
 */
export async function checkChunks(
  chunks: ChunkReader,
  digest: { readonly expected: number; readonly file: string } | null,
  report: Report,
): Promise<ReadonlySet<number>> {
  const damaged = new Set<number>();
  const { file } = chunks;
  const fileBytes = file.size();
  let crc = 0;
  let first = 0;
  const target = Buffer.allocUnsafeSlow(chunks.chunkBytes);
  while (first < chunks.chunkCount) {
    const end = endOfRead(chunks, first, fileBytes, damaged, report);
    const start = storedStart(chunks, first, fileBytes);
    const stored = await readRange(file, start, storedStart(chunks, end, fileBytes));
    crc = crc32(stored, crc);
    for (let chunk = first; chunk < end; chunk++) {
      if (damaged.has(chunk)) continue;
      const from = storedStart(chunks, chunk, fileBytes) - start;
      const to = storedStart(chunks, chunk + 1, fileBytes) - start;
      try {
        chunks.decode(stored.subarray(from, to), chunk, chunk + 1, target, 0);
      } catch (error) {
        if (!(error instanceof CorruptionError)) throw error;
        damaged.add(chunk);
        report(findingOf(error, file.path));
      }
    }
    first = end;
  }
  if (digest !== null && crc !== digest.expected) {
    report({
      file: digest.file,
      detail: `the digest is ${digest.expected}, that of ${file.path} is ${crc}`,
      place: { file: digest.file },
    });
  }
  return damaged;
}

/** The end of the chunks that one read takes; chunks that begin behind the file's end are damaged. */
function endOfRead(
  chunks: ChunkReader,
  first: number,
  fileBytes: number,
  damaged: Set<number>,
  report: Report,
): number {
  const start = storedStart(chunks, first, fileBytes);
  let end = first;
  while (end < chunks.chunkCount && storedStart(chunks, end, fileBytes) - start < READ_BYTES) {
    try {
      chunks.storedStart(end);
    } catch (error) {
      if (!(error instanceof CorruptionError)) throw error;
      damaged.add(end);
      report(findingOf(error, chunks.file.path));
    }
    end++;
  }
  return end;
}

function storedStart(chunks: ChunkReader, chunk: number, fileBytes: number): number {
  try {
    return Math.min(fileBytes, chunks.storedStart(chunk));
  } catch (error) {
    if (error instanceof CorruptionError) return fileBytes;
    throw error;
  }
}

async function readRange(file: File, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, end - start));
  const got = await file.read(bytes, 0, bytes.length, start);
  return bytes.subarray(0, got);
}
