import { CqlError, unreachable } from '../errors/index.ts';
import type { CqlType, NativeTypeName, UserTypeField } from './cql-type.ts';
import { freezeType } from './freeze.ts';
import { type MarshalArgument, type MarshalNode, parseMarshalTree, printMarshalTree } from './marshal-tree.ts';

/**
 * Names of Cassandra's marshal classes, which say a type in Statistics.db, in old schema tables and in CQL's custom
 * types, both ways (`db/marshal/TypeParser` and each class' toString, 5.0.8).
 */

const PACKAGE = 'org.apache.cassandra.db.marshal.';

const NATIVE_CLASSES: Readonly<Record<NativeTypeName, string>> = {
  ascii: 'AsciiType',
  bigint: 'LongType',
  blob: 'BytesType',
  boolean: 'BooleanType',
  counter: 'CounterColumnType',
  date: 'SimpleDateType',
  decimal: 'DecimalType',
  double: 'DoubleType',
  duration: 'DurationType',
  empty: 'EmptyType',
  float: 'FloatType',
  inet: 'InetAddressType',
  int: 'Int32Type',
  smallint: 'ShortType',
  text: 'UTF8Type',
  time: 'TimeType',
  timestamp: 'TimestampType',
  timeuuid: 'TimeUUIDType',
  tinyint: 'ByteType',
  uuid: 'UUIDType',
  varint: 'IntegerType',
};

const NATIVE_NAMES: ReadonlyMap<string, NativeTypeName> = new Map(
  // The keys of the record are exactly the names.
  Object.entries(NATIVE_CLASSES).map(([name, className]) => [className, name as NativeTypeName]),
);

export interface MarshalType {
  readonly type: CqlType;
  /** `ReversedType(…)` around it: a clustering column in descending order. */
  readonly reversed: boolean;
}

/**
 * The type that a class name with its parameters stands for; the package may be left out. Classes not known become
 * custom types. Throws CqlError SyntaxException when the text is none.
 */
export function parseMarshalType(text: string): MarshalType {
  const node = parseMarshalTree(text);
  if (shortName(node) !== 'ReversedType') return { type: typeOf(node), reversed: false };
  return { type: typeOf(onlyArgument(node)), reversed: true };
}

/** The class name as Cassandra writes it, with the package. */
export function toMarshalName(type: CqlType, options: { readonly reversed?: boolean } = {}): string {
  const name = marshalName(type, false);
  return options.reversed ? `${PACKAGE}ReversedType(${name})` : name;
}

function shortName(node: MarshalNode): string | null {
  if (node.name.startsWith(PACKAGE)) return node.name.slice(PACKAGE.length);
  return node.name.includes('.') ? null : node.name;
}

function typeOf(node: MarshalNode): CqlType {
  const name = shortName(node);
  switch (name) {
    case 'ListType':
      return { kind: 'list', element: freezeType(typeOf(onlyArgument(node))), frozen: false };
    case 'SetType':
      return { kind: 'set', element: freezeType(typeOf(onlyArgument(node))), frozen: false };
    case 'MapType': {
      const [key, value] = exactly(node, 2);
      return { kind: 'map', key: freezeType(typeOf(key)), value: freezeType(typeOf(value)), frozen: false };
    }
    case 'FrozenType':
      return freezeType(typeOf(onlyArgument(node)));
    case 'ReversedType':
      return typeOf(onlyArgument(node));
    case 'TupleType':
      return { kind: 'tuple', elements: plainArguments(node).map((argument) => freezeType(typeOf(argument))) };
    case 'UserType':
      return userType(node);
    case 'VectorType': {
      const [element, dimensions] = exactly(node, 2);
      return { kind: 'vector', element: freezeType(typeOf(element)), dimensions: Number(dimensions.name) };
    }
    case 'CompositeType':
      return { kind: 'custom', className: fullName(node), components: plainArguments(node).map(typeOf) };
    case 'PartitionerDefinedOrder':
      return ringOrder(node);
    case 'LegacyTimeUUIDType':
      return { kind: 'native', name: 'timeuuid' };
    default: {
      const native = name === null ? undefined : NATIVE_NAMES.get(name);
      return native === undefined ? { kind: 'custom', className: fullName(node) } : { kind: 'native', name: native };
    }
  }
}

