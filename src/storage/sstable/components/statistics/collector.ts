import { ByteCursor, int64, murmur2Into } from '../../../../bytes/index.ts';
import {
  type ClusteringComparator,
  ClusteringPrefix,
  type DeletionTime,
  isBoundary,
  isEnd,
  isStart,
  NO_DELETION_TIME,
  NO_TTL,
  PrefixKind,
  type RangeTombstoneMarker,
  type Row,
} from '../../../rows/index.ts';
import { CardinalityEstimator } from './cardinality.ts';
import { CELL_COUNT_BUCKETS, EstimatedHistogram, PARTITION_SIZE_BUCKETS } from './estimated-histogram.ts';
import { TombstoneHistogram } from './tombstone-histogram.ts';

const COUNTER_SHARD_BYTES = 32;

/** What Statistics.db says of an SSTable's data, collected while it is written (`metadata/MetadataCollector`, 5.0.8). */
export class StatisticsCollector {
  readonly partitionSizes = new EstimatedHistogram(PARTITION_SIZE_BUCKETS);
  readonly cellCounts = new EstimatedHistogram(CELL_COUNT_BUCKETS);
  readonly tombstoneDropTimes = new TombstoneHistogram();
  readonly cardinality = new CardinalityEstimator();

  minTimestampHi: number = int64.MIN_HI;
  minTimestampLo: number = int64.MIN_LO;
  maxTimestampHi: number = int64.MAX_HI;
  maxTimestampLo: number = int64.MAX_LO;
  private hasTimestamp = false;
  /** NO_DELETION_TIME when nothing was deleted or expires; as the maximum, when anything is plainly alive. */
  minLocalSeconds = NO_DELETION_TIME;
  maxLocalSeconds = NO_DELETION_TIME;
  private hasLocalSeconds = false;
  minTtl = NO_TTL;
  maxTtl = NO_TTL;
  private hasTtl = false;

  hasPartitionDeletion = false;
  hasLegacyCounterShards = false;
  totalRows = 0;
  totalColumnsSet = 0;
  /** The least and greatest clustering or bound; before any, bounds that no row lies between. */
  readonly minClustering = new ClusteringPrefix();
  readonly maxClustering = new ClusteringPrefix();

  private readonly comparator: ClusteringComparator;
  private readonly isCounterTable: boolean;
  private partitionCells = 0;
  private readonly hash = new Int32Array(2);

  constructor(comparator: ClusteringComparator, isCounterTable: boolean) {
    this.comparator = comparator;
    this.isCounterTable = isCounterTable;
    this.minClustering.reset(PrefixKind.EXCLUSIVE_START_BOUND, 0, NOTHING);
    this.maxClustering.reset(PrefixKind.EXCLUSIVE_END_BOUND, 0, NOTHING);
  }

  partition(deletion: DeletionTime): void {
    if (deletion.isLive()) return;
    this.hasPartitionDeletion = true;
    this.deletion(deletion.hi, deletion.lo, deletion.localSeconds);
  }

  /** Static rows count as rows, as Cassandra counts them. */
  row(row: Row): void {
    if (row.hasLiveness) {
      this.timestamp(row.livenessHi, row.livenessLo);
      this.ttl(row.livenessTtl);
      this.localSeconds(row.livenessLocalSeconds);
    }
    if (!row.deletion.isLive()) this.deletion(row.deletion.hi, row.deletion.lo, row.deletion.localSeconds);
    for (let i = 0; i < row.complexCount; i++) {
      this.deletion(row.complexHi[i], row.complexLo[i], row.complexLocalSeconds[i]);
    }
    const { cellCount, cellHi, cellLo, cellTtl, cellLocalSeconds, cellColumn } = row;
    let lastColumn = -1;
    for (let i = 0; i < cellCount; i++) {
      this.timestamp(cellHi[i], cellLo[i]);
      this.ttl(cellTtl[i]);
      this.localSeconds(cellLocalSeconds[i]);
      if (cellColumn[i] !== lastColumn) {
        lastColumn = cellColumn[i];
        this.totalColumnsSet++;
      }
      if (this.isCounterTable && !this.hasLegacyCounterShards) {
        this.hasLegacyCounterShards = hasLegacyShards(row.cellSource[i], row.valueStart[i], row.valueEnd[i]);
      }
    }
    this.partitionCells += cellCount;
    this.totalRows++;
  }

