/**
 * Arbitrary ASTs that the parser can produce, one arbitrary a family of nodes; positions are blank. Names come from a pool
 * with quoted ones and unreserved keywords in it.
 */
import fc, { type Arbitrary } from 'fast-check';
import type * as ast from '../../src/parser/ast/index.ts';
import { NATIVE_TYPE_NAMES } from '../../src/types/index.ts';

const position = { offset: 0, line: 1, column: 0 };

type Bare<T> = T extends { readonly position: unknown } ? Omit<T, 'position'> : T;

function node<T extends ast.Node>(fields: { [K in keyof Bare<T>]: Arbitrary<Bare<T>[K]> }): Arbitrary<T> {
  // The record has every field of T but its position, which is added here.
  return fc
    .record(fields as Record<string, Arbitrary<unknown>>)
    .map((record) => ({ ...record, position }) as unknown as T);
}

const just = fc.constant;
const optional = <T>(arbitrary: Arbitrary<T>): Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });
const few = <T>(arbitrary: Arbitrary<T>, minLength = 0): Arbitrary<T[]> =>
  fc.array(arbitrary, { minLength, maxLength: 3 });

// ---- Names and types ----

const PLAIN_NAMES =
  'a b id name v1 n i deadbeef created_at system_x values list keys type role user having offset between show'.split(
    ' ',
  );

export const name: Arbitrary<ast.Name> = fc
  .oneof(
    { weight: 4, arbitrary: fc.constantFrom(...PLAIN_NAMES).map((text) => ({ text, quoted: false })) },
    {
      weight: 1,
      arbitrary: fc
        .oneof(fc.constantFrom('Mixed Case', 'a"b', 'select', "it's", 'é'), fc.string({ minLength: 1, maxLength: 5 }))
        .map((text) => ({ text, quoted: true })),
    },
  )
  .map((fields) => ({ kind: 'name', ...fields, position }));

export const qualifiedName: Arbitrary<ast.QualifiedName> = node<ast.QualifiedName>({
  kind: just('qualifiedName'),
  keyspace: optional(name),
  name,
});

const NATIVE_TYPES = NATIVE_TYPE_NAMES.filter((name) => name !== 'empty');

const nativeType = node<ast.NativeTypeNode>({ kind: just('nativeType'), name: fc.constantFrom(...NATIVE_TYPES) });

/** What frozen<> may hold: not what is one value anyway. */
function freezable(type: ast.TypeNode): ast.TypeNode {
  const isOneValue = type.kind === 'nativeType' || type.kind === 'customType';
  return isOneValue ? { kind: 'listType', element: type, position } : type;
}

export const type: Arbitrary<ast.TypeNode> = fc.letrec<{ type: ast.TypeNode }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    nativeType,
    node<ast.UserTypeNode>({ kind: just('userType'), name: qualifiedName }),
    node<ast.CustomTypeNode>({ kind: just('customType'), className: fc.string() }),
    node<ast.ListTypeNode>({ kind: just('listType'), element: tie('type') }),
    node<ast.SetTypeNode>({ kind: just('setType'), element: tie('type') }),
    node<ast.MapTypeNode>({ kind: just('mapType'), key: tie('type'), value: tie('type') }),
    node<ast.TupleTypeNode>({ kind: just('tupleType'), elements: few(tie('type'), 1) }),
    node<ast.FrozenTypeNode>({ kind: just('frozenType'), inner: tie('type').map(freezable) }),
    node<ast.VectorTypeNode>({ kind: just('vectorType'), element: tie('type'), dimensions: fc.nat(2048) }),
  ),
})).type;

// ---- Expressions ----

const LITERALS: readonly (readonly [ast.LiteralType, readonly string[]])[] = [
  ['integer', ['0', '1', '-1', '9223372036854775808']],
  ['float', ['1.5', '-1e10', '1.', '2E-3']],
  ['boolean', ['true', 'FALSE']],
  ['uuid', ['e79ff158-75ef-11eb-bd28-e90f3e546350', '12345678-1234-1234-1234-123456789012']],
  ['hex', ['0x', '0xCAFE']],
  ['duration', ['1y2mo3d', '-2h', 'P1Y2M3DT4H5M6S', '-P3W', 'P0001-02-03T04:05:06', '5µs']],
  ['special', ['NaN', 'Infinity', '-Infinity']],
  ['null', ['null', 'NULL']],
];

