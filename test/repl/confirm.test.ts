import { describe, expect, it } from 'vitest';
import { destructionOf } from '../../src/repl/confirm.ts';
import { schemaWith } from './fake-session.ts';

const scope = { schema: schemaWith(), keyspace: 'shop' };

describe('destructionOf', () => {
  it.each([
    ['DROP TABLE users', 'DROP TABLE users'],
    ['drop keyspace if exists shop;', 'DROP keyspace if exists shop'],
    ['-- a comment\nTRUNCATE users', 'TRUNCATE users'],
    ["DELETE FROM events WHERE sensor = 'a'", 'DELETE whole partitions of events'],
    ["DELETE FROM shop.events WHERE sensor IN ('a', 'b')", 'DELETE whole partitions of shop.events'],
    [
      "BEGIN BATCH UPDATE users SET name = 'x' WHERE id = 1; DELETE FROM events WHERE sensor = 'a'; APPLY BATCH",
      'DELETE whole partitions of events',
    ],
  ])('asks about %j', (text, loss) => {
    expect(destructionOf(text, scope)).toBe(loss);
  });

  it.each([
    'SELECT * FROM users',
    // A table without clustering has a row a partition.
    'DELETE FROM users WHERE id = 1',
    "DELETE FROM events WHERE sensor = 'a' AND at > 0",
    "DELETE FROM events WHERE sensor = 'a' AND (at, seq) = (0, 1)",
    "DELETE value FROM events WHERE sensor = 'a' AND at = 0 AND seq = 1",
    "DELETE FROM nowhere WHERE a = 'drop'",
    'DROP TABEL users',
    "BEGIN BATCH DELETE FROM events WHERE sensor = 'a' AND at = 0; APPLY BATCH",
    "INSERT INTO users (id, name) VALUES (1, 'drop table users')",
  ])('does not about %j', (text) => {
    expect(destructionOf(text, scope)).toBeNull();
  });
});
