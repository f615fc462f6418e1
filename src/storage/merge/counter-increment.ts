import { compareUnsigned } from '../../bytes/index.ts';

/*
 * A context of one global shard (see counter-context.ts):
 *
 *   int16 1 | int16 −32768 (shard 0 is global) | counter id 16 | clock int64 | count int64
 */
const CONTEXT_BYTES = 36;
const ID_OFFSET = 4;
const ID_BYTES = 16;
const CLOCK_OFFSET = 20;
const COUNT_OFFSET = 28;
const SHARD_BYTES = 32;

/**
 * The context that adds `delta` to this node's shard of a counter (`CounterMutation.updateWithCurrentValue`, 5.0.8): the
 * shard's next clock is at least `nowMicros`, its count wraps as a Java long does. `current` is the cell's context, null
 * where there is none.
 */
export function incrementedCounter(
  counterId: Uint8Array,
  current: Uint8Array | null,
  delta: bigint,
  nowMicros: bigint,
): Uint8Array {
  let clock = nowMicros;
  let count = delta;
  const shard = current === null ? -1 : shardOf(current, counterId);
  if (current !== null && shard >= 0) {
    const view = new DataView(current.buffer, current.byteOffset, current.length);
    const next = view.getBigInt64(shard + ID_BYTES) + 1n;
    if (next > clock) clock = next;
    count += view.getBigInt64(shard + ID_BYTES + 8);
  }
  const context = new Uint8Array(CONTEXT_BYTES);
  const view = new DataView(context.buffer);
  view.setInt16(0, 1);
  view.setInt16(2, -0x8000);
  context.set(counterId, ID_OFFSET);
  view.setBigInt64(CLOCK_OFFSET, clock);
  view.setBigInt64(COUNT_OFFSET, BigInt.asIntN(64, count));
  return context;
}

/** Offset of the shard with that id; −1 when the context has none. */
function shardOf(context: Uint8Array, counterId: Uint8Array): number {
  const view = new DataView(context.buffer, context.byteOffset, context.length);
  for (let at = 2 + 2 * Math.abs(view.getInt16(0)); at + SHARD_BYTES <= context.length; at += SHARD_BYTES) {
    if (compareUnsigned(context, at, at + ID_BYTES, counterId, 0, ID_BYTES) === 0) return at;
  }
  return -1;
}
