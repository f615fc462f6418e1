import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { int64 } from '../../../src/bytes/index.ts';
import { counterTotal, mergeCounterContexts } from '../../../src/storage/merge/index.ts';

type Kind = 'global' | 'local' | 'remote';

interface Shard {
  readonly id: number;
  readonly kind: Kind;
  readonly clock: bigint;
  readonly count: bigint;
}

function context(...shards: readonly Shard[]): Uint8Array {
  const sorted = [...shards].sort((a, b) => a.id - b.id);
  const header = sorted.flatMap((shard, i) =>
    shard.kind === 'remote' ? [] : [shard.kind === 'global' ? i - 32768 : i],
  );
  const bytes = Buffer.alloc(2 + 2 * header.length + 32 * sorted.length);
  bytes.writeInt16BE(header.length, 0);
  header.forEach((element, i) => {
    bytes.writeInt16BE(element, 2 + 2 * i);
  });
  sorted.forEach((shard, i) => {
    const at = 2 + 2 * header.length + 32 * i;
    bytes.writeUInt8(shard.id, at + 15);
    bytes.writeBigInt64BE(shard.clock, at + 16);
    bytes.writeBigInt64BE(shard.count, at + 24);
  });
  return bytes;
}

function total(bytes: Uint8Array): bigint {
  const out = { hi: 0, lo: 0 };
  counterTotal(bytes, 0, bytes.length, out);
  return int64.toBigInt(out.hi, out.lo);
}

function shard(kind: Kind, id: number, clock: bigint, count: bigint): Shard {
  return { id, kind, clock, count };
}

describe('counter contexts', () => {
  // The rules as `db/context/CounterContext` states them.
  it.each([
    [
      'global + global: the higher clock',
      shard('global', 1, 5n, 10n),
      shard('global', 1, 6n, 3n),
      shard('global', 1, 6n, 3n),
    ],
    [
      'global + global, one clock: the higher count',
      shard('global', 1, 5n, 10n),
      shard('global', 1, 5n, 3n),
      shard('global', 1, 5n, 10n),
    ],
    [
      'global + local: the global one',
      shard('global', 1, 1n, 10n),
      shard('local', 1, 9n, 3n),
      shard('global', 1, 1n, 10n),
    ],
    [
      'global + remote: the global one',
      shard('remote', 1, 9n, 10n),
      shard('global', 1, 1n, 3n),
      shard('global', 1, 1n, 3n),
    ],
    ['local + local: summed', shard('local', 1, 2n, 10n), shard('local', 1, 3n, -4n), shard('local', 1, 5n, 6n)],
    [
      'local + remote: the local one',
      shard('local', 1, 1n, 10n),
      shard('remote', 1, 9n, 3n),
      shard('local', 1, 1n, 10n),
    ],
    [
      'remote + remote: the higher clock',
      shard('remote', 1, 2n, 10n),
      shard('remote', 1, 3n, 1n),
      shard('remote', 1, 3n, 1n),
    ],
    [
      'remote + remote: a negative clock wins',
      shard('remote', 1, -2n, 10n),
      shard('remote', 1, 3n, 1n),
      shard('remote', 1, -2n, 10n),
    ],
  ])('%s', (_, a, b, merged) => {
    expect(mergeCounterContexts(context(a), context(b))).toEqual(new Uint8Array(context(merged)));
    expect(mergeCounterContexts(context(b), context(a))).toEqual(new Uint8Array(context(merged)));
  });

  it('keeps shards of both sides in the order of their ids', () => {
    const [a, b, c] = [shard('global', 1, 1n, 5n), shard('remote', 2, 1n, 7n), shard('global', 3, 1n, -2n)];
    const merged = mergeCounterContexts(context(a, c), context(b));
    expect(merged).toEqual(new Uint8Array(context(a, b, c)));
    expect(total(merged)).toBe(10n);
  });

  it('sums counts and wraps like a long', () => {
    const max = 2n ** 63n - 1n;
    expect(total(context(shard('global', 1, 1n, max), shard('global', 2, 1n, 2n)))).toBe(-(2n ** 63n) + 1n);
    expect(total(context())).toBe(0n);
  });

  it('merges global shards in any order and any grouping to the same', () => {
    const contexts = fc
      .uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 4 })
      .chain((ids) =>
        fc.tuple(
          ...ids.map((id) =>
            fc
              .tuple(fc.bigInt({ min: 1n, max: 3n }), fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }))
              .map(([clock, count]) => shard('global', id, clock, count)),
          ),
        ),
      )
      .map((shards) => context(...shards));
    fc.assert(
      fc.property(contexts, contexts, contexts, (a, b, c) => {
        const left = mergeCounterContexts(mergeCounterContexts(a, b), c);
        expect(mergeCounterContexts(a, mergeCounterContexts(c, b))).toEqual(left);
        expect(mergeCounterContexts(left, b)).toEqual(left);
      }),
    );
  });

  it.each([[1], [33], [2 + 31]])('refuses %d bytes', (length) => {
    expect(() => total(new Uint8Array(length))).toThrow('whole shards');
  });
});
