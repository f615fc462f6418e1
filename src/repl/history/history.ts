import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Entries kept; older ones are cut off when the file has grown by a quarter over it. */
const MAX_ENTRIES = 5_000;
/** One entry longer than this (a pasted script) is not kept. */
const MAX_ENTRY_CHARACTERS = 100_000;
const OWNER_ONLY = 0o600;

/** Statements that carry secrets are never stored. */
const SECRET = /\b(password|login)\b/i;

/**
 * What was run before, oldest first, in a file of JSON strings, a line an entry: multi-line entries stay whole. Several
 * shells share the file: each appends its own lines, and `refresh` takes in what the others wrote. Mode 0600.
 */
export class History {
  readonly entries: string[] = [];
  private readonly path: string | null;
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
    this.entries.push(text);
    if (this.path === null) return;
    try {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
      appendFileSync(this.path, `${JSON.stringify(text)}\n`, { mode: OWNER_ONLY });
      this.readBytes = statSync(this.path).size;
      if (this.entries.length > MAX_ENTRIES * 1.25) this.cut();
    } catch {
      // A history that cannot be written must never stop the work.
    }
  }

  /** Takes in entries that other shells appended since. */
  refresh(): void {
    if (this.path === null || !existsSync(this.path)) return;
    try {
      const bytes = readFileSync(this.path);
      if (bytes.length < this.readBytes) {
        // Another shell cut the file.
        this.entries.length = 0;
        this.readBytes = 0;
      }
      const added = bytes.subarray(this.readBytes).toString('utf8').split('\n');
      this.readBytes = bytes.length;
      for (const line of added) {
        const entry = parseEntry(line);
        if (entry !== null && this.entries.at(-1) !== entry) this.entries.push(entry);
      }
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

  private cut(): void {
    if (this.path === null) return;
    this.entries.splice(0, this.entries.length - MAX_ENTRIES);
    const replacement = `${this.path}.${process.pid}`;
    writeFileSync(replacement, this.entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), {
      mode: OWNER_ONLY,
    });
    renameSync(replacement, this.path);
    chmodSync(this.path, OWNER_ONLY);
    this.readBytes = statSync(this.path).size;
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
