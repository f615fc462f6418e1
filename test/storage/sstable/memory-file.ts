import type { File } from '../../../src/storage/files/file-system.ts';

/** A file that is an array of bytes. */
export class MemoryFile implements File {
  readonly path: string;
  private chunks: Buffer[] = [];

  constructor(path = 'memory', bytes: Uint8Array = new Uint8Array(0)) {
    this.path = path;
    this.chunks = [Buffer.from(bytes)];
  }

  get bytes(): Buffer {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0];
  }

  async read(target: Uint8Array, offset: number, length: number, position: number): Promise<number> {
    return this.readSync(target, offset, length, position);
  }

  readSync(target: Uint8Array, offset: number, length: number, position: number): number {
    const source = this.bytes.subarray(position, position + length);
    target.set(source, offset);
    return source.length;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.writeSync(bytes);
  }

  writeSync(bytes: Uint8Array): void {
    this.chunks.push(Buffer.from(bytes));
  }

  writeAtSync(bytes: Uint8Array, position: number): void {
    const { bytes: before } = this;
    this.chunks = [before.subarray(0, position), Buffer.from(bytes), before.subarray(position + bytes.length)];
  }

  size(): number {
    return this.bytes.length;
  }

  async truncate(length: number): Promise<void> {
    this.chunks = [this.bytes.subarray(0, length)];
  }

  async sync(): Promise<void> {}

  syncSync(): void {}
  async close(): Promise<void> {}
  closeSync(): void {}
}
