import { int64 } from '../../../bytes/index.ts';
import { NO_DELETION_TIME, NO_TTL, type Row } from '../../../storage/rows/index.ts';
import { keyText } from '../../../storage/sstable/dump/key-text.ts';
import { type Fragment, type FragmentTimes, type PartitionFragments, timesOf } from '../fragments/fragment.ts';
import { FragmentCollector } from '../fragments/fragment-collector.ts';
import { inReadingOrder } from '../fragments/fragment-order.ts';
import { pathText, placeText } from '../fragments/fragment-text.ts';
import { readPartitions } from '../fragments/read-partitions.ts';
import { type FileQuestion, fileTable, rangeOf } from './file-table.ts';

interface Tombstone {
  readonly key: Uint8Array;
  readonly fragment: Fragment;
  readonly cells: Row;
  readonly times: FragmentTimes;
  /** Why a compaction of its source alone would keep it. */
  readonly blockers: readonly string[];
}

/** `cassette.tombstones`: what marks deletions, and whether a compaction of its source alone might drop it at now. */
export const tombstonesTable = fileTable<Tombstone>({
  name: 'tombstones',
  comment: 'Deletions and expired values that are still stored: which may go at now, and what still blocks them',
  columns:
    'partition_key text, number int, source text, kind text, clustering text, column_name text, path text, deletion_time timestamp, marked_for_delete_at bigint, droppable boolean, blocked_by text',
  clustering: 'number',
  items: tombstonesOf,
  values: {
    number: (_, __, place) => place,
    partition_key: ({ key }, { table }) => keyText(table, key),
    source: ({ fragment }) => fragment.source.name,
    kind: ({ fragment, times }) => kindOf(fragment, times),
    clustering: ({ fragment }, { table }) => placeText(table, fragment),
    column_name: ({ fragment }) => (fragment.kind === 'liveness' ? null : (fragment.column?.name ?? null)),
    path: ({ fragment, cells }) => (fragment.kind === 'cell' ? pathText(fragment, cells) : null),
    deletion_time: ({ times }) => new Date(times.localSeconds * 1000),
    marked_for_delete_at: ({ times }) => int64.toBigInt(times.hi, times.lo),
    droppable: ({ blockers }) => blockers.length === 0,
    blocked_by: ({ blockers }) => (blockers.length === 0 ? null : blockers.join(', ')),
  },
});

async function* tombstonesOf(question: FileQuestion): AsyncGenerator<readonly Tombstone[]> {
  const { reader, table, nowSeconds, isClosed } = question;
  const request = { reader, table, isClosed, range: rangeOf(question) };
  const isDead = (ttl: number, localSeconds: number): boolean =>
    localSeconds <= nowSeconds || (ttl === NO_TTL && localSeconds !== NO_DELETION_TIME);
  const collector = () => new FragmentCollector(table, isDead);
  for await (const partition of readPartitions(request, collector)) {
    const { key, cells } = partition;
    yield inReadingOrder(partition, table).map((fragment) => {
      const times = timesOf(fragment, cells);
      return { key, fragment, cells, times, blockers: blockersOf(fragment, times, partition, question) };
    });
  }
}

/**
 * `CompactionController.getPurgeEvaluator` (5.0.8): gc grace must be over, and no other source with the partition may hold
 * anything as old as the deletion. An SSTable answers by its least timestamp; a memtable with the partition blocks.
 */
function blockersOf(
  { kind, source }: Fragment,
  { hi, lo, ttl, localSeconds }: FragmentTimes,
  { sources }: PartitionFragments,
  { table, nowSeconds }: FileQuestion,
): string[] {
  const blockers: string[] = [];
  const { gc_grace_seconds, compaction } = table.options;
  // A cell that expired becomes a tombstone of the time when it was written; liveness counts from its expiry.
  const deletedSeconds = kind === 'cell' ? localSeconds - ttl : localSeconds;
  if (deletedSeconds >= nowSeconds - gc_grace_seconds) {
    const over = new Date((deletedSeconds + gc_grace_seconds) * 1000).toISOString().replace('.000Z', 'Z');
    blockers.push(`gc_grace_seconds until ${over}`);
  }
  if (source.facts === undefined) blockers.push('it is not flushed');
  else if (compaction.get('only_purge_repaired_tombstones') === 'true' && source.facts().repairedAtMillis === 0n) {
    blockers.push('only_purge_repaired_tombstones');
  }
  const micros = int64.toBigInt(hi, lo);
  for (const other of sources) {
    if (other === source) continue;
    if (other.facts === undefined || other.facts().minTimestampMicros <= micros) blockers.push(other.name);
  }
  return blockers;
}

function kindOf(fragment: Fragment, { ttl }: FragmentTimes): string {
  if (fragment.kind === 'deletion') return fragment.of;
  return ttl === NO_TTL ? fragment.kind : `expired ${fragment.kind}`;
}
