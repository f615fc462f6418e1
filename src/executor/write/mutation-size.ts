import { toHex } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import { type Mutation, MutationReader } from '../../storage/mutation/index.ts';
import { keyText } from '../../storage/sstable/dump/key-text.ts';

/** Half of a log segment, as in Cassandra (`max_mutation_size`). */
const MAX_MUTATION_BYTES = 16 * 1024 * 1024;

/**
 * Throws InvalidRequest where what goes into one partition of a keyspace is too large for one mutation
 * (`Mutation.validateSize`, 5.0.8). What counts is our own encoding, a few bytes a cell longer than Cassandra's.
 */
export function checkMutationSizes(mutations: readonly Mutation[]): void {
  let bytes = 0;
  for (const mutation of mutations) bytes += mutation.bytes.length;
  if (bytes <= MAX_MUTATION_BYTES) return;
  for (const parts of partitionsOf(mutations)) {
    const sum = parts.reduce((total, part) => total + part.bytes.length, 0);
    if (sum <= MAX_MUTATION_BYTES) continue;
    const byTable = new Map(parts.map((part): [string, Mutation] => [part.table.name, part]));
    const keys = [...byTable].map(([name, { table, bytes }]) => `${name}.${keyText(table, keyOf(bytes))}`);
    throw CqlError.invalidRequest(
      `Rejected an oversized mutation (${sum}/${MAX_MUTATION_BYTES}) for keyspace: ${parts[0].table.keyspace}. ` +
        `Top keys are: ${keys.join(', ')}`,
    );
  }
}

/** What one mutation would hold: all of one key in one keyspace. */
function partitionsOf(mutations: readonly Mutation[]): Iterable<Mutation[]> {
  const partitions = new Map<string, Mutation[]>();
  for (const mutation of mutations) {
    const key = keyOf(mutation.bytes);
    const name = `${mutation.table.keyspace}/${toHex(key, 0, key.length)}`;
    const known = partitions.get(name);
    if (known === undefined) partitions.set(name, [mutation]);
    else known.push(mutation);
  }
  return partitions.values();
}

function keyOf(bytes: Uint8Array): Uint8Array {
  const reader = new MutationReader();
  reader.open(bytes);
  return bytes.subarray(reader.keyStart, reader.keyEnd);
}
