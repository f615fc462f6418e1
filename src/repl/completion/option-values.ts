import type { Candidate } from './candidate.ts';

/** An option of a table or keyspace: what its value looks like, and values that are ready to use. */
interface OptionHelp {
  readonly detail: string;
  readonly values: readonly string[];
  /** Keys of the option's map, with their usual values. */
  readonly keys?: Readonly<Record<string, readonly string[]>>;
}

const COMPACTION_CLASSES = [
  'SizeTieredCompactionStrategy',
  'LeveledCompactionStrategy',
  'TimeWindowCompactionStrategy',
  'UnifiedCompactionStrategy',
];
const COMPRESSOR_CLASSES = ['LZ4Compressor', 'ZstdCompressor', 'SnappyCompressor', 'DeflateCompressor'];

const TABLE_OPTIONS: Readonly<Record<string, OptionHelp>> = {
  additional_write_policy: { detail: "'99p', '50ms', 'always', 'never'", values: ["'99p'"] },
  allow_auto_snapshot: { detail: 'boolean', values: ['true', 'false'] },
  bloom_filter_fp_chance: { detail: 'number from 0 to 1', values: ['0.01', '0.1'] },
  caching: {
    detail: 'map',
    values: ["{'keys': 'ALL', 'rows_per_partition': 'NONE'}"],
    keys: { keys: ['ALL', 'NONE'], rows_per_partition: ['NONE', 'ALL', '100'] },
  },
  cdc: { detail: 'boolean', values: ['true', 'false'] },
  comment: { detail: 'string', values: [] },
  compaction: {
    detail: 'map',
    values: COMPACTION_CLASSES.map((name) => `{'class': '${name}'}`),
    keys: {
      class: COMPACTION_CLASSES,
      enabled: ['true', 'false'],
      min_threshold: ['4'],
      max_threshold: ['32'],
      sstable_size_in_mb: ['160'],
      compaction_window_unit: ['DAYS', 'HOURS', 'MINUTES'],
      compaction_window_size: ['1'],
      scaling_parameters: ['T4', 'L10', 'N'],
      tombstone_threshold: ['0.2'],
      tombstone_compaction_interval: ['86400'],
      unchecked_tombstone_compaction: ['false', 'true'],
      only_purge_repaired_tombstones: ['false', 'true'],
    },
  },
  compression: {
    detail: 'map',
    values: COMPRESSOR_CLASSES.map((name) => `{'class': '${name}', 'chunk_length_in_kb': 16}`),
    keys: { class: COMPRESSOR_CLASSES, chunk_length_in_kb: ['16', '4', '64'], enabled: ['true', 'false'] },
  },
  crc_check_chance: { detail: 'number from 0 to 1', values: ['1.0'] },
  default_time_to_live: { detail: 'seconds', values: ['0', '86400'] },
  gc_grace_seconds: { detail: 'seconds', values: ['864000'] },
  incremental_backups: { detail: 'boolean', values: ['true', 'false'] },
  max_index_interval: { detail: 'keys', values: ['2048'] },
  memtable: { detail: 'string', values: ["'default'"] },
  memtable_flush_period_in_ms: { detail: 'milliseconds', values: ['0'] },
  min_index_interval: { detail: 'keys', values: ['128'] },
  read_repair: { detail: "'BLOCKING' or 'NONE'", values: ["'BLOCKING'", "'NONE'"] },
  speculative_retry: { detail: "'99p', '50ms', 'always', 'never'", values: ["'99p'"] },
};

const KEYSPACE_OPTIONS: Readonly<Record<string, OptionHelp>> = {
  replication: {
    detail: 'map',
    values: [
      "{'class': 'SimpleStrategy', 'replication_factor': 1}",
      "{'class': 'NetworkTopologyStrategy', 'datacenter1': 3}",
    ],
    keys: { class: ['SimpleStrategy', 'NetworkTopologyStrategy'], replication_factor: ['1', '3'] },
  },
  durable_writes: { detail: 'boolean', values: ['true', 'false'] },
};

const ROLE_OPTIONS: Readonly<Record<string, OptionHelp>> = {
  PASSWORD: { detail: 'string', values: [] },
  LOGIN: { detail: 'boolean', values: ['true', 'false'] },
  SUPERUSER: { detail: 'boolean', values: ['true', 'false'] },
};

/** Names of the options that the statement may set. */
export function optionCandidates(opening: string): Candidate[] {
  return Object.entries(optionsOf(opening)).map(([name, { detail }]) => ({
    kind: 'option',
    label: name,
    insert: `${name} = `,
    detail,
  }));
}

/** Values for `option = `; null when the text does not end there. */
export function optionValueCandidates(opening: string, before: string): Candidate[] | null {
  const match = /\b(?:with|and)\s+(\w+)\s*=\s*$/i.exec(before);
  const option = match === null ? undefined : optionsOf(opening)[match[1].toLowerCase()];
  if (option === undefined) return null;
  const placeholder: Candidate = { kind: 'placeholder', label: `<${option.detail}>`, insert: null };
  return [placeholder, ...option.values.map((value): Candidate => ({ kind: 'value', label: value, insert: value }))];
}

/** What may stand inside an option's map: keys, or the values of one; null when the cursor is in none. */
export function optionMapCandidates(
  before: string,
): { readonly prefix: string; readonly candidates: Candidate[] } | null {
  const match = /\b(compaction|compression|caching|replication)\s*=\s*\{([^}]*)$/i.exec(before);
  if (match === null) return null;
  const option = TABLE_OPTIONS[match[1].toLowerCase()] ?? KEYSPACE_OPTIONS[match[1].toLowerCase()];
  const keys = option?.keys ?? {};
  const entry = match[2].slice(match[2].lastIndexOf(',') + 1);
  const value = /^\s*'(\w+)'\s*:\s*('?[\w.]*)$/.exec(entry);
  if (value !== null) {
    const values = keys[value[1]] ?? [];
    return { prefix: value[2], candidates: values.map((text) => quotedCandidate('value', text, '')) };
  }
  const key = /^\s*('?\w*)$/.exec(entry);
  if (key === null) return null;
  const given = new Set([...match[2].matchAll(/'(\w+)'\s*:/g)].map(([, name]) => name));
  const names = Object.keys(keys).filter((name) => !given.has(name));
  return { prefix: key[1], candidates: names.map((name) => quotedCandidate('option', name, ': ')) };
}

function quotedCandidate(kind: Candidate['kind'], text: string, behind: string): Candidate {
  const quoted = `'${text}'`;
  return { kind, label: quoted, insert: quoted + behind };
}

function optionsOf(opening: string): Readonly<Record<string, OptionHelp>> {
  if (opening.endsWith('KEYSPACE')) return KEYSPACE_OPTIONS;
  if (opening.endsWith('TABLE') || opening.endsWith('MATERIALIZED')) return TABLE_OPTIONS;
  return opening.endsWith('ROLE') ? ROLE_OPTIONS : {};
}
