import { closeSync, openSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { OutputSink } from './row-format.ts';

/** Text is gathered up to this before it is handed to the stream: few, large writes. */
const BUFFER_CHARACTERS = 64 * 1024;

/** A sink over a Node stream (stdout, a pipe to a pager) that honours its back-pressure. */
export class StreamSink implements OutputSink {
  private readonly stream: Writable;
  private text = '';
  private full = false;
  private failure: Error | null = null;

  constructor(stream: Writable) {
    this.stream = stream;
    stream.on('error', (error) => {
      this.failure = error;
    });
  }

  write(data: string | Uint8Array): void {
    if (typeof data === 'string' && data.length < BUFFER_CHARACTERS) {
      this.text += data;
      if (this.text.length >= BUFFER_CHARACTERS) this.flush();
    } else {
      // What is long is not copied to what waits.
      this.flush();
      if (!this.stream.write(data)) this.full = true;
    }
  }

  async drain(): Promise<void> {
    this.flush();
    if (this.full && this.failure === null && !this.isGone) {
      this.full = false;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          this.stream.off('drain', done);
          this.stream.off('error', done);
          this.stream.off('close', done);
          resolve();
        };
        this.stream.on('drain', done);
        this.stream.on('error', done);
        this.stream.on('close', done);
      });
    }
    if (this.failure !== null) throw this.failure;
    if (this.isGone) throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' });
  }

  /** All that was written is out, and no one holds its bytes. */
  get isIdle(): boolean {
    return this.text === '' && this.stream.writableLength === 0;
  }

  /** Node destroys a program's stdin without an error when the program ends. */
  private get isGone(): boolean {
    return 'destroyed' in this.stream && this.stream.destroyed;
  }

  private flush(): void {
    if (this.text === '') return;
    const text = this.text;
    this.text = '';
    if (!this.stream.write(text)) this.full = true;
  }
}

/**
 * Over a sink whose reader may go away while the work is of use without it: what is written then is dropped, and no error.
 */
export class LastingSink implements OutputSink {
  /** The reader has gone. */
  isGone = false;
  private readonly sink: OutputSink;

  constructor(sink: OutputSink) {
    this.sink = sink;
  }

  write(data: string | Uint8Array): void {
    if (!this.isGone) this.sink.write(data);
  }

  async drain(): Promise<void> {
    if (this.isGone) return;
    try {
      await this.sink.drain();
    } catch (error) {
      if (!isBrokenPipe(error)) throw error;
      this.isGone = true;
    }
  }
}

/** The reader of our output went away (`cassette … | head`). */
export function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

/** A sink into a file, written synchronously in large pieces. */
export class FileSink implements OutputSink {
  /** Bytes are written before `write` returns. */
  readonly isIdle = true;
  private readonly descriptor: number;
  private text = '';

  constructor(path: string, flags: 'w' | 'a' = 'w') {
    this.descriptor = openSync(path, flags);
  }

  write(data: string | Uint8Array): void {
    if (typeof data === 'string' && data.length < BUFFER_CHARACTERS) {
      this.text += data;
      if (this.text.length >= BUFFER_CHARACTERS) this.flush();
    } else {
      this.flush();
      writeAll(this.descriptor, typeof data === 'string' ? Buffer.from(data, 'utf8') : data);
    }
  }

  async drain(): Promise<void> {
    this.flush();
  }

  close(): void {
    this.flush();
    closeSync(this.descriptor);
  }

  private flush(): void {
    if (this.text === '') return;
    const bytes = Buffer.from(this.text, 'utf8');
    this.text = '';
    writeAll(this.descriptor, bytes);
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  let offset = 0;
  while (offset < bytes.length) offset += writeSync(descriptor, bytes, offset, bytes.length - offset);
}
