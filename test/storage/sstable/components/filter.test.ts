import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmur3 } from '../../../../src/bytes/index.ts';
import { CorruptionError } from '../../../../src/errors/index.ts';
import { BloomFilter } from '../../../../src/storage/sstable/components/filter/read.ts';
import { BloomFilterBuilder } from '../../../../src/storage/sstable/components/filter/write.ts';
import { type SSTableVersion, sstableVersion } from '../../../../src/storage/sstable/sstable-version.ts';

const HEADER_BYTES = 8;
const hash = new Int32Array(4);

describe.each(['nb', 'ma'])('filter of version %s', (name) => {
  const version = versionOf(name);

  it('has every key that was added', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 200 }), (keys) => {
        const filter = filterOf(keys, version);
        for (const key of keys) expect(filter.mayContain(hashOf(key))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('denies most of the others', () => {
    const filter = filterOf(
      Array.from({ length: 10_000 }, (_, i) => Buffer.from(`in ${i}`)),
      version,
    );
    let denied = 0;
    for (let i = 0; i < 10_000; i++) if (!filter.mayContain(hashOf(Buffer.from(`out ${i}`)))) denied++;
    expect(denied).toBeGreaterThan(9_800);
    expect(filter.fill()).toBeGreaterThan(0.2);
    expect(filter.fill()).toBeLessThan(0.6);
  });
});

describe('a damaged filter', () => {
  const bytes = encoded([Buffer.from('key')], versionOf('nb'));

  it.each([
    ['is cut off', bytes.subarray(0, bytes.length - 1)],
    ['has no words', bytes.subarray(0, 6)],
    ['has more words than bytes', Buffer.concat([bytes.subarray(0, 4), Buffer.from('7fffffff', 'hex')])],
    ['has no hash functions', Buffer.concat([Buffer.alloc(4), bytes.subarray(4)])],
    ['has too many hash functions', Buffer.concat([Buffer.from('00010000', 'hex'), bytes.subarray(4)])],
  ])('%s', (_name, damaged) => {
    expect(() => BloomFilter.parse(damaged, versionOf('nb'), 'Filter.db')).toThrow(CorruptionError);
  });
});

function filterOf(keys: readonly Uint8Array[], version: SSTableVersion): BloomFilter {
  return BloomFilter.parse(encoded(keys, version), version, 'Filter.db');
}

function encoded(keys: readonly Uint8Array[], version: SSTableVersion): Buffer {
  const builder = new BloomFilterBuilder(keys.length, 0.01);
  for (const key of keys) builder.add(hashOf(key));
  const bytes = Buffer.from(builder.encode());
  // Before 4.0 each word stands the other way round.
  if (version.hasOldFilterLayout) bytes.subarray(HEADER_BYTES).swap64();
  return bytes;
}

function hashOf(key: Uint8Array): Int32Array {
  murmur3(key, 0, key.length, hash);
  return hash;
}

function versionOf(name: string): SSTableVersion {
  const version = sstableVersion('big', name);
  if (version === null) throw new Error(`no version ${name}`);
  return version;
}
