import type { QualifiedName, TypeNode } from '../../parser/ast/index.ts';
import { type CqlType, cqlTypeName, NATIVE_TYPE_NAMES, parseMarshalType, type UserType } from '../../types/index.ts';
import { didYouMean } from '../nearest-name.ts';
import { invalid, malformed } from './refusal.ts';

/** Where the names of user types are looked up. */
export interface TypeScope {
  readonly keyspace: string;
  readonly types: ReadonlyMap<string, UserType>;
  /** Also types that only DESCRIBE writes: `empty`, the value of what was a compact table. */
  readonly trusted?: boolean;
}

/**
 * The type that was written, with Cassandra's checks (`CQL3Type.Raw.prepare`, 5.0.8). `frozen` is what `frozen<>` around
 * it makes of it: it reaches into collections, as in Cassandra.
 */
export function resolveType(node: TypeNode, scope: TypeScope, frozen = false): CqlType {
  switch (node.kind) {
    case 'nativeType':
      return { kind: 'native', name: node.name };
    case 'frozenType':
      checkFreezable(node.inner);
      return resolveType(node.inner, scope, true);
    case 'listType':
    case 'setType':
      return resolveListOrSet(node, scope, frozen);
    case 'mapType':
      return resolveMap(node, scope, frozen);
    case 'tupleType':
      return resolveTuple(node, scope);
    case 'vectorType':
      return resolveVector(node, scope);
    case 'userType':
      if (scope.trusted && node.name.name.text === 'empty' && !scope.types.has('empty')) {
        return { kind: 'native', name: 'empty' };
      }
      return { ...resolveUserType(node.name, scope), frozen };
    case 'customType':
      return resolveCustom(node.className, node);
  }
}

/**
 * The type as messages print it (`CQL3Type.Raw.toString`): before it is resolved user types stand as written, afterwards
 * with their `keyspace`.
 */
export function rawTypeText(node: TypeNode, frozen = false, keyspace?: string): string {
  const around = (text: string): string => (frozen ? `frozen<${text}>` : text);
  const inner = (part: TypeNode): string => rawTypeText(part, frozen && isFreezable(part), keyspace);
  switch (node.kind) {
    case 'nativeType':
      return node.name;
    case 'frozenType':
      return rawTypeText(node.inner, isFreezable(node.inner), keyspace);
    case 'listType':
      return around(`list<${inner(node.element)}>`);
    case 'setType':
      return around(`set<${inner(node.element)}>`);
    case 'mapType':
      return around(`map<${inner(node.key)}, ${inner(node.value)}>`);
    case 'tupleType':
      return `tuple<${node.elements.map((part) => rawTypeText(part, isFreezable(part), keyspace)).join(', ')}>`;
    case 'vectorType':
      return `vector<${rawTypeText(node.element, false, keyspace)}, ${node.dimensions}>`;
    case 'userType':
      return around(userTypeText(node.name, keyspace));
    case 'customType':
      return cqlTypeName(resolveCustom(node.className, node));
  }
}

/** Written `frozen<…>`, and not so by nature as tuples and vectors are (`isFrozen() && !isImplicitlyFrozen()`). */
export function isWrittenFrozen(node: TypeNode): boolean {
  return node.kind === 'frozenType' && node.inner.kind !== 'tupleType' && node.inner.kind !== 'vectorType';
}

export function isCounterNode(node: TypeNode): boolean {
  return node.kind === 'nativeType' && node.name === 'counter';
}

function resolveListOrSet(
  node: Extract<TypeNode, { kind: 'listType' | 'setType' }>,
  scope: TypeScope,
  frozen: boolean,
): CqlType {
  checkNested(node, node.element, frozen);
  if (isCounterNode(node.element)) throw refuse('Counters are not allowed inside collections', node, frozen);
  if (isDuration(node.element) && node.kind === 'setType') {
    throw refuse('Durations are not allowed inside sets', node, frozen);
  }
  const element = resolveType(node.element, scope, frozen && isFreezable(node.element));
  return node.kind === 'listType' ? { kind: 'list', element, frozen } : { kind: 'set', element, frozen };
}