export const literal: Arbitrary<ast.Literal> = fc
  .oneof(
    fc.string().map((text) => ({ type: 'string' as const, text })),
    fc.constantFrom(...LITERALS.flatMap(([kind, texts]) => texts.map((text) => ({ type: kind, text })))),
  )
  .map((fields) => ({ kind: 'literal', slot: -1, ...fields, position }));

const constant = literal.filter(({ type }) => type !== 'null');
const positiveNumber = fc.constantFrom('1', '2', '3.5').map(
  (text): ast.Literal => ({
    kind: 'literal',
    type: text.includes('.') ? 'float' : 'integer',
    text,
    slot: -1,
    position,
  }),
);
const negativeNumber = positiveNumber.map((number): ast.Literal => ({ ...number, text: `-${number.text}` }));

export const bindMarker = node<ast.BindMarker>({ kind: just('bindMarker'), name: optional(name), index: just(0) });
export const integerValue: Arbitrary<ast.Expression> = fc.oneof(
  node<ast.Literal>({ kind: just('literal'), type: just('integer'), text: fc.nat().map(String), slot: just(-1) }),
  bindMarker,
);

interface Levels {
  primary: ast.Expression;
  postfix: ast.Expression;
  unary: ast.Expression;
  product: ast.Expression;
  value: ast.Expression;
  predicate: ast.Expression;
  conjunction: ast.Expression;
  expression: ast.Expression;
}

const column = node<ast.ColumnReference>({ kind: just('column'), name });

/** A name that opens no special form when a parenthesis follows it. */
const functionName = qualifiedName.filter((each) => each.name.quoted || !['cast', 'ttl'].includes(each.name.text));

function entry(tie: { key: Arbitrary<ast.Expression>; value: Arbitrary<ast.Expression> }): Arbitrary<ast.MapEntry> {
  return fc.record(tie);
}

