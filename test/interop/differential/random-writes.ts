import type { CqlType } from '../../../src/types/index.ts';
import { keyColumns, type RandomColumn, type RandomTable } from './random-table.ts';
import { choicesMarker, type Draft, jsonText, literal, marker, term } from './random-values.ts';

/** INSERT, UPDATE, DELETE or a batch of them. */
export function randomWrite(draft: Draft, tables: readonly RandomTable[]): string {
  const { r } = draft;
  if (!r.chance(0.12)) return single(draft, r.pick(tables), false);
  const table = r.pick(tables);
  const kind = table.isCounter
    ? r.chance(0.8)
      ? 'COUNTER '
      : r.pick(['', 'UNLOGGED '])
    : r.weighted([
        [6, () => ''],
        [3, () => 'UNLOGGED '],
        [0.4, () => 'COUNTER '],
      ]);
  const own = !table.usesClock && !table.isCounter && r.chance(0.5);
  const using = own || r.chance(0.03) ? ` USING TIMESTAMP ${timestamp(draft)}` : '';
  const writes = r.many(1, 4, () => single(draft, r.chance(0.93) ? table : r.pick(tables), own));
  return `BEGIN ${kind}BATCH${using} ${writes.join('; ')}; APPLY BATCH`;
}

function single(draft: Draft, table: RandomTable, batchHasTimestamp: boolean): string {
  return draft.r.weighted([
    [table.isCounter ? 0.3 : 5, () => insert(draft, table, batchHasTimestamp)],
    [table.isCounter ? 0.05 : 1.2, () => insertJson(draft, table, batchHasTimestamp)],
    [5, () => update(draft, table, batchHasTimestamp)],
    [3, () => remove(draft, table, batchHasTimestamp)],
  ]);
}

function timestamp(draft: Draft): string {
  const { r } = draft;
  if (r.chance(0.02)) return marker(draft, { kind: 'native', name: 'bigint' });
  return r.chance(0.03)
    ? r.pick(['-5', 'null', "'a'", '-9223372036854775808', '1.5', '9223372036854775807'])
    : String(r.between(1, 60));
}

/** USING …; `ttl` where the statement allows one. */
function using(draft: Draft, table: RandomTable, batchHasTimestamp: boolean, withTtl: boolean): string {
  const { r } = draft;
  const parts: string[] = [];
  const wanted = !table.usesClock && !table.isCounter && !batchHasTimestamp;
  if (wanted !== r.chance(0.015)) parts.push(`TIMESTAMP ${timestamp(draft)}`);
  if (withTtl && r.chance(table.isCounter ? 0.02 : 0.06)) {
    parts.push(`TTL ${r.pick(['100000', '200000', '100000', '0', '-1', '630720001', '630720000', 'null', "'a'"])}`);
  }
  if (r.chance(0.5)) parts.reverse();
  return parts.length === 0 ? '' : ` USING ${parts.join(' AND ')}`;
}

function qualified(table: RandomTable): string {
  return `${table.keyspace}.${table.name}`;
}

function insert(draft: Draft, table: RandomTable, batchHasTimestamp: boolean): string {
  const { r } = draft;
  const keys = keyColumns(table);
  const others = [...table.statics, ...table.regulars];
  let columns = [...(r.chance(0.03) ? keys.slice(1) : keys), ...r.some(others, r.between(0, others.length))];
  if (table.statics.length > 0 && r.chance(0.15)) columns = [...table.partitionKey, ...r.some(table.statics, 1)];
  if (r.chance(0.2)) columns = r.some(columns, columns.length);
  const names = columns.map((column) => column.name);
  const terms = columns.map((column) => term(draft, column.type));
  if (r.chance(0.01)) names[r.between(0, names.length - 1)] = r.pick(['nosuch', names[0]]);
  if (r.chance(0.01)) terms.pop();
  const condition = r.chance(table.usesClock ? 0.15 : 0.01) ? ' IF NOT EXISTS' : '';
  return `INSERT INTO ${qualified(table)} (${names.join(', ')}) VALUES (${terms.join(', ')})${condition}${using(draft, table, batchHasTimestamp, true)}`;
}

function insertJson(draft: Draft, table: RandomTable, batchHasTimestamp: boolean): string {
  const { r } = draft;
  const others = [...table.statics, ...table.regulars];
  const columns = [
    ...(r.chance(0.04) ? keyColumns(table).slice(1) : keyColumns(table)),
    ...r.some(others, r.between(0, others.length)),
  ];
  const entries = columns.map((column) => `"${column.name}": ${jsonText(r, column.type)}`);
  if (r.chance(0.02)) entries.push('"nosuch": 1');
  const text = r.chance(0.02) ? r.pick(['{', '[]', '1', '', '{"p0"}', 'null']) : `{${entries.join(', ')}}`;
  const condition = r.chance(table.usesClock ? 0.08 : 0.01) ? ' IF NOT EXISTS' : '';
  const defaults = r.pick(['', '', ' DEFAULT UNSET', ' DEFAULT NULL']);
  return `INSERT INTO ${qualified(table)} JSON '${text.replaceAll("'", "''")}'${defaults}${condition}${using(draft, table, batchHasTimestamp, true)}`;
}

