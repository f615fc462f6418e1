import { CqlError } from '../../errors/index.ts';
import type { BatchStatement } from '../../parser/ast/index.ts';
import { isCounterTable } from '../../schema/model/index.ts';
import type { BindScope } from '../expressions/bind-scope.ts';
import type { PlanContext } from '../plan-context.ts';
import { nativeType } from '../types/native-types.ts';
import { bindNamed } from './check-operation.ts';
import { checkAttributes, checkStatement } from './check-write.ts';
import type { CheckedBatch, CheckedWrite } from './checked-write.ts';

/** BEGIN … APPLY BATCH (`BatchStatement.Parsed.prepare` and `validate`, 5.0.8). */
export function checkBatch(
  statement: BatchStatement,
  context: PlanContext,
  markers: BindScope['markers'] = [],
): CheckedBatch {
  const scope: BindScope = { context, keyspace: context.keyspace ?? '', table: null, columns: null, markers };
  const timestamp =
    statement.using?.timestamp === undefined
      ? null
      : bindNamed(statement.using.timestamp, '[timestamp]', nativeType('bigint'), scope);
  const writes = statement.statements.map((write) => checkStatement(write, context, markers));
  const batch: CheckedBatch = {
    kind: 'batch',
    type: statement.type,
    timestamp,
    writes,
    hasConditions: writes.some((write) => write.conditions.kind !== 'none'),
  };
  if (statement.using?.ttl !== undefined) {
    throw CqlError.invalidRequest('Global TTL on the BATCH statement is not supported.');
  }
  validateBatch(batch);
  for (const write of writes) checkAttributes(write);
  return batch;
}

/** The rules of batches, also of those that a client puts together. */
export function validateBatch({ type, timestamp, writes, hasConditions }: CheckedBatch): void {
  if (timestamp !== null) {
    if (hasConditions) throw CqlError.invalidRequest('Cannot provide custom timestamp for conditional BATCH');
    if (type === 'counter') throw CqlError.invalidRequest('Cannot provide custom timestamp for counter BATCH');
    if (writes.some((write) => write.timestamp !== null)) {
      throw CqlError.invalidRequest('Timestamp must be set either on BATCH or individual statements');
    }
  }
  const hasCounters = writes.some(isCounterWrite);
  const hasOthers = writes.some((write) => !isCounterWrite(write));
  if (timestamp !== null && hasCounters) {
    throw CqlError.invalidRequest('Cannot provide custom timestamp for a BATCH containing counters');
  }
  if (type === 'counter' && hasOthers) {
    throw CqlError.invalidRequest('Cannot include non-counter statement in a counter batch');
  }
  if (hasCounters && hasOthers) {
    throw CqlError.invalidRequest('Counter and non-counter mutations cannot exist in the same batch');
  }
  if (type === 'logged' && hasCounters) {
    throw CqlError.invalidRequest('Cannot include a counter statement in a logged batch');
  }
  if (hasConditions && writes.some((write) => write.table !== writes[0].table)) {
    throw CqlError.invalidRequest('Batch with conditions cannot span multiple tables');
  }
}

function isCounterWrite(write: CheckedWrite): boolean {
  return isCounterTable(write.table);
}