const levelsOf: fc.LetrecTypedBuilder<Levels> = (tie) => ({
  primary: fc.oneof(
    { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
    literal,
    column,
    bindMarker,
    node<ast.CountRows>({ kind: just('countRows') }),
    node<ast.ListLiteral>({ kind: just('list'), elements: few(tie('value')) }),
    node<ast.SetLiteral>({ kind: just('set'), elements: few(tie('value')) }),
    node<ast.MapLiteral>({
      kind: just('map'),
      entries: fc
        .tuple(entry({ key: constant, value: tie('value') }), few(entry({ key: tie('value'), value: tie('value') })))
        .map(([first, rest]) => [first, ...rest]),
    }),
    node<ast.UdtLiteral>({ kind: just('udt'), fields: few(fc.record({ name, value: tie('value') }), 1) }),
    node<ast.TupleExpression>({
      kind: just('tuple'),
      elements: fc.oneof(fc.array(tie('expression'), { minLength: 2, maxLength: 3 }), few(bindMarker, 1)),
    }),
    node<ast.FunctionCall>({
      kind: just('call'),
      name: functionName,
      distinct: fc.boolean(),
      arguments: few(tie('expression'), 1),
    }),
    node<ast.TokenCall>({ kind: just('token'), arguments: few(tie('expression'), 1) }),
    node<ast.Cast>({ kind: just('cast'), operand: tie('expression'), type: nativeType }),
    node<ast.TypeHint>({
      kind: just('typeHint'),
      type: type.filter(({ kind }) => kind !== 'userType' && kind !== 'customType'),
      operand: tie('primary'),
    }),
    node<ast.CellAttribute>({
      kind: just('cellAttribute'),
      attribute: fc.constantFrom('writetime', 'maxwritetime', 'ttl'),
      operand: column,
    }),
  ),
  postfix: fc.oneof(
    { weight: 3, arbitrary: tie('primary') },
    { weight: 1, arbitrary: node<ast.FieldAccess>({ kind: just('field'), operand: tie('primary'), field: name }) },
    {
      weight: 1,
      arbitrary: node<ast.ElementAccess>({ kind: just('element'), operand: tie('primary'), key: tie('value') }),
    },
    {
      weight: 1,
      arbitrary: node<ast.SliceAccess>({
        kind: just('slice'),
        operand: column,
        from: optional(constant),
        to: optional(constant),
      }).filter(({ from, to }) => from !== undefined || to !== undefined),
    },
  ),
  unary: fc.oneof(
    { weight: 5, arbitrary: tie('postfix') },
    { weight: 1, arbitrary: node<ast.Negation>({ kind: just('negation'), operand: tie('unary') }) },
  ),
  product: fc.oneof(
    { weight: 5, arbitrary: tie('unary') },
    {
      weight: 1,
      arbitrary: node<ast.Arithmetic>({
        kind: just('arithmetic'),
        operator: fc.constantFrom('*', '/', '%'),
        left: tie('unary'),
        right: tie('unary'),
        fromSign: just(false),
      }),
    },
  ),
  value: fc.oneof(
    { weight: 5, arbitrary: tie('product') },
    {
      weight: 1,
      arbitrary: node<ast.Arithmetic>({
        kind: just('arithmetic'),
        operator: fc.constantFrom('+', '-'),
        left: tie('product'),
        right: tie('product'),
        fromSign: just(false),
      }),
    },
    {
      weight: 1,
      arbitrary: node<ast.Arithmetic>({
        kind: just('arithmetic'),
        operator: just('+'),
        left: column,
        right: negativeNumber,
        fromSign: just(true),
      }),
    },
  ),
  predicate: fc.oneof(
    node<ast.IndexExpression>({ kind: just('indexExpression'), index: name, value: tie('value') }),
    node<ast.Comparison>({
      kind: just('comparison'),
      operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
      left: tie('value'),
      right: tie('value'),
    }),
    node<ast.InPredicate>({
      kind: just('in'),
      left: tie('value'),
      values: fc.oneof(few(tie('value')), bindMarker),
      negated: fc.boolean(),
    }),
    node<ast.ContainsPredicate>({
      kind: just('contains'),
      left: tie('value'),
      right: tie('value'),
      key: fc.boolean(),
      negated: fc.boolean(),
    }),
    node<ast.LikePredicate>({ kind: just('like'), left: tie('value'), right: tie('value'), negated: fc.boolean() }),
    node<ast.NullPredicate>({ kind: just('isNull'), operand: tie('value'), negated: fc.boolean() }),
    node<ast.BetweenPredicate>({
      kind: just('between'),
      operand: tie('value'),
      low: tie('value'),
      high: tie('value'),
      negated: fc.boolean(),
    }),
  ),
  conjunction: fc.oneof(
    { weight: 4, arbitrary: tie('predicate') },
    { weight: 1, arbitrary: node<ast.Complement>({ kind: just('not'), operand: tie('expression') }) },
    {
      weight: 2,
      arbitrary: node<ast.Conjunction>({
        kind: just('and'),
        operands: fc.array(tie('predicate'), { minLength: 2, maxLength: 3 }),
      }),
    },
  ),
  expression: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 6, arbitrary: tie('value') },
    { weight: 2, arbitrary: tie('conjunction') },
    {
      weight: 1,
      arbitrary: node<ast.Disjunction>({
        kind: just('or'),
        operands: fc.array(tie('conjunction'), { minLength: 2, maxLength: 3 }),
      }),
    },
  ),
});

const levels = fc.letrec<Levels>(levelsOf);
export const { value, expression } = levels;
/** What a WHERE clause holds: never a bare value, whose kind the printing would not change but no one writes. */
const where = fc.oneof(levels.conjunction, levels.predicate);

// ---- Queries ----

const selection: Arbitrary<ast.Selection> = fc.oneof(
  node<ast.AllColumns>({ kind: just('allColumns') }),
  node<ast.SelectorList>({
    kind: just('selectors'),
    selectors: few(node<ast.Selector>({ kind: just('selector'), expression, alias: optional(name) }), 1),
  }),
);

const direction = fc.constantFrom<ast.Direction>('asc', 'desc');

export const select = node<ast.SelectStatement>({
  kind: just('select'),
  json: fc.boolean(),
  distinct: fc.boolean(),
  selection,
  from: optional(qualifiedName),
  where: optional(where),
  groupBy: few(expression),
  having: optional(where),
  orderBy: few(node<ast.Ordering>({ kind: just('ordering'), expression, annOf: optional(value), direction })),
  perPartitionLimit: optional(integerValue),
  limit: optional(integerValue),
  offset: optional(integerValue),
  allowFiltering: fc.boolean(),
});

