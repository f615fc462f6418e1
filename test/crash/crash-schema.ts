import { defineTable, type Schema } from '../../src/schema/model/index.ts';
import { schemaOf } from '../storage/engine/test-database.ts';
import { wideTable } from '../storage/memtable/random-writes.ts';

/** Merged once there are two SSTables of a size, so that the writer compacts all the time. */
export const crashTable = defineTable({
  keyspace: wideTable.keyspace,
  name: wideTable.name,
  id: wideTable.id,
  columns: [...wideTable.columns.values()],
  options: {
    compaction: new Map([
      ['class', 'SizeTieredCompactionStrategy'],
      ['min_threshold', '2'],
    ]),
  },
});

const otherTable = defineTable({
  keyspace: 'ks',
  name: 'other',
  id: 'e'.repeat(32),
  columns: [{ name: 'p', kind: 'partition_key', type: { kind: 'native', name: 'int' } }],
});

/** The schemas that the writer goes back and forth between. */
export const crashSchemas: readonly Schema[] = [schemaOf(crashTable), schemaOf(crashTable, otherTable)];
