import { describe, expect, it } from 'vitest';
import {
  type CqlType,
  codecOf,
  jsonColumnName,
  parseCqlTypeName,
  quoteJson,
  type UserType,
} from '../../src/types/index.ts';
import { corpusLines, corpusSchema, hasCorpus, rawTables } from './corpus.ts';

/** UDTs of the corpus' schema, by `keyspace.name`, read with a regular expression: no parser is under test here. */
function readUserTypes(schema: string): Map<string, UserType> {
  const types = new Map<string, UserType>();
  for (const [, keyspace, name, body] of schema.matchAll(/CREATE TYPE (\w+)\.(\w+) \(\n([^;]*)\n\);/g)) {
    const fields = body.split(',\n').map((line) => {
      const [, fieldName, text] = /^\s*("[^"]+"|\w+) (.*)$/.exec(line)!;
      return { name: fieldName.replaceAll('"', ''), type: resolve(text, keyspace, types) };
    });
    types.set(`${keyspace}.${name}`, { kind: 'udt', keyspace, name, fields, frozen: false });
  }
  return types;
}

function resolve(text: string, keyspace: string, types: ReadonlyMap<string, UserType>): CqlType {
  // The Python driver, which wrote the corpus, shows vectors half by their class.
  const cql = text.replace('org.apache.cassandra.db.marshal.VectorType<', 'vector<');
  return parseCqlTypeName(cql, (name) => types.get(`${keyspace}.${name}`) ?? null);
}

describe.skipIf(!hasCorpus)('toJson of the bytes that Cassandra gave is its SELECT JSON', () => {
  const userTypes = hasCorpus ? readUserTypes(corpusSchema()) : new Map<string, UserType>();
  it('for types of the whole schema', () => {
    expect(userTypes.size).toBeGreaterThan(3);
  });

  it.each(hasCorpus ? rawTables() : [])('%s', (table) => {
    const [header, ...rawRows] = corpusLines(`${table}.raw.jsonl`)!;
    const columns: [string, string][] = JSON.parse(header);
    const types = columns.map(([, text]) => resolve(text, table.split('.')[0], userTypes));
    const selectRows = corpusLines(`${table}.select.jsonl`)!;
    expect(selectRows.length).toBe(rawRows.length);
    rawRows.forEach((row, i) => {
      const parts: string[] = [];
      JSON.parse(row).forEach((hex: string | null, column: number) => {
        const name = columns[column][0];
        // SELECT JSON fails on empty booleans: Cassandra's answer leaves that column out.
        if (table === 'test_edge.empty_boolean' && name === 'b') return;
        const bytes = hex === null ? null : Buffer.from(hex, 'hex');
        const codec = codecOf(types[column]);
        if (bytes !== null) codec.validate(bytes, 0, bytes.length);
        const json = bytes === null ? 'null' : codec.toJson(bytes, 0, bytes.length);
        parts.push(`${quoteJson(jsonColumnName(name))}: ${json}`);
      });
      expect(`{${parts.join(', ')}}`).toBe(selectRows[i]);
    });
  });
});
