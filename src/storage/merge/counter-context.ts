import { compareUnsigned, int32At, int64 } from '../../bytes/index.ts';
import { CorruptionError } from '../../errors/index.ts';

/**
 * The value of a counter cell (`db/context/CounterContext`, 5.0.8).
 *
 *   header length   int16   n global and local shards; negative: the local ones count as remote
 *   header element  int16   n times: index of a shard; + -32768 marks it global, else it is local
 *   shard           32 B    until the end, ids ascending: counter id (16 bytes), clock (int64), count (int64)
 *
 * Shards that the header does not name are remote. Cassandra ≥ 2.1 writes global shards only.
 */
const HEADER_ELEMENT_BYTES = 2;
const ID_BYTES = 16;
const COUNT_OFFSET = 24;
const SHARD_BYTES = 32;
const GLOBAL_BIT = -0x8000;

const REMOTE = 0;
const LOCAL = 1;
const GLOBAL = 2;

/** Int64 halves of a counter's value: the sum of its shards' counts, wrapping. */
export interface CounterTotal {
  hi: number;
  lo: number;
}

/** Sums the counts of a context into `out`. Throws a CorruptionError when the range is no context. */
export function counterTotal(bytes: Uint8Array, start: number, end: number, out: CounterTotal): void {
  let hi = 0;
  let lo = 0;
  for (let p = checkedBodyStart(bytes, start, end); p < end; p += SHARD_BYTES) {
    const countLo = int32At(bytes, p + COUNT_OFFSET + 4);
    lo = (lo + countLo) | 0;
    hi = (hi + int32At(bytes, p + COUNT_OFFSET) + (lo >>> 0 < countLo >>> 0 ? 1 : 0)) | 0;
  }
  out.hi = hi;
  out.lo = lo;
}

/**
 * Merges two contexts shard by shard:
 *
 *   global + global   the higher clock, then the higher count      global + other   the global one
 *   local  + local    clocks and counts summed                     local + remote   the local one
 *   remote + remote   the higher clock, then the higher count
 */
export function mergeCounterContexts(left: Uint8Array, right: Uint8Array): Uint8Array {
  const a = new ShardCursor(left);
  const b = new ShardCursor(right);
  const merged = new ShardSink(left.length + right.length);
  while (a.hasShard() && b.hasShard()) {
    const order = compareUnsigned(left, a.body, a.body + ID_BYTES, right, b.body, b.body + ID_BYTES);
    if (order === 0) {
      const winner = supersedingShard(a, b);
      if (winner === null) merged.addSum(a, b);
      else merged.add(winner);
      a.advance();
      b.advance();
    } else if (order < 0) {
      merged.add(a);
      a.advance();
    } else {
      merged.add(b);
      b.advance();
    }
  }
  for (; a.hasShard(); a.advance()) merged.add(a);
  for (; b.hasShard(); b.advance()) merged.add(b);
  return merged.finish();
}

function checkedBodyStart(bytes: Uint8Array, start: number, end: number): number {
  const elements = end - start >= 2 ? Math.abs(((bytes[start] << 24) >> 16) | bytes[start + 1]) : 0;
  const body = start + 2 + elements * HEADER_ELEMENT_BYTES;
  if (body > end || (end - body) % SHARD_BYTES !== 0) {
    throw new CorruptionError(`a counter context of ${end - start} bytes does not hold whole shards`);
  }
  return body;
}

