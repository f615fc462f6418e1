import {
  type CqlType,
  cqlTypeName,
  freezeType,
  NATIVE_TYPE_NAMES,
  type NativeTypeName,
  type UserType,
} from '../../../src/types/index.ts';
import type { Random } from './random.ts';

export interface RandomColumn {
  readonly name: string;
  readonly type: CqlType;
}

export interface RandomTable {
  readonly keyspace: string;
  readonly name: string;
  readonly partitionKey: readonly RandomColumn[];
  readonly clustering: readonly RandomColumn[];
  readonly statics: readonly RandomColumn[];
  readonly regulars: readonly RandomColumn[];
  readonly isCounter: boolean;
  /** Writes take the clock's time, so that conditional ones fit in; otherwise each names its own, in any order. */
  readonly usesClock: boolean;
  /** Makes the table, its types and its indexes. */
  readonly ddl: readonly string[];
}

export const NATIVE_TYPES = NATIVE_TYPE_NAMES.filter((name) => name !== 'counter' && name !== 'empty');
const KEY_TYPES = NATIVE_TYPES.filter((name) => name !== 'duration');
const COMMON_KEYS: readonly NativeTypeName[] = ['int', 'int', 'text', 'bigint', 'timestamp'];

export function allColumns(table: RandomTable): readonly RandomColumn[] {
  return [...table.partitionKey, ...table.clustering, ...table.statics, ...table.regulars];
}

export function keyColumns(table: RandomTable): readonly RandomColumn[] {
  return [...table.partitionKey, ...table.clustering];
}

const native = (name: NativeTypeName): CqlType => ({ kind: 'native', name });

/** Tables of every shape of key, with two user types at hand. */
export function randomTable(r: Random, keyspace: string, name: string): RandomTable {
  const udts: UserType[] = [
    {
      kind: 'udt',
      keyspace,
      name: 'u1',
      frozen: false,
      fields: [
        { name: 'a', type: native('int') },
        { name: 'b', type: native('text') },
      ],
    },
    {
      kind: 'udt',
      keyspace,
      name: 'u2',
      frozen: false,
      fields: [
        { name: 'x', type: { kind: 'list', element: native('int'), frozen: true } },
        { name: 'Y y', type: native('double') },
      ],
    },
  ];
  const isCounter = r.chance(0.1);
  const columns = (prefix: string, low: number, high: number, type: () => CqlType): RandomColumn[] =>
    r.many(low, high, () => type()).map((type, i) => ({ name: `${prefix}${i}`, type }));
  const keyType = (): CqlType => {
    if (r.chance(0.6)) return native(r.pick(COMMON_KEYS));
    return r.chance(0.75)
      ? native(r.pick(KEY_TYPES))
      : freezeType(
          r.pick<CqlType>([
            udts[0],
            { kind: 'list', element: native('int'), frozen: true },
            { kind: 'set', element: native('text'), frozen: true },
            { kind: 'map', key: native('int'), value: native('text'), frozen: true },
            { kind: 'tuple', elements: [native('int'), native('text')] },
          ]),
        );
  };
  const valueType = (): CqlType => (isCounter ? native('counter') : randomType(r, udts));
  const partitionKey = columns('p', 1, r.chance(0.25) ? 3 : 1, keyType);
  const clustering = columns('c', r.chance(0.2) ? 0 : 1, 3, keyType).slice(0, r.between(0, 3));
  const statics = clustering.length > 0 && r.chance(0.5) ? columns('s', 1, 2, valueType) : [];
  const regulars = columns('v', isCounter ? 1 : r.chance(0.05) ? 0 : 2, isCounter ? 2 : 6, valueType);
  const order = clustering.map((column) => `${column.name} ${r.chance(0.4) ? 'DESC' : 'ASC'}`);
  const definitions = [
    ...[...partitionKey, ...clustering, ...regulars].map((column) => `${column.name} ${cqlTypeName(column.type)}`),
    ...statics.map((column) => `${column.name} ${cqlTypeName(column.type)} static`),
    `PRIMARY KEY ((${partitionKey.map((column) => column.name).join(', ')})${clustering.map((column) => `, ${column.name}`).join('')})`,
  ];
  const ddl = [
    `CREATE TYPE IF NOT EXISTS ${keyspace}.u1 (a int, b text)`,
    `CREATE TYPE IF NOT EXISTS ${keyspace}.u2 (x frozen<list<int>>, "Y y" double)`,
    `CREATE TABLE ${keyspace}.${name} (${definitions.join(', ')})${order.length > 0 && r.chance(0.8) ? ` WITH CLUSTERING ORDER BY (${order.join(', ')})` : ''}`,
  ];
  const indexable = regulars.filter(
    ({ type }) => type.kind === 'native' && type.name !== 'duration' && type.name !== 'counter',
  );
  if (indexable.length > 0 && r.chance(0.25)) {
    ddl.push(`CREATE INDEX ON ${keyspace}.${name} (${r.pick(indexable).name})${r.chance(0.4) ? " USING 'sai'" : ''}`);
  }
  const collections = [...regulars, ...clustering].filter(
    ({ type }) => type.kind === 'list' || type.kind === 'set' || type.kind === 'map',
  );
  if (collections.length > 0 && r.chance(0.2)) {
    const { name: column, type } = r.pick(collections);
    const frozen = 'frozen' in type && type.frozen;
    const target = frozen ? 'full' : type.kind === 'map' ? r.pick(['keys', 'values', 'entries']) : 'values';
    ddl.push(`CREATE INDEX ON ${keyspace}.${name} (${target}(${column}))${r.chance(0.4) ? " USING 'sai'" : ''}`);
  }
  return { keyspace, name, partitionKey, clustering, statics, regulars, isCounter, usesClock: r.chance(0.5), ddl };
}

/** A column's type: native ones, collections frozen and not, user types, tuples, vectors. */
export function randomType(r: Random, udts: readonly UserType[], depth = 0): CqlType {
  const inner = (): CqlType => freezeType(randomType(r, udts, depth + 1));
  const key = (): CqlType => native(r.pick(KEY_TYPES));
  if (depth > 1 || r.chance(depth === 0 ? 0.5 : 0.8)) return native(r.pick(NATIVE_TYPES));
  const frozen = r.chance(0.25);
  return r.weighted<CqlType>([
    [3, () => ({ kind: 'list', element: inner(), frozen })],
    [3, () => ({ kind: 'set', element: key(), frozen })],
    [3, () => ({ kind: 'map', key: key(), value: inner(), frozen })],
    [2, () => ({ ...r.pick(udts), frozen })],
    [1, () => ({ kind: 'tuple', elements: r.many(1, 3, inner) })],
    [1, () => ({ kind: 'vector', element: native('float'), dimensions: r.between(1, 3) })],
  ]);
}