function resolveMap(node: Extract<TypeNode, { kind: 'mapType' }>, scope: TypeScope, frozen: boolean): CqlType {
  checkNested(node, node.value, frozen);
  if (isCounterNode(node.value)) throw refuse('Counters are not allowed inside collections', node, frozen);
  if (isCounterNode(node.key)) throw refuse('Counters are not allowed inside collections', node, frozen);
  if (isDuration(node.key)) throw refuse('Durations are not allowed as map keys', node, frozen);
  checkNested(node, node.key, frozen);
  const value = resolveType(node.value, scope, frozen && isFreezable(node.value));
  const key = resolveType(node.key, scope, frozen && isFreezable(node.key));
  return { kind: 'map', key, value, frozen };
}

function resolveTuple(node: Extract<TypeNode, { kind: 'tupleType' }>, scope: TypeScope): CqlType {
  const elements = node.elements.map((part): CqlType => {
    if (isCounterNode(part)) throw invalid('Counters are not allowed inside tuples', { position: part.position });
    return resolveType(part, scope, isFreezable(part));
  });
  return { kind: 'tuple', elements };
}

function resolveVector(node: Extract<TypeNode, { kind: 'vectorType' }>, scope: TypeScope): CqlType {
  const element = resolveType(node.element, scope);
  if (node.dimensions <= 0) {
    throw invalid(`vectors may only have positive dimensions; given ${node.dimensions}`, { position: node.position });
  }
  return { kind: 'vector', element, dimensions: node.dimensions };
}

function resolveUserType(name: QualifiedName, scope: TypeScope): UserType {
  if (name.keyspace !== undefined && name.keyspace.text !== scope.keyspace) {
    throw invalid(
      `Statement on keyspace ${scope.keyspace} cannot refer to a user type in keyspace ${name.keyspace.text}; ` +
        'user types can only be used in the keyspace they are defined in',
      { position: name.position },
    );
  }
  const type = scope.types.get(name.name.text);
  if (type !== undefined) return type;
  throw invalid(`Unknown type ${scope.keyspace}.${name.name.text}`, {
    position: name.position,
    suggestion: didYouMean(name.name.text, [...scope.types.keys(), ...NATIVE_TYPE_NAMES]),
  });
}

function resolveCustom(className: string, node: TypeNode): CqlType {
  const { type } = parseMarshalType(className);
  // A bare word that names no known class of the marshal package is a mistake; whole names may be a user's own classes.
  if (
    type.kind === 'custom' &&
    type.components === undefined &&
    /^\w+$/.test(className) &&
    !KNOWN_CUSTOM.test(className)
  ) {
    throw malformed(
      `Error setting type ${className}: Unable to find abstract-type class 'org.apache.cassandra.db.marshal.${className}'`,
      { position: node.position },
    );
  }
  return type;
}

/** Marshal classes without parameters that CQL has no name for. */
const KNOWN_CUSTOM = /^(LexicalUUIDType|LegacyTimeUUIDType|PartitionerDefinedOrder|LocalByPartionerType|DateType)$/;

function checkFreezable(inner: TypeNode): void {
  if (isFreezable(inner)) return;
  const message = `frozen<> is only allowed on collections, tuples, and user-defined types (got ${rawTypeText(inner)})`;
  throw malformed(message, { position: inner.position });
}

/** `supportsFreezing` */
function isFreezable(node: TypeNode): boolean {
  return node.kind !== 'nativeType' && node.kind !== 'customType';
}

function isDuration(node: TypeNode): boolean {
  return node.kind === 'nativeType' && node.name === 'duration';
}

/** Inside a collection that is not frozen, collections and user types must be. */
function checkNested(node: TypeNode, part: TypeNode, frozen: boolean): void {
  if (frozen) return;
  if (part.kind === 'userType') throw refuse('Non-frozen UDTs are not allowed inside collections', node, frozen);
  if (part.kind === 'listType' || part.kind === 'setType' || part.kind === 'mapType') {
    throw refuse('Non-frozen collections are not allowed inside collections', node, frozen);
  }
}

function refuse(message: string, node: TypeNode, frozen: boolean): Error {
  return invalid(`${message}: ${rawTypeText(node, frozen)}`, { position: node.position });
}

function userTypeText(name: QualifiedName, keyspace: string | undefined): string {
  const owner = name.keyspace?.text ?? keyspace;
  return owner === undefined ? name.name.text : `${owner}.${name.name.text}`;
}