const using = node<ast.UsingClause>({
  kind: just('using'),
  timestamp: optional(integerValue),
  ttl: optional(integerValue),
}).filter(({ timestamp, ttl }) => timestamp !== undefined || ttl !== undefined);

const insert = node<ast.InsertStatement>({
  kind: just('insert'),
  table: qualifiedName,
  body: fc.oneof(
    node<ast.InsertValues>({ kind: just('insertValues'), columns: optional(few(name, 1)), values: few(value, 1) }),
    node<ast.InsertJson>({
      kind: just('insertJson'),
      value: fc.oneof(
        literal.filter((each) => each.type === 'string'),
        bindMarker,
      ),
      default: fc.constantFrom('null', 'unset'),
    }),
  ),
  ifNotExists: fc.boolean(),
  using: optional(using),
});

/** `x = v + x` is an AssignPrepend, `x = x + v` an AssignAddition: such values cannot be assigned as they are. */
const assignedValue = value.filter((each) => each.kind !== 'arithmetic');

const assignment: Arbitrary<ast.Assignment> = fc.oneof(
  node<ast.AssignValue>({ kind: just('assignValue'), column: name, value: assignedValue }),
  node<ast.AssignAddition>({ kind: just('assignAddition'), column: name, value }),
  node<ast.AssignSubtraction>({ kind: just('assignSubtraction'), column: name, value }),
  node<ast.AssignPrepend>({ kind: just('assignPrepend'), column: name, value: constant }),
  node<ast.AssignElement>({ kind: just('assignElement'), column: name, key: value, value }),
  node<ast.AssignField>({ kind: just('assignField'), column: name, field: name, value }),
);

/** IF's conditions: the flat operands of a conjunction. */
const conditions = fc.oneof(
  few(levels.predicate),
  fc.tuple(
    node<ast.Disjunction>({
      kind: just('or'),
      operands: fc.array(levels.predicate, { minLength: 2, maxLength: 2 }),
    }),
  ),
);

const update = node<ast.UpdateStatement>({
  kind: just('update'),
  table: qualifiedName,
  using: optional(using),
  assignments: fc.uniqueArray(assignment, { minLength: 1, maxLength: 3, selector: ({ column: { text } }) => text }),
  where,
  ifExists: fc.boolean(),
  conditions,
}).map((each) => (each.ifExists ? { ...each, conditions: [] } : each));

const deleteStatement = node<ast.DeleteStatement>({
  kind: just('delete'),
  table: qualifiedName,
  targets: few(
    fc.oneof<Arbitrary<ast.DeleteTarget>[]>(
      node<ast.DeleteColumn>({ kind: just('deleteColumn'), column: name }),
      node<ast.DeleteElement>({ kind: just('deleteElement'), column: name, key: value }),
      node<ast.DeleteField>({ kind: just('deleteField'), column: name, field: name }),
    ),
  ),
  timestamp: optional(integerValue),
  where,
  ifExists: fc.boolean(),
  conditions,
}).map((each) => (each.ifExists ? { ...each, conditions: [] } : each));

const modification = fc.oneof<Arbitrary<ast.ModificationStatement>[]>(insert, update, deleteStatement);

const batch = node<ast.BatchStatement>({
  kind: just('batch'),
  type: fc.constantFrom('logged', 'unlogged', 'counter'),
  using: optional(using),
  statements: few(modification),
});

export const query: Arbitrary<ast.Statement> = fc.oneof<Arbitrary<ast.Statement>[]>(
  select,
  modification,
  batch,
  node<ast.UseStatement>({ kind: just('use'), keyspace: name }),
  node<ast.ExplainStatement>({
    kind: just('explain'),
    analyze: fc.boolean(),
    statement: fc.oneof(select, modification),
  }),
  node<ast.ShowTablesStatement>({ kind: just('showTables'), keyspace: optional(name) }),
);

// ---- Definitions ----

const propertyMap = node<ast.MapLiteral>({
  kind: just('map'),
  entries: fc.uniqueArray(fc.record({ key: constant, value: constant }), {
    maxLength: 3,
    selector: ({ key }) => (key.kind === 'literal' ? key.text : ''),
  }),
});

