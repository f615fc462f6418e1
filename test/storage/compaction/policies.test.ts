import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Token } from '../../../src/bytes/index.ts';
import { defineTable } from '../../../src/schema/model/index.ts';
import {
  type CompactionCandidate,
  type CompactionTask,
  type PolicyTime,
  policyOf,
} from '../../../src/storage/compaction/index.ts';
import { LeveledPolicy } from '../../../src/storage/compaction/leveled.ts';
import { NO_DELETION_TIME } from '../../../src/storage/rows/index.ts';

const directory = join(import.meta.dirname, '../../../test-data/compaction');
const MIB = 1024 * 1024;
const DAY_MILLIS = 86_400_000;
/** Noon: a day's window begins and ends well away from it. */
const NOW_MILLIS = Date.UTC(2026, 0, 11, 12);

interface Case {
  readonly title: string;
  readonly strategy: string;
  readonly options: [string, string][];
  readonly tables: readonly CompactionCandidate[];
  readonly expected: string;
}

function parseCases(text: string): Case[] {
  return text
    .split(/^case /m)
    .slice(1)
    .map((block) => {
      const [given, expected] = block.split(/^----$/m);
      const [title, head, ...rest] = given.trim().split('\n');
      const [strategy, ...options] = head.split(' ');
      return {
        title,
        strategy,
        options: options.map((option): [string, string] => {
          const [name, value] = option.split('=');
          return [name, value];
        }),
        tables: rest.map(parseTable),
        expected: expected.trim(),
      };
    });
}

function parseTable(line: string): CompactionCandidate {
  const [name, size, ...rest] = line.split(' ');
  const given = new Map(rest.map((part): [string, string] => [part.split('=')[0], part.split('=')[1] ?? 'true']));
  const [from, to] = (given.get('tokens') ?? '0-100').split('-').map(Number);
  const newestMicros = (NOW_MILLIS - Number(given.get('old') ?? 0) * DAY_MILLIS) * 1000;
  return {
    name,
    bytes: Number(size) * MIB,
    firstToken: tokenAt(from),
    lastToken: tokenAt(to),
    estimatedKeys: 1000,
    level: Number(given.get('level') ?? 0),
    oldestMicros: newestMicros - 3600e6,
    newestMicros,
    maxLocalSeconds: given.has('expired') ? 1000 : NO_DELETION_TIME,
    createdMillis: NOW_MILLIS - Number(given.get('created') ?? 0) * DAY_MILLIS,
    droppableRatio: () => Number(given.get('droppable') ?? 0),
  };
}

/** A token by percent of the ring. */
function tokenAt(percent: number): Token {
  return { hi: Math.min(0x7fffffff, Math.round((percent / 100) * 2 ** 32) - 2 ** 31), lo: 0 };
}

function describeTask(task: CompactionTask<CompactionCandidate> | null): string {
  if (task === null) return 'nothing';
  const parts = [`${task.reason}: ${task.inputs.map((input) => input.name).join(' ')}`];
  if (task.level !== 0) parts.push(`level=${task.level}`);
  if (task.shards !== 1) parts.push(`shards=${task.shards}`);
  if (Number.isFinite(task.maxOutputBytes)) parts.push(`max=${task.maxOutputBytes / MIB}`);
  return parts.join(' ');
}

describe.each(readdirSync(directory).filter((file) => file.endsWith('.txt')))('%s', (file) => {
  const cases = parseCases(readFileSync(join(directory, file), 'utf8'));

  it.each(cases)('$title', ({ strategy, options, tables, expected }) => {
    const table = defineTable({
      keyspace: 'ks',
      name: 't',
      id: '0'.repeat(32),
      columns: [{ name: 'p', kind: 'partition_key', type: { kind: 'native', name: 'int' } }],
      options: { compaction: new Map([['class', `org.apache.cassandra.db.compaction.${strategy}`], ...options]) },
    });
    const policy = policyOf(table);
    const time = timeWith(Number.POSITIVE_INFINITY);
    expect(describeTask(policy?.pick(tables, time) ?? null)).toBe(expected);
    // Asking changes nothing.
    expect(describeTask(policy?.pick(tables, time) ?? null)).toBe(expected);
  });
});

function timeWith(outsideSinceMicros: number): PolicyTime {
  return { nowMillis: NOW_MILLIS, gcBeforeSeconds: NOW_MILLIS / 1000 - 864000, outsideSinceMicros };
}

describe('data outside of the tables', () => {
  const expired = parseTable('a 100 old=40 expired droppable=0.9 created=2');
  const pick = (strategy: string, options: [string, string][], since: number): string => {
    const table = defineTable({
      keyspace: 'ks',
      name: 't',
      id: '0'.repeat(32),
      columns: [{ name: 'p', kind: 'partition_key', type: { kind: 'native', name: 'int' } }],
      options: { compaction: new Map([['class', strategy], ...options]) },
    });
    return describeTask(policyOf(table)?.pick([expired], timeWith(since)) ?? null);
  };
  const strategies = ['TimeWindowCompactionStrategy', 'UnifiedCompactionStrategy'];

  it.each(strategies)('keeps what has expired while unflushed writes may be as old: %s', (strategy) => {
    expect(pick(strategy, [], expired.newestMicros)).toBe('nothing');
    expect(pick(strategy, [], expired.newestMicros + 1000)).toBe('expired: a');
  });

  it('does not, where the table says that nobody minds', () => {
    const options: [string, string][] = [['unsafe_aggressive_sstable_expiration', 'true']];
    expect(pick(strategies[0], options, expired.newestMicros)).toBe('expired: a');
  });

  it.each([
    [
      strategies[0],
      [
        ['unsafe_aggressive_sstable_expiration', 'true'],
        ['tombstone_threshold', '0.1'],
      ],
    ],
    [strategies[1], []],
    ['SizeTieredCompactionStrategy', []],
    ['LeveledCompactionStrategy', []],
  ] as [string, [string, string][]][])('is hidden for good where it lies below an overlay: %s', (strategy, options) => {
    expect(pick(strategy, options, Number.NEGATIVE_INFINITY)).toBe('nothing');
  });
});

describe('a full compaction of a leveled table', () => {
  it.each([
    ['10', 1600, 1],
    ['10', 1601, 2],
    ['1', 1600, 8],
  ])('goes into the first level that has room: fanout %s, %d MiB', (fanout, size, level) => {
    const policy = new LeveledPolicy(new Map([['fanout_size', fanout]]));
    expect(describeTask(policy.all([parseTable(`a ${size}`)]))).toBe(`all: a level=${level} max=160`);
  });
});

describe('a policy', () => {
  it('is none when compaction is switched off', () => {
    const table = defineTable({
      keyspace: 'ks',
      name: 't',
      id: '0'.repeat(32),
      columns: [{ name: 'p', kind: 'partition_key', type: { kind: 'native', name: 'int' } }],
      options: {
        compaction: new Map([
          ['class', 'SizeTieredCompactionStrategy'],
          ['enabled', 'false'],
        ]),
      },
    });
    expect(policyOf(table)).toBeNull();
  });
});
