import type { TableMetadata } from '../../schema/model/index.ts';
import {
  ClusteringPrefix,
  DeletionTime,
  type Partition,
  type RangeTombstoneMarker,
  Row,
  Step,
  type UnfilteredStream,
} from '../rows/index.ts';

/** A stream of nothing. */
export class EmptyStream implements UnfilteredStream {
  readonly table: TableMetadata;
  readonly reversed: boolean;
  readonly row = new Row();
  readonly marker: RangeTombstoneMarker = {
    clustering: new ClusteringPrefix(),
    closing: new DeletionTime(),
    opening: new DeletionTime(),
  };
  readonly partition: Partition = {
    key: new Uint8Array(0),
    keyStart: 0,
    keyEnd: 0,
    tokenHi: 0,
    tokenLo: 0,
    deletion: new DeletionTime(),
  };

  constructor(table: TableMetadata, reversed: boolean) {
    this.table = table;
    this.reversed = reversed;
  }

  next(): Step {
    return Step.END;
  }

  async load(): Promise<void> {}

  skipPartition(): void {}

  close(): void {}
}
