import { type CqlType, cqlTypeName, quoteIdentifier } from '../../../src/types/index.ts';
import { allColumns, type RandomColumn, type RandomTable } from './random-table.ts';
import { choicesMarker, type Draft, literal, marker, term, tupleMarker } from './random-values.ts';

const INT: CqlType = { kind: 'native', name: 'int' };
const BIGINT: CqlType = { kind: 'native', name: 'bigint' };

/** A SELECT on one table: most are valid, many are not. */
export function randomSelect(draft: Draft, table: RandomTable): string {
  const { r } = draft;
  const distinct = r.chance(0.08);
  const grouped = !distinct && r.chance(0.12);
  const json = r.chance(0.08) ? 'JSON ' : '';
  const parts = [
    `SELECT ${json}${distinct ? 'DISTINCT ' : ''}${selection(draft, table, distinct, grouped)} FROM ${table.keyspace}.${table.name}`,
  ];
  const where = r.chance(0.25) ? '' : selectWhere(draft, table);
  if (where !== '') parts.push(`WHERE ${where}`);
  if (grouped) parts.push(`GROUP BY ${groupBy(draft, table)}`);
  if (r.chance(0.25)) parts.push(`ORDER BY ${orderBy(draft, table)}`);
  if (r.chance(0.12)) parts.push(`PER PARTITION LIMIT ${limit(draft)}`);
  if (r.chance(0.2)) parts.push(`LIMIT ${limit(draft)}`);
  if (r.chance(0.6)) parts.push('ALLOW FILTERING');
  return parts.join(' ');
}

function limit(draft: Draft): string {
  const { r } = draft;
  if (r.chance(0.05)) return marker(draft, INT);
  return r.chance(0.06) ? r.pick(['0', '-1', 'null', "'a'", '1.5', '99999999999']) : String(r.between(1, 4));
}

function selection(draft: Draft, table: RandomTable, distinct: boolean, grouped: boolean): string {
  const { r } = draft;
  if (distinct) {
    const columns = [...table.partitionKey, ...r.some(table.statics, r.between(0, 1))];
    if (r.chance(0.1)) columns.push(r.pick(allColumns(table)));
    if (r.chance(0.1)) columns.shift();
    return columns.length === 0 ? '*' : columns.map((column) => column.name).join(', ');
  }
  if (r.chance(0.2)) return r.chance(0.15) ? 'count(*)' : '*';
  const aggregates = grouped ? r.chance(0.7) : r.chance(0.12);
  return r
    .many(1, 4, () => {
      const text =
        aggregates && r.chance(0.8)
          ? aggregate(draft, r.pick(allColumns(table)))
          : selector(draft, r.pick(allColumns(table)), table);
      return r.chance(0.06) ? `${text} AS ${r.pick(['x', '"X y"', 'p0', 'key'])}` : text;
    })
    .join(', ');
}

function aggregate({ r }: Draft, { name }: RandomColumn): string {
  return `${r.pick(['count', 'min', 'max', 'sum', 'avg', 'count'])}(${name})`;
}

