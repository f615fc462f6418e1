import { ByteSink, murmur3TokenInto } from '../../bytes/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { RowMerger } from '../merge/row-merger.ts';
import { encodeRow, MutationElement, type MutationReader, RowDecoder } from '../mutation/index.ts';
import { isPlainRow } from '../mutation/row-encoding.ts';
import {
  ClusteringComparator,
  type ClusteringPrefix,
  DeletionTime,
  type ReadRange,
  Row,
  type UnfilteredStream,
} from '../rows/index.ts';
import { Rank, Records, SearchTarget } from './entries.ts';
import { EntryTree, type TreeNode } from './entry-tree.ts';
import { MemtableStream } from './memtable-stream.ts';
import { PartitionDeletions } from './partition-deletions.ts';
import { RemappedStream } from './remapped-stream.ts';
import { WriteStatistics } from './write-statistics.ts';

/** The memtable as it was when the snapshot was taken. Streams of it are valid until `release`. */
export interface MemtableSnapshot {
  /** `table` may be a later version of the memtable's: columns are matched by name. */
  stream(range: ReadRange, table?: TableMetadata): UnfilteredStream;
  release(): void;
}

/** Rows larger than this get spare room, so that a growing collection is not copied to new memory with every element. */
const ROOMY_ROW_BYTES = 256;

/** Unflushed writes of one table under one version of its columns. */
export class Memtable {
  readonly table: TableMetadata;
  readonly statistics: WriteStatistics;
  rowCount = 0;
  partitionCount = 0;
  /** Mutations applied. */
  operations = 0;

  private readonly records: Records;
  private readonly tree: EntryTree;
  private readonly deletions: PartitionDeletions[] = [];
  private readonly comparator: ClusteringComparator;
  private readonly merger: RowMerger;
  private readonly decoder = new RowDecoder();
  private readonly target = new SearchTarget();
  private readonly written = new Row();
  private readonly existing = new Row();
  private readonly sink = new ByteSink(1024);
  private readonly token = new Int32Array(4);
  private deletionBytes = 0;

  constructor(table: TableMetadata) {
    this.table = table;
    this.comparator = new ClusteringComparator(table.clustering);
    this.records = new Records(this.comparator);
    this.tree = new EntryTree(this.records);
    this.merger = new RowMerger(table);
    this.statistics = new WriteStatistics(table.regulars.length, table.statics.length);
  }

  get isEmpty(): boolean {
    return this.partitionCount === 0;
  }

  /** The least timestamp of what was written; null when nothing was. */
  get leastTime(): { readonly hi: number; readonly lo: number } | null {
    const { minTimestampHi, minTimestampLo } = this.statistics;
    return this.isEmpty ? null : { hi: minTimestampHi, lo: minTimestampLo };
  }

  /** Memory held: slabs, tree nodes and deletions. */
  get memoryBytes(): number {
    return this.records.arena.allocatedBytes + this.tree.nodeBytes + this.deletionBytes;
  }

  get isNearlyFull(): boolean {
    return this.records.arena.isNearlyFull;
  }

  /** Applies an opened mutation that was encoded for `this.table`. */
  apply(mutation: MutationReader): void {
    const { target, token } = this;
    murmur3TokenInto(mutation.bytes, mutation.keyStart, mutation.keyEnd, token);
    target.setPartition(token[0], token[1], mutation.bytes, mutation.keyStart, mutation.keyEnd);
    this.operations++;
    if (!mutation.partitionDeletion.isLive()) {
      this.writableDeletions().deletePartition(mutation.partitionDeletion);
      this.statistics.addDeletion(mutation.partitionDeletion);
    }
    for (;;) {
      switch (mutation.next()) {
        case MutationElement.END:
          return;
        case MutationElement.ROW:
          this.applyRow(mutation.bytes, mutation.rowStart, mutation.rowEnd);
          break;
        case MutationElement.RANGE:
          this.writableDeletions().deleteRange(mutation.rangeStart, mutation.rangeEnd, mutation.rangeDeletion);
          this.statistics.addDeletion(mutation.rangeDeletion);
          this.deletionBytes += RANGE_BYTES;
          break;
      }
    }
  }

  snapshot(): MemtableSnapshot {
    return new HeldSnapshot(this.tree, this.tree.hold(), this.records, this.deletions, this.table);
  }

