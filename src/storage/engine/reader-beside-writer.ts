import { isMissingFile } from '../files/file-system.ts';
import type { ReplayReport } from '../wal/index.ts';
import type { Stores } from './stores.ts';

/** A reader beside a live writer starts over when a file went while it opened; the writer is not that fast forever. */
const MAX_READ_ATTEMPTS = 50;
/** For a set of files that changed and is still there, fewer: each attempt reads the log again. */
const MAX_MOMENT_ATTEMPTS = 5;

/** Fills the stores of a process that only reads, as of one moment, while another may write. */
export class ReaderBesideWriter {
  private readonly stores: Stores;
  private readonly readSchema: () => void;
  /** Of what was read. */
  private signature = '';

  /** `readSchema` gives the stores the schema of the moment. */
  constructor(stores: Stores, readSchema: () => void) {
    this.stores = stores;
    this.readSchema = readSchema;
  }

  /** Whether the writer did anything since `read`. */
  get isStale(): boolean {
    return this.stores.signature() !== this.signature;
  }

  /** Starts over when a file went, or the set of SSTables changed, while it was looked at: what is shown is of one moment. */
  async read(): Promise<ReplayReport> {
    const { stores } = this;
    for (let attempt = 1; ; attempt++) {
      stores.close();
      try {
        this.readSchema();
        this.signature = stores.signature();
        const contents = stores.contents();
        const report = await stores.readAsOfNow();
        if (contents === stores.contents() || attempt >= MAX_MOMENT_ATTEMPTS) return report;
      } catch (error) {
        stores.close();
        if (!isMissingFile(error) || attempt === MAX_READ_ATTEMPTS) throw error;
      }
    }
  }
}
