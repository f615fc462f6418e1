import { appendFileSync, closeSync, mkdirSync, openSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Entries kept; older ones are cut off when the file has grown by a quarter over it. */
const MAX_ENTRIES = 5_000;
/** One entry longer than this (a pasted script) is not kept. */
const MAX_ENTRY_CHARACTERS = 100_000;
const OWNER_ONLY = 0o600;
const LINE_FEED = 0x0a;

/** Statements that carry secrets are never stored. */
const SECRET = /\b(password|login)\b/i;

/**
 * What was run before, oldest first, in a file of JSON strings, a line an entry: multi-line entries stay whole. Several
 * shells share the file: each appends its own lines, and `refresh` takes in what the others wrote. Mode 0600.
 */
export class History {
  readonly entries: string[] = [];
  private readonly path: string | null;
  /** The file whose first `readBytes` bytes are in `entries`: whole lines. A shell that cuts the file makes another. */
  private inode = 0;
  private readBytes = 0;

  /** `path` null keeps the history in memory only. */
  constructor(path: string | null) {
    this.path = path;
    this.refresh();
  }

  add(entry: string): void {
    const text = entry.trim();
    if (text === '' || text.length > MAX_ENTRY_CHARACTERS || SECRET.test(text)) return;
    this.refresh();
    if (this.entries.at(-1) === text) return;
    if (this.path !== null && append(this.path, text)) {
      // Read back with what other shells appended meanwhile.
      this.refresh();
      if (this.entries.length > MAX_ENTRIES * 1.25) this.cut(this.path);
    } else this.entries.push(text);
  }

  /** Takes in entries that other shells appended since; a look at the file's size where there are none. */
  refresh(): void {
    if (this.path === null) return;
    try {
      const status = statSync(this.path, { throwIfNoEntry: false });
      if (status === undefined) return;
      if (status.ino !== this.inode || status.size < this.readBytes) {
        // Another shell cut the file.
        this.entries.length = 0;
        this.readBytes = 0;
        this.inode = status.ino;
      }
      if (status.size > this.readBytes) this.takeIn(bytesOf(this.path, this.readBytes, status.size));
    } catch {
      // Unreadable: the session goes on with what it has.
    }
  }

  /** The newest entry before `index` that contains `text` (Ctrl-R), or null. */
  search(text: string, before: number): number | null {
    for (let i = Math.min(before, this.entries.length) - 1; i >= 0; i--) {
      if (this.entries[i].includes(text)) return i;
    }
    return null;
  }

  /** Entries of whole lines; the rest of a line that is being written comes next time. */
  private takeIn(bytes: Buffer): void {
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    for (const line of bytes.toString('utf8', 0, end).split('\n')) {
      const entry = parseEntry(line);
      if (entry !== null && this.entries.at(-1) !== entry) this.entries.push(entry);
    }
    this.readBytes += end;
  }

  private cut(path: string): void {
    this.entries.splice(0, this.entries.length - MAX_ENTRIES);
    const replacement = `${path}.${process.pid}`;
    try {
      writeFileSync(replacement, this.entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), {
        mode: OWNER_ONLY,
      });
      const { ino, size } = statSync(replacement);
      renameSync(replacement, path);
      this.inode = ino;
      this.readBytes = size;
    } catch {
      // It is cut another time.
    }
  }
}

/** Whether the entry was written. A history that cannot be written must never stop the work. */
function append(path: string, entry: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: OWNER_ONLY });
    return true;
  } catch {
    return false;
  }
}

function bytesOf(path: string, from: number, to: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.allocUnsafe(to - from);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
  } finally {
    closeSync(file);
  }
}

function parseEntry(line: string): string | null {
  if (line === '') return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}
