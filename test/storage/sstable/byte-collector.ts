import type { ByteOutput } from '../../../src/storage/sstable/dump/dump.ts';

/** An output that keeps everything. */
export class ByteCollector implements ByteOutput {
  private readonly pieces: Uint8Array[] = [];

  write(bytes: Uint8Array): void {
    this.pieces.push(bytes);
  }

  async drain(): Promise<void> {}

  text(): string {
    return Buffer.concat(this.pieces).toString('utf8');
  }
}
