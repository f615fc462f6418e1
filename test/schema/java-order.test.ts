import { expect, test } from 'vitest';
import { copiedCapacity, hashMapOrder, identifierHash, stringHash } from '../../src/schema/java-order.ts';

test('hashes are those of Java', () => {
  expect(stringHash('')).toBe(0);
  expect(stringHash('hello')).toBe(99_162_322);
  expect(stringHash('polygenelubricants')).toBe(-2_147_483_648);
  expect(identifierHash('c')).toBe(31 + 99);
  expect(identifierHash('é')).toBe((31 + (0xa9 - 256)) * 31 + (0xc3 - 256));
});

test('orders as Cassandra was seen to', () => {
  // "Primary key columns c, v, k must be restricted…", test-data/ddl/answers.jsonl
  expect(hashMapOrder(['v', 'k', 'c'], identifierHash)).toEqual(['c', 'v', 'k']);
  const options = ['nosuch', 'zother', 'another'];
  expect(hashMapOrder(options, stringHash, copiedCapacity(5))).toEqual(options);
});

test.each([
  [0, 1],
  [1, 2],
  [2, 4],
  [3, 8],
  [5, 8],
  [6, 16],
  [12, 32],
])('a copy of %i entries has %i buckets', (size, buckets) => {
  expect(copiedCapacity(size)).toBe(buckets);
});