  marker(marker: RangeTombstoneMarker): void {
    const { closing, opening } = marker;
    if (!closing.isLive()) this.deletion(closing.hi, closing.lo, closing.localSeconds);
    if (!opening.isLive()) this.deletion(opening.hi, opening.lo, opening.localSeconds);
  }

  /**
   * The first and the last element of a partition: elements come in order, so that no others can be the least or the
   * greatest. Boundaries never are, since the range that they end began before and the one that they begin ends after.
   */
  clustering(prefix: ClusteringPrefix): void {
    const { kind } = prefix;
    if (isBoundary(kind)) return;
    if (!isStart(kind) && this.comparator.compare(prefix, this.maxClustering) > 0) this.maxClustering.copyFrom(prefix);
    if (!isEnd(kind) && this.comparator.compare(prefix, this.minClustering) < 0) this.minClustering.copyFrom(prefix);
  }

  endPartition(key: Uint8Array, keyStart: number, keyEnd: number, bytes: number): void {
    this.partitionSizes.add(bytes);
    this.cellCounts.add(this.partitionCells);
    this.partitionCells = 0;
    murmur2Into(key, keyStart, keyEnd, this.hash);
    this.cardinality.offer(this.hash[0], this.hash[1]);
  }

  private deletion(hi: number, lo: number, localSeconds: number): void {
    this.timestamp(hi, lo);
    this.localSeconds(localSeconds);
  }

  private timestamp(hi: number, lo: number): void {
    if (!this.hasTimestamp) {
      this.hasTimestamp = true;
      this.minTimestampHi = this.maxTimestampHi = hi;
      this.minTimestampLo = this.maxTimestampLo = lo;
      return;
    }
    if (int64.compare(hi, lo, this.minTimestampHi, this.minTimestampLo) < 0) {
      this.minTimestampHi = hi;
      this.minTimestampLo = lo;
    } else if (int64.compare(hi, lo, this.maxTimestampHi, this.maxTimestampLo) > 0) {
      this.maxTimestampHi = hi;
      this.maxTimestampLo = lo;
    }
  }

  private localSeconds(seconds: number): void {
    if (seconds !== NO_DELETION_TIME) this.tombstoneDropTimes.add(seconds);
    if (!this.hasLocalSeconds) {
      this.hasLocalSeconds = true;
      this.minLocalSeconds = this.maxLocalSeconds = seconds;
    } else if (seconds < this.minLocalSeconds) this.minLocalSeconds = seconds;
    else if (seconds > this.maxLocalSeconds) this.maxLocalSeconds = seconds;
  }

  private ttl(ttl: number): void {
    if (!this.hasTtl) {
      this.hasTtl = true;
      this.minTtl = this.maxTtl = ttl;
    } else if (ttl < this.minTtl) this.minTtl = ttl;
    else if (ttl > this.maxTtl) this.maxTtl = ttl;
  }
}

const NOTHING = new Uint8Array(0);

/**
 * Shards that are local or remote, of Cassandra before 2.1 (`CounterContext.hasLegacyShards`): the header lists fewer
 * shards than there are, or one that is not negative, which is what marks a global one.
 */
function hasLegacyShards(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 2) return false;
  const cursor = new ByteCursor(bytes, start, end);
  const listed = Math.max(0, cursor.i16());
  const shards = Math.floor((end - start - 2 - 2 * listed) / COUNTER_SHARD_BYTES);
  if (listed < shards) return true;
  for (let i = 0; i < listed; i++) if (cursor.i16() >= 0) return true;
  return false;
}