/** `UserType(keyspace,hex of the name,hex of a field:type,…)`. */
function userType(node: MarshalNode): CqlType {
  const [keyspace, name, ...fields] = node.args ?? [];
  if (name === undefined) throw malformed(node, 'a keyspace and a name');
  return {
    kind: 'udt',
    keyspace: keyspace.node.name,
    name: fromHexName(name.node),
    fields: fields.map((field): UserTypeField => {
      if (field.label === null) throw malformed(node, 'name:type');
      return { name: fromHexName({ name: field.label, args: null }), type: typeOf(field.node) };
    }),
    frozen: false,
  };
}

/** `PartitionerDefinedOrder(partitioner)`, since 5.0 with the type of the key: `(partitioner:type)`. */
function ringOrder(node: MarshalNode): CqlType {
  const argument = node.args?.[0];
  const className = fullName(node);
  return argument === undefined || argument.label === null
    ? { kind: 'custom', className }
    : { kind: 'custom', className, components: [typeOf(argument.node)] };
}

function fromHexName(node: MarshalNode): string {
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(node.name)) throw malformed(node, 'a name in hex');
  return Buffer.from(node.name, 'hex').toString('utf8');
}

function plainArguments(node: MarshalNode): MarshalNode[] {
  return (node.args ?? []).map((argument) => argument.node);
}

function exactly(node: MarshalNode, count: number): MarshalNode[] {
  const args = plainArguments(node);
  if (args.length !== count) throw malformed(node, `${count} type parameter${count === 1 ? '' : 's'}`);
  return args;
}

function onlyArgument(node: MarshalNode): MarshalNode {
  return exactly(node, 1)[0];
}

function malformed(node: MarshalNode, expected: string): CqlError {
  return new CqlError('SyntaxException', `${printMarshalTree(node)}: ${expected} expected`);
}

/** The whole name with the package wherever a class of it stands. */
function fullName(node: MarshalNode): string {
  return printMarshalTree(withPackage(node));
}

function withPackage(node: MarshalNode): MarshalNode {
  const name = node.name.includes('.') || !/^[A-Z]/.test(node.name) ? node.name : PACKAGE + node.name;
  const withPackages = (argument: MarshalArgument): MarshalArgument => ({
    ...argument,
    node: withPackage(argument.node),
  });
  return { name, args: node.args?.map(withPackages) ?? null };
}

/** Inside of a frozen type nothing says again that it is frozen; nor does anything inside of a tuple. */
function marshalName(type: CqlType, insideFrozen: boolean): string {
  switch (type.kind) {
    case 'native':
      return PACKAGE + NATIVE_CLASSES[type.name];
    case 'list':
    case 'set': {
      const className = type.kind === 'list' ? 'ListType' : 'SetType';
      const element = marshalName(type.element, insideFrozen || type.frozen);
      return frozenIf(type.frozen && !insideFrozen, `${PACKAGE}${className}(${element})`);
    }
    case 'map': {
      const inside = insideFrozen || type.frozen;
      const parameters = `${marshalName(type.key, inside)},${marshalName(type.value, inside)}`;
      return frozenIf(type.frozen && !insideFrozen, `${PACKAGE}MapType(${parameters})`);
    }
    case 'tuple':
      return `${PACKAGE}TupleType(${type.elements.map((element) => marshalName(element, true)).join(',')})`;
    case 'udt': {
      const inside = insideFrozen || type.frozen;
      const fields = type.fields.map((field) => `,${toHexName(field.name)}:${marshalName(field.type, inside)}`);
      const parameters = `${type.keyspace},${toHexName(type.name)}${fields.join('')}`;
      return frozenIf(type.frozen && !insideFrozen, `${PACKAGE}UserType(${parameters})`);
    }
    case 'vector':
      return `${PACKAGE}VectorType(${marshalName(type.element, insideFrozen)} , ${type.dimensions})`;
    case 'custom':
      return type.className;
    default:
      return unreachable(type);
  }
}

function frozenIf(frozen: boolean, name: string): string {
  return frozen ? `${PACKAGE}FrozenType(${name})` : name;
}

function toHexName(name: string): string {
  return Buffer.from(name, 'utf8').toString('hex');
}
