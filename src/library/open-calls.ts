import { UsageError } from '../errors/index.ts';

interface OpenStream {
  abandon(reason: Error): void;
  release(): void;
}

/** What is under way on a database, so that closing it waits for calls and ends streams. */
export class OpenCalls {
  private readonly streams = new Set<OpenStream>();
  private running = 0;
  private isClosed = false;
  private onIdle: (() => void) | null = null;

  /** Throws a UsageError once the database is closed. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    this.checkOpen();
    this.running++;
    try {
      return await call();
    } finally {
      this.running--;
      if (this.running === 0) this.onIdle?.();
    }
  }

  checkOpen(): void {
    if (this.isClosed) throw closedError();
  }

  opened(stream: OpenStream): void {
    this.streams.add(stream);
  }

  ended(stream: OpenStream): void {
    this.streams.delete(stream);
  }

  /** No further calls; resolves when those under way have ended. Streams are stopped, also between two rows. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const stream of this.streams) stream.abandon(closedError());
    if (this.running > 0) {
      await new Promise<void>((resolve) => {
        this.onIdle = resolve;
      });
    }
    for (const stream of this.streams) stream.release();
    this.streams.clear();
  }
}

function closedError(): UsageError {
  return new UsageError('the database is closed');
}
