import type { OutputSink } from '../../output/index.ts';

/** A sink that holds a file or a program until it is closed. */
export interface ClosableSink extends OutputSink {
  close(): void;
}

/** A sink that can be turned to a file (`.output`) and copied to another (CAPTURE). It owns the files, not `main`. */
export class TeeSink implements OutputSink {
  private readonly main: OutputSink;
  private redirected: ClosableSink | null = null;
  private copy: ClosableSink | null = null;

  constructor(main: OutputSink) {
    this.main = main;
  }

  write(data: string | Uint8Array): void {
    (this.redirected ?? this.main).write(data);
    this.copy?.write(data);
  }

  async drain(): Promise<void> {
    await (this.redirected ?? this.main).drain();
    await this.copy?.drain();
  }

  /** Results go to the file from now on; null turns them back. */
  redirect(file: ClosableSink | null): void {
    this.redirected?.close();
    this.redirected = file;
  }

  /** Results also go to the file; null ends it. */
  tee(file: ClosableSink | null): void {
    this.copy?.close();
    this.copy = file;
  }
}
