import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrieCursor } from '../../../../src/storage/sstable/bti/trie-cursor.ts';
import { signedSize } from '../../../../src/storage/sstable/bti/trie-format.ts';
import { TriePages } from '../../../../src/storage/sstable/bti/trie-pages.ts';
import { END_OF_KEY, NO_NODE, TrieWalker } from '../../../../src/storage/sstable/bti/trie-walker.ts';
import { type PayloadFormat, TrieWriter, writeUnsigned } from '../../../../src/storage/sstable/bti/trie-writer.ts';
import { ComponentFile } from '../../../../src/storage/sstable/write/component-file.ts';
import { MemoryFile } from '../memory-file.ts';

/** Payload i is i, in 1–7 bytes, then that many bytes of filling: nodes of all sizes. */
const numbers: PayloadFormat<number> = {
  size: (value) => signedSize(value),
  flags: (value) => signedSize(value),
  write: (value, sink) => writeUnsigned(sink, value, signedSize(value)),
};

interface Written {
  readonly keys: readonly Buffer[];
  readonly pages: TriePages;
  readonly root: number;
}

/** `lead` bytes stand in the file first: pointers must not care, pages must. */
function write(keys: readonly Buffer[], lead = 0): Written {
  const file = new MemoryFile();
  const out = new ComponentFile(file);
  for (let i = 0; i < lead; i++) out.sink.u8(0xee);
  const writer = new TrieWriter(out, numbers);
  keys.forEach((key, i) => {
    writer.add(key, key.length, i);
  });
  const root = writer.complete();
  out.flush();
  return { keys, pages: new TriePages(file), root };
}

function valueAt(walker: TrieWalker): number {
  return walker.signedAt(walker.payloadOffset(), walker.payloadFlags());
}

function sorted(keys: readonly Uint8Array[]): Buffer[] {
  const distinct = new Map(keys.map((key) => [Buffer.from(key).toString('hex'), Buffer.from(key)]));
  return [...distinct.values()].sort(Buffer.compare);
}

const someKeys = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.array(fc.constantFrom(0, 1, 2, 255), { maxLength: 7 }).map((bytes) => Uint8Array.from(bytes)),
      fc.uint8Array({ minLength: 20, maxLength: 300 }),
    ),
    { minLength: 1, maxLength: 300, size: 'max' },
  )
  .map(sorted);

function checkAgainst({ keys, pages, root }: Written, probes: readonly Uint8Array[]): void {
  const cursor = new TrieCursor(pages, root);
  const forward: number[] = [];
  for (let found = cursor.seekFirst(); found; found = cursor.next()) forward.push(valueAt(cursor.walker));
  expect(forward).toEqual(keys.map((_, i) => i));
  const backward: number[] = [];
  for (let found = cursor.seekLast(); found; found = cursor.previous()) backward.push(valueAt(cursor.walker));
  expect(backward).toEqual(forward.reverse());
  const walker = new TrieWalker(pages, root);
  keys.forEach((key, i) => {
    expect(walker.follow(key, key.length)).toBe(END_OF_KEY);
    expect(valueAt(walker)).toBe(i);
  });
  for (const probe of probes) {
    let floor = -1;
    while (floor + 1 < keys.length && Buffer.compare(keys[floor + 1], probe) <= 0) floor++;
    expect(cursor.seekFloor(probe, probe.length)).toBe(floor >= 0);
    if (floor < 0) continue;
    expect(valueAt(cursor.walker)).toBe(floor);
    expect(cursor.next()).toBe(floor + 1 < keys.length);
    expect(valueAt(cursor.walker)).toBe(Math.min(floor + 1, keys.length - 1));
    walker.followWithGreater(probe, probe.length);
    const ceiling = keys.findIndex(
      (key) => Buffer.compare(key, probe) > 0 && !key.subarray(0, probe.length).equals(probe),
    );
    const greater = walker.greaterBranch;
    if (greater === NO_NODE) continue;
    walker.goMin(greater);
    expect(valueAt(walker)).toBeLessThanOrEqual(ceiling < 0 ? keys.length : ceiling);
  }
}

describe('a trie on disk', () => {
  it('finds, floors and walks both ways as a sorted list does', () => {
    fc.assert(
      fc.property(
        someKeys,
        fc.array(fc.uint8Array({ maxLength: 5 }), { maxLength: 20 }),
        fc.nat(5000),
        (keys, probes, lead) => {
          checkAgainst(write(keys, lead), [...probes, ...keys.slice(0, 20)]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('spreads over many pages without crossing their boundaries', () => {
    let seed = 12345;
    const next = (): number => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0);
    const keys = sorted(
      Array.from({ length: 40_000 }, () => {
        const key = Buffer.alloc(9);
        key.writeUInt32BE(next(), 0);
        key.writeUInt32BE(next(), 4);
        return key;
      }),
    );
    const written = write(keys);
    expect(written.pages.length).toBeGreaterThan(50 * 4096);
    checkAgainst(written, [Buffer.from('80', 'hex'), keys[777]]);
  });

  it('holds keys that share very long prefixes', () => {
    const prefix = Buffer.alloc(60_000, 0x61);
    const keys = [0, 1, 2].map((last) => Buffer.concat([prefix, Buffer.of(last, 7)]));
    checkAgainst(write(keys), []);
  });

  it('refuses a pointer that leads out of the file', () => {
    const { pages, root } = write(sorted([Buffer.from('ab'), Buffer.from('ac'), Buffer.from('b')]));
    const walker = new TrieWalker(pages, root + 1000);
    expect(() => walker.follow(Buffer.from('ab'), 2)).toThrow(/outside of the file/);
  });
});
