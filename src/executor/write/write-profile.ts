import type { ReadRange, UnfilteredStream } from '../../storage/rows/index.ts';
import {
  type BatchStream,
  type FragmentSource,
  newScanStatistics,
  type ScanRequest,
  type ScanStatistics,
  type TableSource,
} from '../../storage/scan/index.ts';

/** What one write did: for EXPLAIN ANALYZE. */
export class WriteProfile {
  mutations = 0;
  /** Of all mutations, encoded. */
  mutationBytes = 0;
  logBytes = 0;
  /** Whether it read before it wrote. */
  hasRead = false;
  readonly read: ScanStatistics = newScanStatistics();

  /** The same source, whose reads are counted here. */
  watch(source: TableSource): TableSource {
    this.hasRead = true;
    return new WatchedSource(source, this.read);
  }
}

class WatchedSource implements TableSource {
  private readonly source: TableSource;
  private readonly statistics: ScanStatistics;

  constructor(source: TableSource, statistics: ScanStatistics) {
    this.source = source;
    this.statistics = statistics;
  }

  get table(): TableSource['table'] {
    return this.source.table;
  }

  scan(request: ScanRequest): BatchStream {
    const stream = this.source.scan(request);
    const { statistics } = this;
    return {
      next: () => stream.next(),
      countRows: () => stream.countRows(),
      statistics: stream.statistics,
      close() {
        for (const [name, count] of Object.entries(stream.statistics)) {
          if (isCounter(name, statistics)) statistics[name] += count;
        }
        stream.close();
      },
    };
  }

  stream(range: ReadRange): Promise<UnfilteredStream> {
    return this.source.stream(range, this.statistics);
  }

  sources(): readonly FragmentSource[] {
    return this.source.sources();
  }

  release(): void {
    this.source.release();
  }
}

function isCounter(name: string, statistics: ScanStatistics): name is keyof ScanStatistics {
  return name in statistics;
}
