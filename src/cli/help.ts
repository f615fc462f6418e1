import type { Command } from './arguments.ts';

const SHELL = `cassette [OPTIONS] [PATH…]            a shell on PATH: a Cassette database, or any Cassandra data, keyspace, table or
                                      snapshot directory, or one *-Data.db; no PATH: a temporary database
cassette [OPTIONS] [PATH] -e CQL      run statements (repeatable), then exit      -f FILE  run a script (- is stdin)
cassette dump FILE|DIR…               every partition, row, cell and tombstone as JSON, as sstabledump prints it
cassette inspect FILE|DIR…            what the files say of themselves, as sstablemetadata does and more
cassette verify PATH                  check every checksum, order, index entry and cell of every SSTable
cassette schema PATH                  the schema as CQL
cassette stats PATH                   tables, SSTables, sizes, rows, tombstones, memtable, WAL, compaction totals
cassette flush PATH                   memtables to SSTables
cassette compact PATH [KS.TABLE]      full compaction
cassette maintenance PATH --budget-ms N
cassette export-sstable OUT PATH --keyspace KS --table T [--sstable-format nb|oa|da] [--generation N]
cassette import PATH KS.TABLE FILE…   CSV, JSON lines, or SSTables into a table
cassette serve, cassette connect      not yet

-k, --keyspace KS      the keyspace to start in          --format F    table expanded json jsonl csv tsv markdown html
--schema FILE          CQL with the schema                             insert parquet arrow
--read-only            never write                       -o, --output FILE
--write-dir DIR        write there, over PATH            --stats       time, rows, SSTables and bytes read, to stderr
--strict, --explore    as Cassandra, or its superset     --durability sync|periodic|none
--continue-on-error    scripts go on                     --flush       flush before exit
--mutation JSON, --mutations-file FILE                   --no-color, --no-history, --debug, -q, -v, -h
`;

const SUBCOMMAND: Partial<Record<Command, string>> = {
  dump: `cassette dump FILE|DIR…    every partition, row, cell and tombstone as JSON, as sstabledump prints it

-l        a partition a line          -k KEY    only these partitions (repeatable)
-t        timestamps as micros        -x KEY    all but these
-e        keys only                   -d        internal form, a row a line
--schema FILE   names of key columns; without it the SSTable's own header is the schema
`,
  inspect: `cassette inspect FILE|DIR… [--component NAME] [--format json]

NAME: statistics index summary filter compression-info toc partitions rows data
`,
  verify: `cassette verify PATH…    every checksum, order, index entry and cell of every SSTable below PATH

Lists all damage; exit code 1 when there is any.
`,
  'export-sstable': `cassette export-sstable OUT PATH --keyspace KS --table T [--sstable-format nb|oa|da] [--generation N]
                        [--no-compact] [--no-validate]

One compacted SSTable in OUT, ready for nodetool import. PATH may be foreign: nothing in it changes.
`,
  import: `cassette import PATH KS.TABLE FILE…    CSV (with header), JSON lines, or SSTables into a table of a Cassette database
`,
};

/** The page for one subcommand, or the overview. */
export function helpText(command: Command): string {
  return SUBCOMMAND[command] ?? SHELL;
}
