import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { systemSchemaTables, systemTables, systemViewsTables } from '../../../src/schema/system/index.ts';

/** `UUID.nameUUIDFromBytes(keyspace + table)` */
function nameBasedId(keyspace: string, table: string): string {
  const digest = createHash('md5').update(`${keyspace}${table}`).digest();
  digest[6] = (digest[6] & 0x0f) | 0x30;
  digest[8] = (digest[8] & 0x3f) | 0x80;
  return digest.toString('hex');
}

test.each([...systemSchemaTables, ...systemTables])('the id of %s is that of its name', (name, table) => {
  expect(table.name).toBe(name);
  expect(table.id).toBe(nameBasedId(table.keyspace, name));
});

test('ids are those of a node’s directories', () => {
  for (const directory of readdirSync('test-data/node/data/system_schema')) {
    const [name, id] = directory.split('-');
    expect(systemSchemaTables.get(name)?.id, name).toBe(id);
  }
});

describe('tables are built when asked for', () => {
  test('and the same one each time', () => {
    expect(systemTables.get('local')).toBe(systemTables.get('local'));
    expect(systemTables.get('nosuch')).toBeUndefined();
    expect(systemTables.has('peers_v2')).toBe(true);
  });

  test('iterates as a Map does', () => {
    expect([...systemViewsTables.keys()].length).toBe(systemViewsTables.size);
    expect([...systemViewsTables.values()].map((table) => table.name)).toEqual([...systemViewsTables.keys()]);
    const visited: string[] = [];
    systemViewsTables.forEach((table, name) => {
      expect(table.name).toBe(name);
      visited.push(name);
    });
    expect(visited).toEqual([...systemViewsTables].map(([name]) => name));
  });
});