const properties = fc.uniqueArray(
  node<ast.Property>({
    kind: just('property'),
    name,
    value: fc.oneof<Arbitrary<ast.Property['value']>[]>(
      constant,
      propertyMap,
      node<ast.KeywordValue>({ kind: just('keyword'), text: fc.constantFrom('all', 'key', 'text', 'compact') }),
    ),
  }),
  { maxLength: 3, selector: ({ name: { text } }) => text },
);
const someProperties = properties.filter(({ length }) => length > 0);

const mask: Arbitrary<ast.ColumnMask> = node<ast.ColumnMask>({
  kind: just('mask'),
  function: optional(qualifiedName),
  arguments: few(value),
}).map((each) => (each.function === undefined ? { ...each, arguments: [] } : each));

const columnDefinition = node<ast.ColumnDefinition>({
  kind: just('columnDefinition'),
  name,
  type,
  static: fc.boolean(),
  primaryKey: fc.boolean(),
  mask: optional(mask),
});
const addedColumn = columnDefinition.map((each) => ({ ...each, primaryKey: false }));

const primaryKey = node<ast.PrimaryKey>({
  kind: just('primaryKey'),
  partitionKey: few(name, 1),
  clustering: few(name),
});

const tableOptions = {
  compactStorage: fc.boolean(),
  clusteringOrder: few(node<ast.ClusteringOrder>({ kind: just('clusteringOrder'), column: name, direction })),
  properties,
};

const renames = few(fc.record({ from: name, to: name }), 1);

const alterTableAction: Arbitrary<ast.AlterTableAction> = fc.oneof<Arbitrary<ast.AlterTableAction>[]>(
  node<ast.AlterColumnType>({ kind: just('alterColumnType'), column: name, type }),
  node<ast.MaskColumn>({ kind: just('maskColumn'), ifExists: fc.boolean(), column: name, mask: optional(mask) }),
  node<ast.AddColumns>({ kind: just('addColumns'), ifNotExists: fc.boolean(), columns: few(addedColumn, 1) }),
  node<ast.DropColumns>({
    kind: just('dropColumns'),
    ifExists: fc.boolean(),
    columns: few(name, 1),
    timestamp: optional(fc.nat().map(String)),
  }),
  node<ast.RenameColumns>({ kind: just('renameColumns'), ifExists: fc.boolean(), renames }),
  node<ast.DropCompactStorage>({ kind: just('dropCompactStorage') }),
  node<ast.AlterOptions>({ kind: just('alterOptions'), properties: someProperties }),
);

const fields = few(fc.record({ name, type }), 1);
const ifExists = fc.boolean();
const ifNotExists = fc.boolean();

const tableStatement: Arbitrary<ast.Statement> = fc.oneof<Arbitrary<ast.Statement>[]>(
  node<ast.CreateTableStatement>({
    kind: just('createTable'),
    name: qualifiedName,
    ifNotExists,
    columns: few(columnDefinition, 1),
    primaryKeys: fc.array(primaryKey, { maxLength: 1 }),
    ...tableOptions,
  }),
  node<ast.AlterTableStatement>({ kind: just('alterTable'), name: qualifiedName, ifExists, action: alterTableAction }),
  node<ast.DropTableStatement>({ kind: just('dropTable'), name: qualifiedName, ifExists }),
  node<ast.TruncateStatement>({ kind: just('truncate'), name: qualifiedName }),
  node<ast.CreateViewStatement>({
    kind: just('createView'),
    name: qualifiedName,
    ifNotExists,
    selection,
    base: qualifiedName,
    where: optional(where),
    primaryKey,
    ...tableOptions,
    compactStorage: just(false),
  }),
  node<ast.AlterViewStatement>({ kind: just('alterView'), name: qualifiedName, ifExists, properties: someProperties }),
  node<ast.DropViewStatement>({ kind: just('dropView'), name: qualifiedName, ifExists }),
  node<ast.CreateIndexStatement>({
    kind: just('createIndex'),
    custom: fc.boolean(),
    ifNotExists,
    name: optional(name),
    table: qualifiedName,
    targets: few(
      node<ast.IndexTarget>({
        kind: just('indexTarget'),
        column: name,
        of: fc.constantFrom('simple', 'values', 'keys', 'entries', 'full'),
      }),
    ),
    using: optional(fc.string()),
    properties,
  }),
  node<ast.DropIndexStatement>({ kind: just('dropIndex'), name: qualifiedName, ifExists }),
  node<ast.CreateTriggerStatement>({
    kind: just('createTrigger'),
    name,
    ifNotExists,
    table: qualifiedName,
    using: fc.string(),
  }),
  node<ast.DropTriggerStatement>({ kind: just('dropTrigger'), name, ifExists, table: qualifiedName }),
);

