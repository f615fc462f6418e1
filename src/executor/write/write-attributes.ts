import { int32At, int64 } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import type { CheckedBatch, CheckedWrite, TypedExpression } from '../../planner/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { termFault, termValue } from '../evaluate/index.ts';
import type { WriteContext } from './write-context.ts';

/** 20 years (`cql3/Attributes.MAX_TTL`, 5.0.8). */
const MAX_TTL_SECONDS = 20 * 365 * 24 * 60 * 60;

/** The least int64 has no microsecond before it and stands for "no timestamp". */
const NO_TIMESTAMP = int64.toBigInt(int64.MIN_HI, int64.MIN_LO);

/** USING TIMESTAMP, or the statement's own time. */
export function timestampOf(term: TypedExpression | null, context: WriteContext): bigint {
  if (term === null) return context.timestampMicros;
  const value = termValue(term, context);
  if (value === null) throw termFault(term, context, 'Invalid null value of timestamp');
  if (value === undefined) return context.timestampMicros;
  if (value.length !== 8)
    throw termFault(term, context, `Invalid timestamp value: ${Buffer.from(value).toString('hex')}`);
  return new DataView(value.buffer, value.byteOffset, 8).getBigInt64(0);
}

/** Throws for the one time that cells cannot have; `term` is what it came from. */
export function checkStored(timestampMicros: bigint, term: TypedExpression | null, context: WriteContext): void {
  if (timestampMicros !== NO_TIMESTAMP) return;
  const message = `Out of bound timestamp, must be in [${NO_TIMESTAMP + 1n}, ${2n ** 63n - 1n}]`;
  throw term === null ? CqlError.invalidRequest(message) : termFault(term, context, message);
}

/** USING TTL, or the table's default; 0 for none. Refuses what the format cannot hold, as policy REJECT does. */
export function ttlOf(term: TypedExpression | null, table: TableMetadata, context: WriteContext): number {
  const defaultTtl = table.options.default_time_to_live;
  if (term === null) return checkedExpiry(defaultTtl, table, context, true);
  const value = termValue(term, context);
  if (value === undefined) return defaultTtl;
  if (value === null || value.length === 0) return 0;
  if (value.length !== 4) throw termFault(term, context, `Invalid TTL value: ${Buffer.from(value).toString('hex')}`);
  try {
    return checkedTtl(int32At(value, 0), table, context);
  } catch (error) {
    throw error instanceof CqlError ? termFault(term, context, error.message) : error;
  }
}

/** Throws what is wrong with the times of a write, or of any write of a batch. */
export function checkAttributes(write: CheckedWrite | CheckedBatch, context: WriteContext): void {
  if (write.kind === 'batch') {
    timestampOf(write.timestamp, context);
    for (const one of write.writes) checkAttributes(one, context);
  } else {
    const timestampMicros = timestampOf(write.timestamp, context);
    ttlOf(write.ttl, write.table, context);
    checkStored(timestampMicros, write.timestamp, context);
  }
}

/** A TTL that was asked for; `place` begins the message of a refusal. */
export function checkedTtl(ttl: number, table: TableMetadata, context: WriteContext, place = ''): number {
  if (ttl < 0) throw CqlError.invalidRequest(`${place}A TTL must be greater or equal to 0, but was ${ttl}`);
  if (ttl > MAX_TTL_SECONDS) {
    throw CqlError.invalidRequest(`${place}ttl is too large. requested (${ttl}) maximum (${MAX_TTL_SECONDS})`);
  }
  return checkedExpiry(ttl, table, context, false);
}

/** `db/ExpirationDateOverflowHandling`, 5.0.8. */
export function checkedExpiry(ttl: number, table: TableMetadata, context: WriteContext, isDefault: boolean): number {
  const { nowSeconds, maxExpirySeconds } = context;
  if (ttl === 0 || nowSeconds + ttl <= maxExpirySeconds) return ttl;
  const latest = new Date(maxExpirySeconds * 1000).toISOString().replace('.000Z', '+00:00');
  throw CqlError.invalidRequest(
    `Request on table ${table.keyspace}.${table.name} with ${isDefault ? 'default ' : ''}ttl of ${ttl} seconds exceeds ` +
      `maximum supported expiration date of ${latest}. In order to avoid this use a lower TTL, change the expiration ` +
      'date overflow policy or upgrade to a version where this limitation is fixed. See CASSANDRA-14092 and ' +
      'CASSANDRA-14227 for more details.',
  );
}
