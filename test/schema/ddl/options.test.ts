import { describe, expect, test } from 'vitest';
import { hashPassword, isPasswordHash, verifyPassword } from '../../../src/schema/ddl/password.ts';
import { normalizeRetryPolicy } from '../../../src/schema/ddl/speculative-retry.ts';
import { parseHumanReadableBytes, prettyPrintMemory } from '../../../src/schema/model/human-size.ts';

describe('speculative retry', () => {
  test.each([
    ['99PERCENTILE', '99p'],
    ['99.00p', '99p'],
    ['0.5p', '.5p'],
    ['99.99995p', '100p'],
    ['12.7ms', '12ms'],
    ['always', 'ALWAYS'],
    ['None', 'NEVER'],
    ['min( 99p,50ms)', undefined],
    ['MIN(50ms, 99p)', 'MIN(99p,50ms)'],
    ['max(99p,98p)', undefined],
    ['0p', undefined],
    ['1.2.3ms', undefined],
    ['', undefined],
  ])('%s is kept as %s', (text, expected) => {
    if (expected === undefined) expect(() => normalizeRetryPolicy(text)).toThrow(/^Invalid value/);
    else expect(normalizeRetryPolicy(text)).toBe(expected);
  });
});

describe('sizes', () => {
  test.each([
    ['100B', 100],
    ['1KiB', 1024],
    ['1.5 MiB', 1.5 * 1024 ** 2],
    ['1KB', 1000],
    ['2*2^10B', 2048],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseHumanReadableBytes(text)).toBeCloseTo(bytes, 6);
  });

  test.each(['100', 'xB', '1XiB'])('%s is none', (text) => {
    expect(typeof parseHumanReadableBytes(text)).toBe('string');
  });

  test.each([
    [0, '0B'],
    [1023, '1023B'],
    [1024, '1.000KiB'],
    [1.5 * 1024 ** 3, '1.500GiB'],
  ])('%d bytes print as %s', (bytes, text) => {
    expect(prettyPrintMemory(bytes)).toBe(text);
  });
});

test('passwords are kept as salted hashes', () => {
  const hash = hashPassword('secret');
  expect(hash).not.toContain('secret');
  expect(hashPassword('secret')).not.toBe(hash);
  expect(isPasswordHash(hash)).toBe(true);
  expect(verifyPassword('secret', hash)).toBe(true);
  expect(verifyPassword('Secret', hash)).toBe(false);
  expect(verifyPassword('secret', '$2a$10$JSJEMFm6GeaW9XxT5JIheuEtPvat6i7uKbnTcxX3c1wshIIsGyUtG')).toBe(false);
});