/** Walks the shards of one context. */
class ShardCursor {
  readonly bytes: Uint8Array;
  body: number;
  kind = REMOTE;
  private readonly bodyStart: number;
  private readonly clearsLocal: boolean;
  private header = 2;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.bodyStart = checkedBodyStart(bytes, 0, bytes.length);
    this.body = this.bodyStart;
    this.clearsLocal = bytes[0] >= 0x80;
    this.readKind();
  }

  hasShard(): boolean {
    return this.body < this.bytes.length;
  }

  advance(): void {
    this.body += SHARD_BYTES;
    this.readKind();
  }

  private readKind(): void {
    this.kind = REMOTE;
    if (this.header >= this.bodyStart) return;
    const element = ((this.bytes[this.header] << 24) >> 16) | this.bytes[this.header + 1];
    const index = (this.body - this.bodyStart) / SHARD_BYTES;
    if (element !== index && element !== index + GLOBAL_BIT) return;
    this.header += HEADER_ELEMENT_BYTES;
    if (element !== index) this.kind = GLOBAL;
    else if (!this.clearsLocal) this.kind = LOCAL;
  }
}

/** Collects shards, then lays them out behind their header. */
class ShardSink {
  private readonly body: Uint8Array;
  private bodyLength = 0;
  private readonly header: number[] = [];

  constructor(capacity: number) {
    this.body = new Uint8Array(capacity);
  }

  add(shard: ShardCursor): void {
    this.name(shard.kind);
    this.body.set(shard.bytes.subarray(shard.body, shard.body + SHARD_BYTES), this.bodyLength);
    this.bodyLength += SHARD_BYTES;
  }

  addSum(a: ShardCursor, b: ShardCursor): void {
    this.add(a);
    const view = new DataView(this.body.buffer);
    for (let offset = ID_BYTES; offset < SHARD_BYTES; offset += 8) {
      const at = this.bodyLength - SHARD_BYTES + offset;
      const other = new DataView(b.bytes.buffer, b.bytes.byteOffset + b.body + offset, 8);
      view.setBigInt64(at, view.getBigInt64(at) + other.getBigInt64(0));
    }
  }

  finish(): Uint8Array {
    const headerLength = 2 + this.header.length * HEADER_ELEMENT_BYTES;
    const context = new Uint8Array(headerLength + this.bodyLength);
    const view = new DataView(context.buffer);
    view.setInt16(0, this.header.length);
    this.header.forEach((element, i) => {
      view.setInt16(2 + i * HEADER_ELEMENT_BYTES, element);
    });
    context.set(this.body.subarray(0, this.bodyLength), headerLength);
    return context;
  }

  private name(kind: number): void {
    const index = this.bodyLength / SHARD_BYTES;
    if (kind === GLOBAL) this.header.push(index + GLOBAL_BIT);
    else if (kind === LOCAL) this.header.push(index);
  }
}

/** The shard that counts, of two with the same id; null when both are local and must be summed. */
function supersedingShard(a: ShardCursor, b: ShardCursor): ShardCursor | null {
  if (a.kind !== b.kind) return a.kind > b.kind ? a : b;
  if (a.kind === LOCAL) return null;
  const byClock = compareLongs(a, b, ID_BYTES);
  if (byClock === 0) return compareLongs(a, b, COUNT_OFFSET) >= 0 ? a : b;
  if (a.kind === GLOBAL) return byClock > 0 ? a : b;
  return remoteClockWins(a, b, byClock) ? a : b;
}

/** Remote shards of very old counters have negative clocks, which beat positive ones, the lower the later. */
function remoteClockWins(a: ShardCursor, b: ShardCursor, byClock: number): boolean {
  const aNegative = int32At(a.bytes, a.body + ID_BYTES) < 0;
  const bHi = int32At(b.bytes, b.body + ID_BYTES);
  const bPositive = bHi > 0 || (bHi === 0 && int32At(b.bytes, b.body + ID_BYTES + 4) !== 0);
  return aNegative ? bPositive || byClock < 0 : bPositive && byClock > 0;
}

function compareLongs(a: ShardCursor, b: ShardCursor, offset: number): number {
  return int64.compare(
    int32At(a.bytes, a.body + offset),
    int32At(a.bytes, a.body + offset + 4),
    int32At(b.bytes, b.body + offset),
    int32At(b.bytes, b.body + offset + 4),
  );
}
