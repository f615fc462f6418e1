import { basename, dirname } from 'node:path';
import type { DirectoryEntry, File, FileSystem } from '../../../src/storage/files/file-system.ts';

/** What a test may want to fail: the operation, the path, and which call it is, counted from 1 over all operations. */
export interface Call {
  readonly operation: 'open' | 'read' | 'write' | 'sync' | 'syncDirectory' | 'rename' | 'remove' | 'link' | 'truncate';
  readonly path: string;
  readonly number: number;
}

/** The time unless a test has its own: runs are to be repeated byte by byte. */
const CONSTANT_MILLIS = 1_700_000_000_123;

interface FileNode {
  content: Buffer;
  length: number;
  /** What a crash leaves. */
  synced: Buffer;
  modifiedMillis: number;
}

interface DirectoryNode {
  readonly entries: Map<string, Node>;
  /** The names that a crash leaves. */
  synced: Map<string, Node>;
}

type Node = FileNode | DirectoryNode;

/**
 * The twin of `nodeFileSystem` in memory, which knows what was synced: `crash` is the machine losing power. `fail` is
 * asked before each call and may name an error code (`ENOSPC`, `EIO`); a failed write has written half of its bytes.
 */
export class MemoryFileSystem implements FileSystem {
  fail: (call: Call) => string | null = () => null;
  calls = 0;
  /** When files are written. */
  now: () => number = () => CONSTANT_MILLIS;
  /** Syncs of files that did not hold the event loop. */
  pooledSyncs = 0;
  /** Of every handle that was opened and not closed. */
  get openFiles(): readonly string[] {
    return [...this.handles].map(({ path }) => path);
  }

  readonly handles = new Set<MemoryFile>();
  private root: DirectoryNode = { entries: new Map(), synced: new Map() };

  /** Drops what was not synced; of each file keeps as many unsynced bytes as `keep` says. */
  crash(keep: (unsyncedBytes: number) => number = () => 0): MemoryFileSystem {
    const after = new MemoryFileSystem();
    after.now = this.now;
    after.root = survivor(this.root, keep);
    return after;
  }

  /** The process dies, and the machine does not: all that was written is there. */
  kill(): MemoryFileSystem {
    const after = new MemoryFileSystem();
    after.now = this.now;
    after.root = copyOf(this.root);
    return after;
  }

  paths(): string[] {
    const found: string[] = [];
    const visit = (directory: DirectoryNode, prefix: string): void => {
      for (const [name, node] of directory.entries) {
        if ('entries' in node) visit(node, `${prefix}/${name}`);
        else found.push(`${prefix}/${name}`);
      }
    };
    visit(this.root, '');
    return found.sort();
  }

  /** Replaces a file's bytes, as if a disk had. */
  corrupt(path: string, change: (bytes: Buffer) => Buffer): void {
    const node = this.fileAt(path);
    node.content = change(Buffer.from(node.content.subarray(0, node.length)));
    node.length = node.content.length;
    node.synced = Buffer.from(node.content);
  }

  async open(path: string, mode: 'read' | 'create' | 'append'): Promise<File> {
    this.check('open', path);
    if (mode === 'read') return new MemoryFile(this, path, this.fileAt(path));
    const parent = this.directoryAt(dirname(path));
    const existing = parent.entries.get(basename(path));
    if (existing !== undefined && !('content' in existing)) throw errno('EISDIR', path);
    const node = existing ?? {
      content: Buffer.alloc(0),
      length: 0,
      synced: Buffer.alloc(0),
      modifiedMillis: this.now(),
    };
    if (mode === 'create') node.length = 0;
    parent.entries.set(basename(path), node);
    return new MemoryFile(this, path, node);
  }

  openSync(path: string): File {
    this.check('open', path);
    return new MemoryFile(this, path, this.fileAt(path));
  }

  async readFile(path: string): Promise<Buffer> {
    return this.readFileSync(path);
  }

  readFileSync(path: string): Buffer {
    this.check('read', path);
    const node = this.fileAt(path);
    return Buffer.from(node.content.subarray(0, node.length));
  }

  async list(directory: string): Promise<readonly DirectoryEntry[]> {
    return this.listSync(directory);
  }

  listSync(directory: string): readonly DirectoryEntry[] {
    return [...this.directoryAt(directory).entries].map(([name, node]) => ({ name, isDirectory: 'entries' in node }));
  }

  exists(path: string): boolean {
    return this.find(path) !== undefined;
  }

  modifiedMillis(path: string): number {
    return this.fileAt(path).modifiedMillis;
  }

  async rename(from: string, to: string): Promise<void> {
    this.check('rename', to);
    const node = this.find(from);
    if (node === undefined) throw errno('ENOENT', from);
    this.directoryAt(dirname(from)).entries.delete(basename(from));
    this.directoryAt(dirname(to)).entries.set(basename(to), node);
  }

  async link(from: string, to: string): Promise<void> {
    this.check('link', to);
    this.directoryAt(dirname(to)).entries.set(basename(to), this.fileAt(from));
  }

  async remove(path: string): Promise<void> {
    this.check('remove', path);
    // As on a disk, others run meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
    this.fileAt(path);
    this.directoryAt(dirname(path)).entries.delete(basename(path));
  }

  async makeDirectory(path: string): Promise<void> {
    let directory = this.root;
    for (const name of partsOf(path)) {
      let next = directory.entries.get(name);
      if (next === undefined) {
        next = { entries: new Map(), synced: new Map() };
        directory.entries.set(name, next);
      }
      if (!('entries' in next)) throw errno('ENOTDIR', path);
      directory = next;
    }
  }