function selector(draft: Draft, column: RandomColumn, table: RandomTable): string {
  const { r } = draft;
  const { name, type } = column;
  if (r.chance(0.45)) return name;
  const special: (() => string)[] = [
    () =>
      `CAST(${name} AS ${r.pick(['text', 'int', 'bigint', 'double', 'decimal', 'varint', 'ascii', 'timestamp', 'date', 'tinyint', 'blob'])})`,
    () =>
      `${name} ${r.pick(['+', '-', '*', '/', '%'])} ${r.pick(['1', '2.5', '2', '1d', name, r.pick(allColumns(table)).name, term(draft, type)])}`,
    () => `-${name}`,
    () => `token(${table.partitionKey.map((key) => key.name).join(', ')})`,
    () =>
      `${r.pick(['toJson', 'to_json', 'typeof', 'abs', 'exp', 'log', 'log10', 'round', 'collection_count', 'collection_min', 'collection_max', 'collection_sum', 'collection_avg', 'map_keys', 'map_values', 'toDate', 'to_date', 'to_timestamp', 'toUnixTimestamp', 'dateOf', 'mask_default', 'mask_null', 'mask_hash', 'intAsBlob', 'blobAsInt', 'text_as_blob', 'blob_as_text'])}(${name})`,
    () =>
      `${r.pick(['mask_inner', 'mask_outer'])}(${name}, ${r.pick(['1', 'null', '0', '-1'])}, ${r.pick(['1', 'null', '2'])})`,
    () => `mask_replace(${name}, ${term(draft, type)})`,
    () => `fromJson('${r.pick(['1', '"a"', 'null', '[1]'])}')`,
    () =>
      `(${r.pick(['int', 'text', 'bigint', 'list<int>', 'tuple<int, text>'])}) ${r.pick(['1', "'a'", '[1, 2]', "(1, 'a')", name])}`,
    () => `[${name}, ${name}]`,
    () => `{${name}}`,
    () => `{${name}: ${r.pick(allColumns(table)).name}}`,
    () => `(${name}, ${r.pick(allColumns(table)).name})`,
    () => literal(r, type),
    () => term(draft, INT, 0.5),
    () =>
      `similarity_${r.pick(['cosine', 'euclidean', 'dot_product'])}(${name}, ${r.pick([name, '[1, 2]', '[0.5, 1, 2]'])})`,
    () => `${name}.a`,
    () => `${name}.x`,
    () => `${name}."Y y"`,
    () => `${name}[${term(draft, type.kind === 'map' ? type.key : type.kind === 'set' ? type.element : INT)}]`,
    () =>
      `${name}[${term(draft, type.kind === 'map' ? type.key : INT)}..${r.chance(0.5) ? term(draft, type.kind === 'map' ? type.key : INT) : ''}]`,
    () => (table.usesClock || table.isCounter ? name : `${r.pick(['writetime', 'maxwritetime'])}(${name})`),
    () =>
      table.usesClock || table.isCounter
        ? name
        : `writetime(${name}[${term(draft, type.kind === 'map' ? type.key : type.kind === 'set' ? type.element : INT)}])`,
    () => `count(${name})`,
    () => `(${name})`,
    () => `(${name}).a`,
    () => `(${cqlTypeName(type)}) ${name}`,
    () => `(${cqlTypeName(type)}) ${literal(r, type)}`,
    () => `${r.pick(['toJson', 'max', 'abs'])}((${name}))`,
    () => `CAST((${name}) AS text)`,
    () => `${functionName(r)}(${selector(draft, r.pick(allColumns(table)), table)})`,
    () =>
      `(${name} ${r.pick(['+', '-', '*'])} ${r.pick(['1', name])}) ${r.pick(['+', '-', '*', '/'])} ${r.pick(['2', name])}`,
    () => `${name} ${r.pick(['+', '-'])} ${r.pick(['1d', '2h', '1mo', '1y2mo3d', '-1d'])}`,
    () => `floor(${name}, ${r.pick(['2', '1d', '1mo', '2.5', '1h', '-1'])})`,
    () =>
      table.usesClock || table.isCounter
        ? name
        : `${r.pick(['writetime', 'maxwritetime'])}(${name}[${term(draft, type.kind === 'map' ? type.key : INT)}..${term(draft, type.kind === 'map' ? type.key : INT)}])`,
    () => `${r.pick(table.usesClock ? ['ttl'] : ['ttl', 'writetime', 'maxwritetime'])}(${name}.b)`,
    () => `nosuch`,
    () => `nosuch(${name})`,
  ];
  return r.pick(special)();
}

function functionName(r: Draft['r']): string {
  return r.pick([
    'to_json',
    'abs',
    'round',
    'collection_count',
    'map_keys',
    'map_values',
    'to_date',
    'mask_default',
    'count',
    'max',
    'min',
    'sum',
    'avg',
  ]);
}

function selectWhere(draft: Draft, table: RandomTable): string {
  const { r } = draft;
  const relations: string[] = [];
  if (r.chance(0.12)) {
    relations.push(tokenRelation(draft, table));
  } else if (r.chance(0.65)) {
    for (const column of table.partitionKey) if (r.chance(0.95)) relations.push(relation(draft, column, true));
  }
  if (r.chance(0.7) && table.clustering.length > 0) {
    if (r.chance(0.2)) relations.push(multiColumn(draft, table));
    else
      for (const column of r.chance(0.8) ? table.clustering.slice(0, r.between(1, 3)) : r.some(table.clustering, 2)) {
        relations.push(relation(draft, column, r.chance(0.5)));
        if (r.chance(0.15)) relations.push(relation(draft, column, false));
      }
  }
  if (r.chance(0.4)) {
    const others = [...table.statics, ...table.regulars];
    for (const column of r.some(others, r.between(1, 2))) relations.push(relation(draft, column, false));
  }
  if (r.chance(0.01)) relations.push('nosuch = 1');
  return (r.chance(0.15) ? r.some(relations, relations.length) : relations).join(' AND ');
}