const keyspaceStatement: Arbitrary<ast.Statement> = fc.oneof<Arbitrary<ast.Statement>[]>(
  node<ast.CreateKeyspaceStatement>({ kind: just('createKeyspace'), name, ifNotExists, properties: someProperties }),
  node<ast.AlterKeyspaceStatement>({ kind: just('alterKeyspace'), name, ifExists, properties: someProperties }),
  node<ast.DropKeyspaceStatement>({ kind: just('dropKeyspace'), name, ifExists }),
  node<ast.CreateTypeStatement>({ kind: just('createType'), name: qualifiedName, ifNotExists, fields }),
  node<ast.AlterTypeStatement>({
    kind: just('alterType'),
    name: qualifiedName,
    ifExists,
    action: fc.oneof<Arbitrary<ast.AlterTypeAction>[]>(
      node<ast.AlterFieldType>({ kind: just('alterFieldType'), field: name, type }),
      node<ast.AddField>({ kind: just('addField'), ifNotExists, field: name, type }),
      node<ast.RenameFields>({ kind: just('renameFields'), ifExists, renames }),
    ),
  }),
  node<ast.DropTypeStatement>({ kind: just('dropType'), name: qualifiedName, ifExists }),
  node<ast.CreateFunctionStatement>({
    kind: just('createFunction'),
    name: qualifiedName,
    orReplace: fc.boolean(),
    ifNotExists,
    arguments: few(fc.record({ name, type })),
    calledOnNullInput: fc.boolean(),
    returns: type,
    language: just('java'),
    body: fc.string(),
  }),
  node<ast.DropFunctionStatement>({
    kind: just('dropFunction'),
    name: qualifiedName,
    ifExists,
    argumentTypes: optional(few(type)),
  }),
  node<ast.CreateAggregateStatement>({
    kind: just('createAggregate'),
    name: qualifiedName,
    orReplace: fc.boolean(),
    ifNotExists,
    argumentTypes: few(type),
    stateFunction: name,
    stateType: type,
    finalFunction: optional(name),
    initialCondition: optional(value),
  }),
  node<ast.DropAggregateStatement>({
    kind: just('dropAggregate'),
    name: qualifiedName,
    ifExists,
    argumentTypes: optional(few(type)),
  }),
);

// ---- Roles ----

const strings = fc.array(fc.string(), { minLength: 1, maxLength: 2 });
const access = fc.oneof(just('all' as const), strings);
const stringName = fc.string().map((text): ast.RoleName => ({ kind: 'name', text, quoted: true, position }));

const rolePassword = node<ast.RolePassword>({
  kind: just('rolePassword'),
  hashed: fc.boolean(),
  password: fc.string(),
});

const roleOptions = fc.uniqueArray(
  fc.oneof<Arbitrary<ast.RoleOption>[]>(
    rolePassword,
    node<ast.RoleFlag>({ kind: just('roleFlag'), flag: fc.constantFrom('superuser', 'login'), value: fc.boolean() }),
    node<ast.RoleCustomOptions>({ kind: just('roleOptions'), options: propertyMap }),
    node<ast.RoleDatacenters>({ kind: just('roleDatacenters'), datacenters: access }),
    node<ast.RoleCidrs>({ kind: just('roleCidrs'), cidrs: access }),
  ),
  { maxLength: 3, selector: (each) => (each.kind === 'roleFlag' ? each.flag : each.kind) },
);

