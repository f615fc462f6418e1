import { basename, dirname } from 'node:path';
import type { DirectoryEntry, File, FileSystem } from '../../../src/storage/files/file-system.ts';

/** What a test may want to fail: the operation, the path, and which call it is, counted from 1 over all operations. */
export interface Call {
  readonly operation:
    | 'open'
    | 'read'
    | 'write'
    | 'sync'
    | 'truncate'
    | 'rename'
    | 'link'
    | 'remove'
    | 'makeDirectory'
    | 'removeDirectory'
    | 'syncDirectory';
  readonly path: string;
  readonly number: number;
}

/** The time unless a test has its own: runs are to be repeated byte by byte. */
const CONSTANT_MILLIS = 1_700_000_000_123;

interface FileNode {
  /** Longer than `length`, and shared with copies of the file until one of them is written. */
  content: Buffer;
  length: number;
  isShared: boolean;
  /** What was there before each change since the last sync, oldest first: a crash takes them back. */
  changes: Change[];
  modifiedMillis: number;
}

/** Bytes that a change replaced at `position`, and the file's length before. */
interface Change {
  readonly position: number;
  readonly bytes: Buffer;
  readonly length: number;
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

  /**
   * The machine loses power. What was not synced is gone, but for as many bytes of each file as `keep` says; with
   * `keepsNames` all names that were made, changed or removed had got to the disk.
   */
  crash(keep: (unsyncedBytes: number) => number = () => 0, keepsNames = false): MemoryFileSystem {
    const after = new MemoryFileSystem();
    after.now = this.now;
    after.root = survivor(this.root, keep, keepsNames);
    return after;
  }

  /** The process dies, and the machine does not: all that was written is there, and no more of it synced than before. */
  kill(): MemoryFileSystem {
    const after = new MemoryFileSystem();
    after.now = this.now;
    after.root = copyOf(this.root, new Map());
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
    Object.assign(node, fileOf(change(Buffer.from(node.content.subarray(0, node.length))), node.modifiedMillis));
  }

  async open(path: string, mode: 'read' | 'create' | 'append'): Promise<File> {
    this.check('open', path);
    if (mode === 'read') return new MemoryFile(this, path, this.fileAt(path));
    const parent = this.directoryAt(dirname(path));
    const existing = parent.entries.get(basename(path));
    if (existing !== undefined && !('content' in existing)) throw errno('EISDIR', path);
    const node = existing ?? fileOf(Buffer.alloc(0), this.now());
    if (mode === 'create') shorten(node, 0);
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
    this.check('makeDirectory', path);
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
    this.check('removeDirectory', path);
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
      this.put(bytes.subarray(0, bytes.length >> 1), this.node.length);
      throw error;
    }
    this.put(bytes, this.node.length);
  }

  writeAtSync(bytes: Uint8Array, position: number): void {
    this.mustBeOpen();
    try {
      this.files.check('write', this.path);
    } catch (error) {
      this.put(bytes.subarray(0, bytes.length >> 1), position);
      throw error;
    }
    this.put(bytes, position);
  }

  size(): number {
    return this.node.length;
  }

  async truncate(length: number): Promise<void> {
    this.files.check('truncate', this.path);
    shorten(this.node, Math.min(this.node.length, length));
  }

  async sync(): Promise<void> {
    this.files.pooledSyncs++;
    this.syncSync();
  }

  syncSync(): void {
    this.mustBeOpen();
    this.files.check('sync', this.path);
    this.node.changes = [];
  }

  async close(): Promise<void> {
    this.closeSync();
  }

  closeSync(): void {
    this.isOpen = false;
    this.files.handles.delete(this);
  }

  private put(bytes: Uint8Array, position: number): void {
    overwrite(this.node, bytes, position);
    this.node.modifiedMillis = this.files.now();
  }

  private mustBeOpen(): void {
    if (!this.isOpen) throw errno('EBADF', this.path);
  }
}

function survivor(
  directory: DirectoryNode,
  keep: (unsyncedBytes: number) => number,
  keepsNames: boolean,
): DirectoryNode {
  const entries = new Map<string, Node>();
  for (const [name, node] of keepsNames ? directory.entries : directory.synced) {
    if ('entries' in node) {
      entries.set(name, survivor(node, keep, keepsNames));
      continue;
    }
    entries.set(name, fileOf(survivingContent(node, keep), node.modifiedMillis));
  }
  return { entries, synced: new Map(entries) };
}

function fileOf(content: Buffer, modifiedMillis: number): FileNode {
  return { content, length: content.length, isShared: false, changes: [], modifiedMillis };
}

function overwrite(node: FileNode, bytes: Uint8Array, position: number): void {
  const { length } = node;
  const end = Math.max(length, position + bytes.length);
  const replaced = Buffer.from(node.content.subarray(position, Math.min(length, position + bytes.length)));
  node.changes.push({ position, bytes: replaced, length });
  if (node.isShared || node.content.length < end) {
    const grown = Buffer.allocUnsafe(Math.max(1024, end + (end >> 1)));
    node.content.copy(grown, 0, 0, length);
    node.content = grown;
    node.isShared = false;
  }
  node.content.set(bytes, position);
  node.length = end;
}

function shorten(node: FileNode, length: number): void {
  const bytes = Buffer.from(node.content.subarray(length, node.length));
  node.changes.push({ position: length, bytes, length: node.length });
  node.length = length;
}

/** The file as it was when it was last synced. */
function syncedContent(node: FileNode): Buffer {
  const content = Buffer.alloc(Math.max(node.length, ...node.changes.map((change) => change.length)));
  node.content.copy(content, 0, 0, node.length);
  let { length } = node;
  for (const change of node.changes.toReversed()) {
    content.set(change.bytes, change.position);
    ({ length } = change);
  }
  return content.subarray(0, length);
}

/** What was synced, and of what was written since as many bytes as the disk happened to get to. */
function survivingContent(node: FileNode, keep: (unsyncedBytes: number) => number): Buffer {
  const written = node.content.subarray(0, node.length);
  const synced = syncedContent(node);
  let from = 0;
  while (from < synced.length && from < node.length && written[from] === synced[from]) from++;
  const kept = keep(Math.max(0, node.length - from));
  if (kept === 0) return synced;
  return Buffer.concat([written.subarray(0, from + kept), synced.subarray(from + kept)]);
}

/** `copies` are of the nodes copied before: a file may have several names, and be known by another since it was synced. */
function copyOf<T extends Node>(node: T, copies: Map<Node, Node>): T;
function copyOf(node: Node, copies: Map<Node, Node>): Node {
  const known = copies.get(node);
  if (known !== undefined) return known;
  if (!('entries' in node)) {
    node.isShared = true;
    const file: FileNode = { ...node, changes: [...node.changes] };
    copies.set(node, file);
    return file;
  }
  const copyNames = (names: ReadonlyMap<string, Node>): Map<string, Node> =>
    new Map([...names].map(([name, child]) => [name, copyOf(child, copies)]));
  const directory: DirectoryNode = { entries: copyNames(node.entries), synced: copyNames(node.synced) };
  copies.set(node, directory);
  return directory;
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function errno(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), { code, path });
}