function update(draft: Draft, table: RandomTable, batchHasTimestamp: boolean): string {
  const { r } = draft;
  const others = [...table.statics, ...table.regulars];
  const onlyStatics = table.statics.length > 0 && r.chance(0.25);
  const targets = r.some(onlyStatics ? table.statics : others, r.between(1, 3));
  if (targets.length === 0 || r.chance(0.01)) targets.push(r.pick(keyColumns(table)));
  const attributes = using(draft, table, batchHasTimestamp, true);
  const assignments = targets.map((column) => assignment(draft, column)).join(', ');
  const where = writeWhere(draft, table, onlyStatics, false);
  return `UPDATE ${qualified(table)}${attributes} SET ${assignments} WHERE ${where}${conditions(draft, table)}`;
}

function assignment(draft: Draft, { name, type }: RandomColumn): string {
  const { r } = draft;
  if (type.kind === 'native' && type.name === 'counter') {
    return r.chance(0.95)
      ? `${name} = ${name} ${r.pick(['+', '-'])} ${term(draft, type)}`
      : `${name} = ${term(draft, type)}`;
  }
  const whole = (): string => `${name} = ${term(draft, type)}`;
  const odd = r.chance(0.05);
  if (odd) {
    const other: CqlType = r.pick<CqlType>([
      type,
      { kind: 'native', name: 'int' },
      { kind: 'set', element: { kind: 'native', name: 'int' }, frozen: false },
    ]);
    return r.pick([
      () => `${name} = ${name} + ${term(draft, other)}`,
      () => `${name} = ${name} - ${term(draft, other)}`,
      () => `${name} = ${term(draft, other)} + ${name}`,
      () => `${name}[${term(draft, { kind: 'native', name: 'int' })}] = ${term(draft, other)}`,
      () => `${name}.a = ${term(draft, other)}`,
      () => `${name} += ${term(draft, other)}`,
    ])();
  }
  if (r.chance(0.4)) return whole();
  switch (type.kind) {
    case 'list':
      return r.pick([
        () => `${name} = ${name} + ${term(draft, type)}`,
        () => `${name} = ${term(draft, type)} + ${name}`,
        () => `${name} = ${name} - ${term(draft, type)}`,
        () => `${name} += ${term(draft, type)}`,
        () => `${name}[${r.between(-1, 2)}] = ${term(draft, type.element)}`,
      ])();
    case 'set':
      return r.pick([
        () => `${name} = ${name} + ${term(draft, type)}`,
        () => `${name} = ${name} - ${term(draft, type)}`,
        () => `${name} -= ${term(draft, type)}`,
      ])();
    case 'map':
      return r.pick([
        () => `${name} = ${name} + ${term(draft, type)}`,
        () => `${name} = ${name} - ${term(draft, { kind: 'set', element: type.key, frozen: false })}`,
        () => `${name}[${term(draft, type.key)}] = ${term(draft, type.value)}`,
      ])();
    case 'udt': {
      const field = r.pick(type.fields);
      return `${name}.${field.name === 'Y y' ? '"Y y"' : field.name} = ${term(draft, field.type)}`;
    }
    default:
      return whole();
  }
}

function remove(draft: Draft, table: RandomTable, batchHasTimestamp: boolean): string {
  const { r } = draft;
  const others = [...table.statics, ...table.regulars];
  const onlyStatics = table.statics.length > 0 && r.chance(0.15);
  const columns = onlyStatics ? r.some(table.statics, 1) : r.chance(0.4) ? r.some(others, r.between(1, 2)) : [];
  if (r.chance(0.01)) columns.push(r.pick(keyColumns(table)));
  const targets = columns.map((column) => deletion(draft, column)).join(', ');
  const attributes = using(draft, table, batchHasTimestamp, false);
  const where = writeWhere(draft, table, onlyStatics || (columns.length === 0 && r.chance(0.2)), columns.length === 0);
  return `DELETE ${targets}${targets === '' ? '' : ' '}FROM ${qualified(table)}${attributes} WHERE ${where}${conditions(draft, table)}`;
}

function deletion(draft: Draft, { name, type }: RandomColumn): string {
  const { r } = draft;
  if (r.chance(0.03)) return r.pick([`${name}[1]`, `${name}.a`, `${name}['a']`]);
  if (r.chance(0.5)) return name;
  switch (type.kind) {
    case 'list':
      return `${name}[${r.between(-1, 2)}]`;
    case 'set':
      return `${name}[${term(draft, type.element)}]`;
    case 'map':
      return `${name}[${term(draft, type.key)}]`;
    case 'udt':
      return `${name}.${type.fields[0].name}`;
    default:
      return name;
  }
}