function relation(draft: Draft, column: RandomColumn, equality: boolean): string {
  const { r } = draft;
  const { name, type } = column;
  if (r.chance(equality ? 0.8 : 0.25)) return `${name} = ${term(draft, type)}`;
  if (r.chance(equality ? 0.12 : 0.03)) return `${name} IN ${choicesMarker(draft, [type], false)}`;
  if (r.chance(equality ? 0.7 : 0.15)) return `${name} IN (${r.many(0, 3, () => term(draft, type)).join(', ')})`;
  const inner = type.kind === 'list' || type.kind === 'set' ? type.element : type.kind === 'map' ? type.value : INT;
  if (r.chance(type.kind === 'list' || type.kind === 'set' || type.kind === 'map' ? 0.7 : 0.03)) {
    return r.weighted([
      [3, () => `${name} CONTAINS ${term(draft, inner)}`],
      [
        type.kind === 'map' ? 3 : 0.3,
        () => `${name} CONTAINS KEY ${term(draft, type.kind === 'map' ? type.key : INT)}`,
      ],
      [
        type.kind === 'map' ? 3 : 0.3,
        () =>
          `${name}[${term(draft, type.kind === 'map' ? type.key : INT)}] ${r.pick(['=', '=', '>', '!='])} ${term(draft, inner)}`,
      ],
    ]);
  }
  if (r.chance(0.04))
    return r.pick([
      `${name} LIKE 'a%'`,
      `${name} IS NOT NULL`,
      `${name} != ${literal(r, type)}`,
      `${name}.a = 1`,
      `${name} LIKE '%a%'`,
    ]);
  return `${name} ${r.pick(['>', '>=', '<', '<='])} ${term(draft, type)}`;
}

function tokenRelation(draft: Draft, table: RandomTable): string {
  const { r } = draft;
  const keys = r.chance(0.93) ? table.partitionKey : r.some(allColumns(table), r.between(1, 2));
  const left = `token(${keys.map((column) => column.name).join(', ')})`;
  const right = (): string =>
    r.chance(0.5)
      ? `token(${table.partitionKey.map((column) => term(draft, column.type)).join(', ')})`
      : r.chance(0.5)
        ? r.pick(['0', '-9223372036854775808', '9223372036854775807', '-5000000000000000000'])
        : term(draft, BIGINT);
  const first = `${left} ${r.pick(['>', '>=', '<', '<=', '=', '>', 'IN'])}`;
  if (first.endsWith('IN')) return `${first} (${right()})`;
  return r.chance(0.4) ? `${first} ${right()} AND ${left} ${r.pick(['<', '<='])} ${right()}` : `${first} ${right()}`;
}

function multiColumn(draft: Draft, table: RandomTable): string {
  const { r } = draft;
  const from = r.chance(0.9) ? 0 : 1;
  const columns = r.chance(0.95) ? table.clustering.slice(from, from + r.between(1, 3)) : r.some(allColumns(table), 2);
  if (columns.length === 0) return relation(draft, table.clustering[0], false);
  const left = `(${columns.map((column) => column.name).join(', ')})`;
  const types = columns.map((column) => column.type);
  const right = (): string =>
    r.chance(0.06)
      ? tupleMarker(draft, types)
      : `(${(r.chance(0.96) ? columns : columns.slice(1)).map((column) => term(draft, column.type)).join(', ')})`;
  if (r.chance(0.05)) return `${left} IN ${choicesMarker(draft, types, true)}`;
  if (r.chance(0.25)) {
    const choices = r.chance(0.1) ? r.many(1, 2, () => tupleMarker(draft, types)) : r.many(0, 3, right);
    return `${left} IN (${choices.join(', ')})`;
  }
  const first = `${left} ${r.pick(['=', '>', '>=', '<', '<='])} ${right()}`;
  return r.chance(0.3) ? `${first} AND ${left} ${r.pick(['<', '<='])} ${right()}` : first;
}

function orderBy({ r }: Draft, table: RandomTable): string {
  const pool = table.clustering.length > 0 && r.chance(0.93) ? table.clustering : allColumns(table);
  const columns = r.chance(0.9) ? pool.slice(0, r.between(1, 3)) : r.some(pool, 2);
  const direction = r.pick([' ASC', ' DESC', '']);
  return columns
    .map((column) => `${quoteIdentifier(column.name)}${r.chance(0.85) ? direction : r.pick([' ASC', ' DESC'])}`)
    .join(', ');
}

function groupBy({ r }: Draft, table: RandomTable): string {
  const keys = [...table.partitionKey, ...table.clustering];
  const columns = r.chance(0.9) ? keys.slice(0, r.between(1, keys.length)) : r.some(allColumns(table), 2);
  const names = columns.map((column) => column.name);
  if (r.chance(0.15)) {
    const last = names.length - 1;
    names[last] = r.pick([
      `floor(${names[last]}, ${r.pick(['2', '1d', '1mo', '7d'])})`,
      `to_date(${names[last]})`,
      `abs(${names[last]})`,
    ]);
  }
  return names.join(', ');
}
