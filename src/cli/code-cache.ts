import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { uint32LittleEndianAt } from '../bytes/at.ts';
import { removeUnused } from '../session/cache-directory.ts';

/** Files that are kept: a build has six for each of five ways to start, a few hundred kibibytes or a mebibyte each. */
const MOST_FILES = 60;
const CRC_BYTES = 4;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Compiled code of one script in a file. V8 checks that it fits the script's length, V8's version and flags; that it is
 * whole is checked here, by a CRC32 before it. Null where there is none that can be trusted.
 */
export function readCodeCache(path: string): Buffer | null {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const { uid, mode } = fstatSync(fd);
    // What is in the file runs: nobody else may have put it there.
    if (process.getuid !== undefined && (uid !== process.getuid() || (mode & WRITABLE_BY_OTHERS) !== 0)) return null;
    const bytes = readFileSync(fd);
    if (bytes.length <= CRC_BYTES) return null;
    const code = bytes.subarray(CRC_BYTES);
    return crc32(code) === uint32LittleEndianAt(bytes, 0) ? code : null;
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

/** Processes may write the same file: each writes its own and renames it. A cache that cannot be written is none. */
export function writeCodeCache(path: string, code: Uint8Array): void {
  const own = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const bytes = Buffer.alloc(CRC_BYTES + code.length);
    bytes.writeUInt32LE(crc32(code));
    bytes.set(code, CRC_BYTES);
    writeFileSync(own, bytes, { mode: 0o600 });
    renameSync(own, path);
    removeUnused(path, 'code-', MOST_FILES);
  } catch {
    // Read-only home, full disk: the next start compiles again.
    rmSync(own, { force: true });
  }
}
