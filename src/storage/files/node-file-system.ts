import {
  closeSync,
  constants,
  type Dirent,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsync,
  ftruncate,
  open,
  openSync,
  read,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  write,
  writeSync,
} from 'node:fs';
import { link, mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DirectoryEntry, File, FileSystem } from './file-system.ts';

const openAsync = promisify(open);
const fdatasyncAsync = promisify(fdatasync);
const fsyncAsync = promisify(fsync);
const ftruncateAsync = promisify(ftruncate);

const FLAGS = {
  read: constants.O_RDONLY,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
  append: constants.O_RDWR | constants.O_CREAT | constants.O_APPEND,
} as const;

/** The machine's own files. File descriptors are plain numbers: Node's FileHandle costs an event emitter each. */
export const nodeFileSystem: FileSystem = {
  open: async (path, mode) => new NodeFile(path, await openAsync(path, FLAGS[mode], 0o666)),
  openSync: (path) => new NodeFile(path, openSync(path, 'r')),
  readFile: (path) => readFile(path),
  readFileSync: (path) => readFileSync(path),
  list: async (directory) =>
    (await readdir(directory, { withFileTypes: true })).map((entry) => entryOf(directory, entry)),
  listSync: (directory) => readdirSync(directory, { withFileTypes: true }).map((entry) => entryOf(directory, entry)),
  exists: existsSync,
  modifiedMillis: (path) => Math.trunc(statSync(path).mtimeMs),
  rename: (from, to) => rename(from, to),
  link: (existing, path) => link(existing, path),
  remove: (path) => rm(path),
  makeDirectory: async (path) => {
    await mkdir(path, { recursive: true });
  },
  removeDirectory: (path) => rmdir(path),
  syncDirectory: async (path) => {
    const fd = await openAsync(path, constants.O_RDONLY);
    try {
      await fsyncAsync(fd);
    } catch (error) {
      throw named(error, path);
    } finally {
      closeSync(fd);
    }
  },
};

/** A link counts as what it leads to: table directories are linked to where there is room. */
function entryOf(directory: string, entry: Dirent): DirectoryEntry {
  const isDirectory = entry.isSymbolicLink()
    ? (statSync(join(directory, entry.name), { throwIfNoEntry: false })?.isDirectory() ?? false)
    : entry.isDirectory();
  return { name: entry.name, isDirectory };
}

class NodeFile implements File {
  readonly path: string;
  private fd: number;

  constructor(path: string, fd: number) {
    this.path = path;
    this.fd = fd;
  }

  async read(target: Uint8Array, offset: number, length: number, position: number): Promise<number> {
    let done = 0;
    while (done < length) {
      const got = await this.readOnce(target, offset + done, length - done, position + done);
      if (got === 0) break;
      done += got;
    }
    return done;
  }

  readSync(target: Uint8Array, offset: number, length: number, position: number): number {
    let done = 0;
    try {
      while (done < length) {
        const got = readSync(this.fd, target, offset + done, length - done, position + done);
        if (got === 0) break;
        done += got;
      }
    } catch (error) {
      throw named(error, this.path);
    }
    return done;
  }

  async write(bytes: Uint8Array): Promise<void> {
    let done = 0;
    while (done < bytes.length) done += await this.writeOnce(bytes, done);
  }

  writeSync(bytes: Uint8Array): void {
    let done = 0;
    try {
      while (done < bytes.length) done += writeSync(this.fd, bytes, done, bytes.length - done);
    } catch (error) {
      throw named(error, this.path);
    }
  }

  writeAtSync(bytes: Uint8Array, position: number): void {
    let done = 0;
    try {
      while (done < bytes.length) done += writeSync(this.fd, bytes, done, bytes.length - done, position + done);
    } catch (error) {
      throw named(error, this.path);
    }
  }

  size(): number {
    return fstatSync(this.fd).size;
  }

  async truncate(length: number): Promise<void> {
    try {
      await ftruncateAsync(this.fd, length);
    } catch (error) {
      throw named(error, this.path);
    }
  }

  async sync(): Promise<void> {
    try {
      await fdatasyncAsync(this.fd);
    } catch (error) {
      throw named(error, this.path);
    }
  }

  syncSync(): void {
    try {
      fdatasyncSync(this.fd);
    } catch (error) {
      throw named(error, this.path);
    }
  }

  async close(): Promise<void> {
    this.closeSync();
  }

  closeSync(): void {
    if (this.fd === CLOSED) return;
    const fd = this.fd;
    this.fd = CLOSED;
    closeSync(fd);
  }

  private readOnce(target: Uint8Array, offset: number, length: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      read(this.fd, target, offset, length, position, (error, got) =>
        error === null ? resolve(got) : reject(named(error, this.path)),
      );
    });
  }

  private writeOnce(bytes: Uint8Array, done: number): Promise<number> {
    return new Promise((resolve, reject) => {
      write(this.fd, bytes, done, bytes.length - done, null, (error, count) =>
        error === null ? resolve(count) : reject(named(error, this.path)),
      );
    });
  }
}

/** Of calls on descriptors Node's errors do not say which file it was. */
function named(error: unknown, path: string): unknown {
  if (error instanceof Error && 'code' in error && !('path' in error)) {
    error.message = `${error.message} '${path}'`;
    Object.assign(error, { path });
  }
  return error;
}

/** No descriptor: a number that the kernel never gives, so that a use after close fails. */
const CLOSED = -1;