const dataResource = fc.oneof<Arbitrary<ast.Resource>[]>(
  node<ast.AllKeyspacesResource>({ kind: just('allKeyspaces') }),
  node<ast.KeyspaceResource>({ kind: just('keyspaceResource'), keyspace: name }),
  node<ast.AllTablesResource>({ kind: just('allTables'), keyspace: name }),
  node<ast.TableResource>({ kind: just('tableResource'), table: qualifiedName }),
);
const anyResource = fc.oneof<Arbitrary<ast.Resource>[]>(
  dataResource,
  node<ast.AllRolesResource>({ kind: just('allRoles') }),
  node<ast.RoleResource>({ kind: just('roleResource'), role: name }),
  node<ast.AllFunctionsResource>({ kind: just('allFunctions'), keyspace: optional(name) }),
  node<ast.FunctionResource>({ kind: just('functionResource'), function: qualifiedName, argumentTypes: few(type) }),
  node<ast.AllMBeansResource>({ kind: just('allMBeans') }),
  node<ast.MBeanResource>({
    kind: just('mbeanResource'),
    name: just('org.apache.cassandra.db:type=*'),
    pattern: fc.boolean(),
  }),
);
const dataPermissions = fc.oneof(
  just('all' as const),
  fc.array(
    fc.constantFrom<ast.Permission>('alter', 'drop', 'select', 'modify', 'authorize', 'unmask', 'select_masked'),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
);

const userOptions = { password: optional(rolePassword), superuser: optional(fc.boolean()) };

const roleStatement: Arbitrary<ast.Statement> = fc.oneof<Arbitrary<ast.Statement>[]>(
  node<ast.CreateRoleStatement>({ kind: just('createRole'), name, ifNotExists, options: roleOptions }),
  node<ast.AlterRoleStatement>({ kind: just('alterRole'), name, ifExists, options: roleOptions }),
  node<ast.DropRoleStatement>({ kind: just('dropRole'), name, ifExists }),
  node<ast.ListRolesStatement>({ kind: just('listRoles'), of: optional(name), noRecursive: fc.boolean() }),
  node<ast.GrantRoleStatement>({ kind: just('grantRole'), role: name, grantee: name }),
  node<ast.RevokeRoleStatement>({ kind: just('revokeRole'), role: name, revokee: name }),
  node<ast.CreateUserStatement>({ kind: just('createUser'), name: stringName, ifNotExists, ...userOptions }),
  node<ast.AlterUserStatement>({ kind: just('alterUser'), name: stringName, ifExists, ...userOptions }),
  node<ast.DropUserStatement>({ kind: just('dropUser'), name: stringName, ifExists }),
  node<ast.ListUsersStatement>({ kind: just('listUsers') }),
  node<ast.AddIdentityStatement>({
    kind: just('addIdentity'),
    identity: fc.string(),
    ifNotExists,
    role: fc.string(),
  }),
  node<ast.DropIdentityStatement>({ kind: just('dropIdentity'), identity: fc.string(), ifExists }),
  node<ast.GrantPermissionsStatement>({
    kind: just('grantPermissions'),
    permissions: dataPermissions,
    resource: dataResource,
    grantee: name,
  }),
  node<ast.RevokePermissionsStatement>({
    kind: just('revokePermissions'),
    permissions: just('all'),
    resource: anyResource,
    revokee: name,
  }),
  node<ast.ListPermissionsStatement>({
    kind: just('listPermissions'),
    permissions: dataPermissions,
    resource: optional(anyResource),
    of: optional(name),
    noRecursive: fc.boolean(),
  }),
);

const describe = node<ast.DescribeStatement>({
  kind: just('describe'),
  target: fc.oneof<Arbitrary<ast.DescribeTarget>[]>(
    node<ast.DescribeList>({
      kind: just('describeList'),
      of: fc.constantFrom('cluster', 'keyspaces', 'tables', 'types', 'functions', 'aggregates'),
    }),
    node<ast.DescribeSchema>({ kind: just('describeSchema'), full: fc.boolean() }),
    node<ast.DescribeKeyspace>({ kind: just('describeKeyspace'), only: fc.boolean(), keyspace: optional(name) }),
    node<ast.DescribeElement>({
      kind: just('describeElement'),
      of: fc.constantFrom('table', 'index', 'view', 'type', 'function', 'aggregate'),
      name: qualifiedName,
    }),
    node<ast.DescribeAny>({ kind: just('describeAny'), name: qualifiedName }),
  ),
  withInternals: fc.boolean(),
});

export const definition: Arbitrary<ast.Statement> = fc.oneof(
  tableStatement,
  keyspaceStatement,
  roleStatement,
  describe,
);