function writeWhere(draft: Draft, table: RandomTable, withoutClustering: boolean, mayRange: boolean): string {
  const { r } = draft;
  const relations: string[] = [];
  for (const column of table.partitionKey) {
    if (r.chance(0.012)) continue;
    relations.push(
      r.chance(0.08)
        ? `${column.name} IN ${tuple(draft, column)}`
        : `${column.name} ${r.chance(0.985) ? '=' : r.pick(['>', '<=', '!='])} ${term(draft, column.type, 0.03)}`,
    );
  }
  if (!withoutClustering) {
    const depth = mayRange && r.chance(0.4) ? r.between(0, table.clustering.length) : table.clustering.length;
    const ranged = (mayRange && r.chance(0.3)) || r.chance(0.01);
    if (ranged && depth > 1 && r.chance(0.3)) {
      const columns = table.clustering.slice(0, depth);
      relations.push(
        `(${columns.map((column) => column.name).join(', ')}) ${r.pick(['>', '>=', '<', '<=', '=', '='])} (${columns.map((column) => term(draft, column.type, 0.02)).join(', ')})`,
      );
    } else {
      table.clustering.slice(0, depth).forEach((column, i) => {
        if (r.chance(0.012)) return;
        if (ranged && i === depth - 1) {
          const low = r.chance(0.6);
          if (low) relations.push(`${column.name} ${r.pick(['>', '>='])} ${term(draft, column.type, 0.02)}`);
          if (!low || r.chance(0.5))
            relations.push(`${column.name} ${r.pick(['<', '<='])} ${term(draft, column.type, 0.02)}`);
        } else {
          relations.push(
            r.chance(0.07)
              ? `${column.name} IN ${tuple(draft, column)}`
              : `${column.name} = ${term(draft, column.type, 0.03)}`,
          );
        }
      });
    }
  }
  if (r.chance(0.01) && table.regulars.length > 0)
    relations.push(`${r.pick(table.regulars).name} = ${term(draft, r.pick(table.regulars).type)}`);
  if (r.chance(0.005)) relations.push('nosuch = 1');
  if (relations.length === 0)
    relations.push(`${table.partitionKey[0].name} = ${literal(r, table.partitionKey[0].type)}`);
  return relations.join(' AND ');
}

function tuple(draft: Draft, column: RandomColumn): string {
  if (draft.r.chance(0.15)) return choicesMarker(draft, [column.type], false);
  return `(${draft.r.many(0, 3, () => term(draft, column.type, 0.03)).join(', ')})`;
}

function conditions(draft: Draft, table: RandomTable): string {
  const { r } = draft;
  if (!r.chance(table.usesClock ? 0.25 : 0.01)) return '';
  if (r.chance(0.25)) return ' IF EXISTS';
  const others = [...table.statics, ...table.regulars];
  const columns = r.some(others, r.between(1, 2));
  if (columns.length === 0 || r.chance(0.01)) columns.push(r.pick(keyColumns(table)));
  return ` IF ${columns.map((column) => condition(draft, column)).join(' AND ')}`;
}

function condition(draft: Draft, { name, type }: RandomColumn): string {
  const { r } = draft;
  const operator = r.pick(['=', '=', '!=', '<', '<=', '>', '>=']);
  if (r.chance(0.03)) {
    return r.pick([
      () => `${name}[${term(draft, { kind: 'native', name: 'int' })}] = 1`,
      () => `${name}.a = 1`,
      () => `${name} CONTAINS 1`,
      () => `${name} CONTAINS KEY 'a'`,
      () => `${name} LIKE 'a'`,
      () => 'nosuch = 1',
    ])();
  }
  const whole = (): string => {
    if (r.chance(0.12)) return `${name} = null`;
    if (r.chance(0.03)) return `${name} IN ${choicesMarker(draft, [type], false)}`;
    if (r.chance(0.15)) return `${name} IN (${r.many(0, 3, () => term(draft, type)).join(', ')})`;
    return `${name} ${operator} ${term(draft, type)}`;
  };
  if (r.chance(0.5)) return whole();
  switch (type.kind) {
    case 'list':
      return r.pick([
        () => `${name}[${r.between(-1, 2)}] ${operator} ${term(draft, type.element)}`,
        () => `${name} CONTAINS ${term(draft, type.element)}`,
      ])();
    case 'set':
      return `${name} CONTAINS ${term(draft, type.element)}`;
    case 'map':
      return r.pick([
        () => `${name}[${term(draft, type.key)}] ${operator} ${term(draft, type.value)}`,
        () => `${name}[${term(draft, type.key)}] IN (${term(draft, type.value)}, ${term(draft, type.value)})`,
        () => `${name} CONTAINS ${term(draft, type.value)}`,
        () => `${name} CONTAINS KEY ${term(draft, type.key)}`,
      ])();
    case 'udt': {
      const field = r.pick(type.fields);
      return `${name}.${field.name === 'Y y' ? '"Y y"' : field.name} ${operator} ${term(draft, field.type)}`;
    }
    default:
      return whole();
  }
}