  /** Whether there is anything of the partition. */
  contains(tokenHi: number, tokenLo: number, key: Uint8Array, keyStart: number, keyEnd: number): boolean {
    const { target } = this;
    target.setPartition(tokenHi, tokenLo, key, keyStart, keyEnd);
    target.rank = Rank.DELETIONS;
    this.tree.find(target);
    return target.keyAddress >= 0;
  }

  private applyRow(bytes: Uint8Array, start: number, end: number): void {
    const { target, tree, records, written } = this;
    this.decoder.decode(bytes, start, end, written);
    this.statistics.addRow(written);
    target.rank = written.isStatic ? Rank.STATIC : Rank.ROW;
    this.pointTargetAt(written.clustering);
    if (!tree.find(target)) {
      const capacity = end - start > ROOMY_ROW_BYTES && !isPlainRow(bytes, start) ? (end - start) * 2 : end - start;
      const address = records.addRow(tree.currentEpoch, capacity, bytes, start, end);
      tree.insert(target.tokenHi, target.tokenLo, this.keyAddress(), address);
      if (!written.isStatic) this.rowCount++;
      return;
    }
    this.mergeInto(tree.reference());
  }

  /** Reconciles what was written with the row at `address`, in place where no snapshot sees it and it fits. */
  private mergeInto(address: number): void {
    const { tree, records, written, existing, merger, sink } = this;
    this.decoder.decode(records.arena.bytesOf(address), records.rowStart(address), records.rowEnd(address), existing);
    merger.clear();
    merger.add(existing);
    merger.add(written);
    const merged = merger.merge(LIVE);
    if (merged === null) return;
    sink.clear();
    encodeRow(sink, merged);
    const length = sink.position;
    if (length <= records.rowCapacity(address) && !tree.isFrozen(records.rowEpoch(address))) {
      records.putRow(address, records.rowEpoch(address), sink.bytes, 0, length);
      return;
    }
    const capacity = length > ROOMY_ROW_BYTES ? length + (length >> 1) : length;
    tree.replace(records.addRow(tree.currentEpoch, capacity, sink.bytes, 0, length));
  }

  /** The target's key record: that of the partition, or a new one. Comes after `find`. */
  private keyAddress(): number {
    const { target } = this;
    if (target.keyAddress < 0) {
      target.keyAddress = this.records.addKey(target.key, target.keyStart, target.keyEnd);
      this.partitionCount++;
    }
    return target.keyAddress;
  }

  /** The partition's deletions, copied where a snapshot sees them. */
  private writableDeletions(): PartitionDeletions {
    const { target, tree, deletions } = this;
    target.rank = Rank.DELETIONS;
    if (!tree.find(target)) {
      const created = new PartitionDeletions(tree.currentEpoch, this.comparator);
      this.deletionBytes += RANGE_BYTES;
      const reference = ~(deletions.push(created) - 1);
      tree.insert(target.tokenHi, target.tokenLo, this.keyAddress(), reference);
      return created;
    }
    const current = deletions[~tree.reference()];
    if (!tree.isFrozen(current.epoch)) return current;
    const copy = current.copy(tree.currentEpoch);
    this.deletionBytes += RANGE_BYTES * (1 + copy.ranges.length);
    tree.replace(~(deletions.push(copy) - 1));
    return copy;
  }

  private pointTargetAt(clustering: ClusteringPrefix): void {
    this.target.clustering = clustering;
  }
}

const LIVE = new DeletionTime();
/** What a range tombstone takes of the heap, about. */
const RANGE_BYTES = 320;

class HeldSnapshot implements MemtableSnapshot {
  private readonly tree: EntryTree;
  private readonly root: TreeNode;
  private readonly records: Records;
  private readonly deletions: readonly PartitionDeletions[];
  private readonly table: TableMetadata;
  private isReleased = false;

  constructor(
    tree: EntryTree,
    root: TreeNode,
    records: Records,
    deletions: readonly PartitionDeletions[],
    table: TableMetadata,
  ) {
    this.tree = tree;
    this.root = root;
    this.records = records;
    this.deletions = deletions;
    this.table = table;
  }

  stream(range: ReadRange, table = this.table): UnfilteredStream {
    const stream = new MemtableStream(this.table, this.root, this.records, this.deletions, range);
    return table === this.table ? stream : RemappedStream.over(stream, table);
  }

  release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    this.tree.release();
  }
}
