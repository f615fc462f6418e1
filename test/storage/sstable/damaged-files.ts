import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DirectoryEntry, File, FileSystem } from '../../../src/storage/files/file-system.ts';
import { MemoryFile } from './memory-file.ts';

/** The files of one SSTable in memory, any of which can be replaced by a damaged one or be missing. */
export class SSTableFiles implements Pick<FileSystem, 'openSync' | 'readFileSync' | 'exists'> {
  private readonly originals = new Map<string, Buffer>();
  private readonly damaged = new Map<string, Buffer>();
  private readonly removed = new Set<string>();

  constructor(dataPath: string) {
    const prefix = basename(dataPath).replace('Data.db', '');
    for (const name of readdirSync(dirname(dataPath))) {
      if (name.startsWith(prefix)) {
        const path = join(dirname(dataPath), name);
        this.originals.set(path, readFileSync(path));
      }
    }
  }

  get paths(): string[] {
    return [...this.originals.keys()];
  }

  bytes(path: string): Buffer {
    const bytes = this.damaged.get(path) ?? this.originals.get(path);
    if (bytes === undefined || this.removed.has(path)) throw missing(path);
    return bytes;
  }

  damage(path: string, bytes: Buffer): void {
    this.damaged.set(path, bytes);
  }

  remove(path: string): void {
    this.removed.add(path);
  }

  repair(): void {
    this.damaged.clear();
    this.removed.clear();
  }

  exists(path: string): boolean {
    return this.originals.has(path) && !this.removed.has(path);
  }

  readFileSync(path: string): Buffer {
    return Buffer.from(this.bytes(path));
  }

  openSync(path: string): File {
    return new MemoryFile(path, this.bytes(path));
  }

  /** As the whole interface; what only reading needs is there. */
  asFileSystem(): FileSystem {
    const unused = (): never => {
      throw new Error('not for readers');
    };
    return {
      exists: (path) => this.exists(path),
      readFileSync: (path) => this.readFileSync(path),
      openSync: (path) => this.openSync(path),
      open: async (path) => this.openSync(path),
      readFile: async (path) => this.readFileSync(path),
      list: async () => [],
      listSync: (): readonly DirectoryEntry[] => [],
      rename: unused,
      link: unused,
      remove: unused,
      makeDirectory: unused,
      removeDirectory: unused,
      modifiedMillis: unused,
      syncDirectory: unused,
    };
  }
}

function missing(path: string): Error {
  return Object.assign(new Error(`ENOENT: no such file, open '${path}'`), { code: 'ENOENT', path });
}
