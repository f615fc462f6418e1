/**
 * All file access of `storage`. The real one is `nodeFileSystem`; tests have twins that fail at a chosen call, or drop
 * what was not synced. Paths are absolute. Errors are Node's own (`ENOENT`, `ENOSPC`…).
 */
export interface FileSystem {
  open(path: string, mode: 'read' | 'create' | 'append'): Promise<File>;
  /** For start-up and point reads, where a promise costs more than the read. */
  openSync(path: string): File;
  readFile(path: string): Promise<Buffer>;
  readFileSync(path: string): Buffer;
  list(directory: string): Promise<readonly DirectoryEntry[]>;
  listSync(directory: string): readonly DirectoryEntry[];
  exists(path: string): boolean;
  /** When the file was last written, whole milliseconds since 1970. */
  modifiedMillis(path: string): number;
  /** Replaces `to` atomically. */
  rename(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  makeDirectory(path: string): Promise<void>;
  removeDirectory(path: string): Promise<void>;
  /** Makes names created, renamed or removed in the directory durable. */
  syncDirectory(path: string): Promise<void>;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

export interface File {
  readonly path: string;
  /** Bytes read into `target` from `position`; fewer than asked only at the end of the file. */
  read(target: Uint8Array, offset: number, length: number, position: number): Promise<number>;
  readSync(target: Uint8Array, offset: number, length: number, position: number): number;
  /** Writes at the end. */
  write(bytes: Uint8Array): Promise<void>;
  /** As `write`, without a promise: for the WAL's group commit and flush slices. */
  writeSync(bytes: Uint8Array): void;
  /** Writes from `position`, which is not beyond the end; never mixed with the writes above. For space made ahead. */
  writeAtSync(bytes: Uint8Array, position: number): void;
  size(): number;
  truncate(length: number): Promise<void>;
  /** fdatasync. */
  sync(): Promise<void>;
  /** As `sync`, holding the event loop. */
  syncSync(): void;
  close(): Promise<void>;
  closeSync(): void;
}

/** Whether an error says that a file is not there, or was made of one that does. */
export function isMissingFile(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'ENOENT') || isMissingFile(error.cause);
}
