import { join } from 'node:path';
import type { File, FileSystem } from '../../files/file-system.ts';
import { Component } from '../component.ts';
import type { WriteVersion } from './write-version.ts';

/** `nb-12-big`. */
export function sstableBaseName(version: WriteVersion, id: string): string {
  return `${version}-${id}-${version === 'da' ? 'bti' : 'big'}`;
}

/** The files of one SSTable that is being written, each synced when it is closed. */
export class SSTableFiles {
  readonly baseName: string;
  private readonly files: FileSystem;
  private readonly directory: string;
  private readonly pathPrefix: string;
  /** Components that are complete. */
  private readonly written: string[] = [];

  constructor(files: FileSystem, directory: string, baseName: string) {
    this.files = files;
    this.directory = directory;
    this.baseName = baseName;
    this.pathPrefix = join(directory, `${baseName}-`);
  }

  pathOf(component: Component): string {
    return `${this.pathPrefix}${component}`;
  }

  /** Names of the files that are complete. */
  get names(): readonly string[] {
    return this.written.map((component) => `${this.baseName}-${component}`);
  }

  /** Ends a component that was written bit by bit. */
  async close(file: File): Promise<void> {
    await file.sync();
    file.closeSync();
    this.written.push(file.path.slice(this.pathPrefix.length));
  }

  /** Writes a component as a whole. */
  async write(component: Component, bytes: Uint8Array): Promise<void> {
    const file = await this.files.open(this.pathOf(component), 'create');
    try {
      file.writeSync(bytes);
      await file.sync();
    } finally {
      file.closeSync();
    }
    this.written.push(component);
  }

  /** The list of all components, which is the last of them. */
  async writeToc(): Promise<void> {
    const names = [...this.written, Component.TOC].sort();
    await this.write(Component.TOC, Buffer.from(names.map((name) => `${name}\n`).join('')));
  }

  syncDirectory(): Promise<void> {
    return this.files.syncDirectory(this.directory);
  }

  /** Removes what is there, complete or not. */
  async removeAll(): Promise<void> {
    for (const component of Object.values(Component)) {
      const path = this.pathOf(component);
      if (this.files.exists(path)) await this.files.remove(path);
    }
  }
}
