import { int64 } from '../../../bytes/index.ts';
import { NO_DELETION_TIME, NO_TTL, type Row } from '../../../storage/rows/index.ts';
import { keyText } from '../../../storage/sstable/dump/key-text.ts';
import { type Fragment, timesOf } from '../fragments/fragment.ts';
import { FragmentCollector } from '../fragments/fragment-collector.ts';
import { inReadingOrder } from '../fragments/fragment-order.ts';
import { pathText, placeText, valueText } from '../fragments/fragment-text.ts';
import { readPartitions } from '../fragments/read-partitions.ts';
import { type Verdict, Verdicts } from '../fragments/verdicts.ts';
import { type FileQuestion, fileTable, rangeOf } from './file-table.ts';

interface JudgedFragment {
  readonly key: Uint8Array;
  readonly fragment: Fragment;
  readonly cells: Row;
  readonly verdict: Verdict;
}

/** `cassette.cells`: every fragment of every source, whether a query sees it, and what hides it if not. */
export const cellsTable = fileTable<JudgedFragment>({
  name: 'cells',
  comment: "A table's raw fragments in the order of its rows, also those that no query sees, and what shadows them",
  columns:
    'partition_key text, number int, source text, kind text, clustering text, column_name text, path text, value text, writetime bigint, ttl int, local_deletion_time timestamp, live boolean, shadowed_by text',
  clustering: 'number',
  items: judgedFragments,
  values: {
    number: (_, __, place) => place,
    partition_key: ({ key }, { table }) => keyText(table, key),
    source: ({ fragment }) => fragment.source.name,
    kind: ({ fragment, cells }) => kindOf(fragment, cells),
    clustering: ({ fragment }, { table }) => placeText(table, fragment),
    column_name: ({ fragment }) => (fragment.kind === 'liveness' ? null : (fragment.column?.name ?? null)),
    path: ({ fragment, cells }) => (fragment.kind === 'cell' ? pathText(fragment, cells) : null),
    value: ({ fragment, cells }) =>
      fragment.kind !== 'cell' || cells.isTombstone(fragment.index) ? null : valueText(fragment, cells),
    writetime: ({ fragment, cells }) => {
      const { hi, lo } = timesOf(fragment, cells);
      return int64.toBigInt(hi, lo);
    },
    ttl: ({ fragment, cells }) => {
      const { ttl } = timesOf(fragment, cells);
      return ttl === NO_TTL ? null : ttl;
    },
    local_deletion_time: ({ fragment, cells }) => {
      const { localSeconds } = timesOf(fragment, cells);
      return localSeconds === NO_DELETION_TIME ? null : new Date(localSeconds * 1000);
    },
    live: ({ verdict }) => verdict.isLive,
    shadowed_by: ({ verdict }) => verdict.shadowedBy,
  },
});

async function* judgedFragments(question: FileQuestion): AsyncGenerator<readonly JudgedFragment[]> {
  const { reader, table, nowSeconds, isClosed } = question;
  const request = { reader, table, isClosed, range: rangeOf(question) };
  const collector = () => new FragmentCollector(table, () => true);
  for await (const partition of readPartitions(request, collector)) {
    const verdicts = new Verdicts(partition, table, nowSeconds);
    const { key, cells } = partition;
    yield inReadingOrder(partition, table).map((fragment) => {
      return { key, fragment, cells, verdict: verdicts.of(fragment) };
    });
  }
}

function kindOf(fragment: Fragment, cells: Row): string {
  switch (fragment.kind) {
    case 'deletion':
      return `${fragment.of} deletion`;
    case 'liveness':
      return 'liveness';
    case 'cell':
      return cells.isTombstone(fragment.index) ? 'cell tombstone' : 'cell';
  }
}
