import { CqlError, type CqlErrorKind } from '../errors/index.ts';

/** Answered from memory by every node (`SchemaConstants.VIRTUAL_SYSTEM_KEYSPACE_NAMES`), and Cassette's own. */
const VIRTUAL_KEYSPACES = new Set(['system_views', 'system_virtual_schema', 'cassette']);
const LOCAL_SYSTEM_KEYSPACES = new Set(['system', 'system_schema']);
const REPLICATED_SYSTEM_KEYSPACES = new Set(['system_auth', 'system_distributed', 'system_traces']);

/** `SchemaConstants.NAME_LENGTH` */
export const MAX_NAME_LENGTH = 48;
/** `SchemaConstants.TABLE_NAME_LENGTH`: a directory name's 255 less `-` and the 32 digits of the table's id. */
export const MAX_TABLE_NAME_LENGTH = 222;

export function isVirtualKeyspace(keyspace: string): boolean {
  return VIRTUAL_KEYSPACES.has(keyspace);
}

/** Keyspaces whose definition nobody may change (`SchemaConstants.isLocalSystemKeyspace`). */
export function isLocalSystemKeyspace(keyspace: string): boolean {
  return LOCAL_SYSTEM_KEYSPACES.has(keyspace) || isVirtualKeyspace(keyspace);
}

export function isReplicatedSystemKeyspace(keyspace: string): boolean {
  return REPLICATED_SYSTEM_KEYSPACES.has(keyspace);
}

/** Every keyspace that Cassandra makes by itself (`SchemaConstants.isSystemKeyspace`). */
export function isSystemKeyspace(keyspace: string): boolean {
  return isLocalSystemKeyspace(keyspace) || isReplicatedSystemKeyspace(keyspace);
}

/** `SchemaConstants.isValidCharsName`: letters, digits and underscores, at least one. */
export function hasValidNameCharacters(name: string): boolean {
  return /^\w+$/.test(name);
}

/** `SchemaConstants.validateKeyspaceName`. */
export function checkKeyspaceName(name: string, kind: CqlErrorKind = 'InvalidRequest'): void {
  if (!hasValidNameCharacters(name)) {
    throw new CqlError(
      kind,
      `Keyspace name must not be empty and must contain alphanumeric or underscore characters only (got "${name}")`,
    );
  }
  if (name.length > MAX_NAME_LENGTH) {
    throw new CqlError(
      kind,
      `Keyspace name must not be more than ${MAX_NAME_LENGTH} characters long ` +
        `(got ${name.length} characters for "${name}")`,
    );
  }
}
