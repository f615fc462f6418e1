import { dirname, sep } from 'node:path';
import type { FileSystem } from './file-system.ts';

/** Makes directories under one root, and the root, so that their names are on disk. */
export class DurableDirectories {
  private readonly files: FileSystem;
  private readonly root: string;
  private readonly durable = new Set<string>();
  /** Made here, and perhaps not on disk. */
  private readonly made = new Set<string>();

  /** `root` is an absolute path. */
  constructor(files: FileSystem, root: string) {
    this.files = files;
    this.root = root;
  }

  /**
   * Makes a directory and what is missing above it. Once for each the name is synced also where it is there already: the
   * process that made it may have died before it did. Above the root only what is made here is synced.
   */
  async make(path: string): Promise<void> {
    const parent = dirname(path);
    const isThere = this.files.exists(path);
    if (parent === path || (isThere && this.durable.has(path))) return;
    if (isThere && !this.isOwn(path) && !this.made.has(path)) return;
    await this.make(parent);
    if (!isThere) {
      this.made.add(path);
      await this.files.makeDirectory(path);
    }
    try {
      await this.files.syncDirectory(parent);
    } catch (error) {
      // Whoever made it for us may have kept what is above it to himself.
      if (!isThere || !isForbidden(error)) throw error;
    }
    this.durable.add(path);
  }

  private isOwn(path: string): boolean {
    return path === this.root || path.startsWith(`${this.root}${sep}`);
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM');
}