  async removeDirectory(path: string): Promise<void> {
    if (this.directoryAt(path).entries.size > 0) throw errno('ENOTEMPTY', path);
    this.directoryAt(dirname(path)).entries.delete(basename(path));
  }

  async syncDirectory(path: string): Promise<void> {
    this.check('syncDirectory', path);
    const directory = this.directoryAt(path);
    directory.synced = new Map(directory.entries);
  }

  check(operation: Call['operation'], path: string): void {
    const code = this.fail({ operation, path, number: ++this.calls });
    if (code !== null) throw errno(code, path);
  }

  private find(path: string): Node | undefined {
    let node: Node | undefined = this.root;
    for (const name of partsOf(path)) {
      if (node === undefined || !('entries' in node)) return undefined;
      node = node.entries.get(name);
    }
    return node;
  }

  private fileAt(path: string): FileNode {
    const node = this.find(path);
    if (node === undefined) throw errno('ENOENT', path);
    if ('entries' in node) throw errno('EISDIR', path);
    return node;
  }

  private directoryAt(path: string): DirectoryNode {
    const node = this.find(path);
    if (node === undefined) throw errno('ENOENT', path);
    if (!('entries' in node)) throw errno('ENOTDIR', path);
    return node;
  }
}

class MemoryFile implements File {
  readonly path: string;
  private readonly files: MemoryFileSystem;
  private readonly node: FileNode;
  private isOpen = true;

  constructor(files: MemoryFileSystem, path: string, node: FileNode) {
    this.files = files;
    this.path = path;
    this.node = node;
    files.handles.add(this);
  }

  async read(target: Uint8Array, offset: number, length: number, position: number): Promise<number> {
    return this.readSync(target, offset, length, position);
  }

  readSync(target: Uint8Array, offset: number, length: number, position: number): number {
    this.mustBeOpen();
    this.files.check('read', this.path);
    const end = Math.min(this.node.length, position + length);
    if (end <= position) return 0;
    target.set(this.node.content.subarray(position, end), offset);
    return end - position;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.writeSync(bytes);
  }

  writeSync(bytes: Uint8Array): void {
    this.mustBeOpen();
    try {
      this.files.check('write', this.path);
    } catch (error) {
      this.append(bytes.subarray(0, bytes.length >> 1));
      throw error;
    }
    this.append(bytes);
  }

  writeAtSync(bytes: Uint8Array, position: number): void {
    this.mustBeOpen();
    try {
      this.files.check('write', this.path);
    } catch (error) {
      this.overwrite(bytes.subarray(0, bytes.length >> 1), position);
      throw error;
    }
    this.overwrite(bytes, position);
  }

  size(): number {
    return this.node.length;
  }

  async truncate(length: number): Promise<void> {
    this.files.check('truncate', this.path);
    this.node.length = Math.min(this.node.length, length);
  }

  async sync(): Promise<void> {
    this.files.pooledSyncs++;
    this.syncSync();
  }

  syncSync(): void {
    this.mustBeOpen();
    this.files.check('sync', this.path);
    this.node.synced = Buffer.from(this.node.content.subarray(0, this.node.length));
  }

  async close(): Promise<void> {
    this.closeSync();
  }

  closeSync(): void {
    this.isOpen = false;
    this.files.handles.delete(this);
  }

  private overwrite(bytes: Uint8Array, position: number): void {
    const { node } = this;
    node.modifiedMillis = this.files.now();
    const within = Math.min(bytes.length, node.length - position);
    node.content.set(bytes.subarray(0, within), position);
    this.append(bytes.subarray(within));
  }

  private append(bytes: Uint8Array): void {
    const { node } = this;
    if (node.content.length < node.length + bytes.length) {
      const grown = Buffer.alloc(Math.max(1024, (node.length + bytes.length) * 2));
      node.content.copy(grown, 0, 0, node.length);
      node.content = grown;
    }
    node.content.set(bytes, node.length);
    node.length += bytes.length;
    node.modifiedMillis = this.files.now();
  }

  private mustBeOpen(): void {
    if (!this.isOpen) throw errno('EBADF', this.path);
  }
}

function survivor(directory: DirectoryNode, keep: (unsyncedBytes: number) => number): DirectoryNode {
  const entries = new Map<string, Node>();
  for (const [name, node] of directory.synced) {
    if ('entries' in node) {
      entries.set(name, survivor(node, keep));
      continue;
    }
    const content = survivingContent(node, keep);
    entries.set(name, { ...node, content, length: content.length, synced: Buffer.from(content) });
  }
  return { entries, synced: new Map(entries) };
}

/** What was synced, and of what was written since as many bytes as the disk happened to get to. */
function survivingContent(node: FileNode, keep: (unsyncedBytes: number) => number): Buffer {
  const written = node.content.subarray(0, node.length);
  let from = 0;
  while (from < node.synced.length && from < node.length && written[from] === node.synced[from]) from++;
  const kept = keep(Math.max(0, node.length - from));
  if (kept === 0) return Buffer.from(node.synced);
  return Buffer.concat([written.subarray(0, from + kept), node.synced.subarray(from + kept)]);
}

function copyOf(directory: DirectoryNode): DirectoryNode {
  const entries = new Map<string, Node>();
  for (const [name, node] of directory.entries) {
    if ('entries' in node) entries.set(name, copyOf(node));
    else {
      const content = Buffer.from(node.content.subarray(0, node.length));
      entries.set(name, { ...node, content, length: content.length, synced: Buffer.from(content) });
    }
  }
  return { entries, synced: new Map(entries) };
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function errno(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), { code, path });
}
