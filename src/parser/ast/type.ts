import type { NativeTypeName } from '../../types/cql-type.ts';
import type { Node, QualifiedName } from './node.ts';

/** A CQL type as it was written; the schema resolves user types and says what may be frozen. */
export type TypeNode =
  | NativeTypeNode
  | ListTypeNode
  | SetTypeNode
  | MapTypeNode
  | TupleTypeNode
  | VectorTypeNode
  | FrozenTypeNode
  | UserTypeNode
  | CustomTypeNode;

/** `varchar` is read as `text`. */
export interface NativeTypeNode extends Node<'nativeType'> {
  readonly name: NativeTypeName;
}

export interface ListTypeNode extends Node<'listType'> {
  readonly element: TypeNode;
}

export interface SetTypeNode extends Node<'setType'> {
  readonly element: TypeNode;
}

export interface MapTypeNode extends Node<'mapType'> {
  readonly key: TypeNode;
  readonly value: TypeNode;
}

export interface TupleTypeNode extends Node<'tupleType'> {
  readonly elements: readonly TypeNode[];
}

/** `vector<float, 3>`; `dimensions` is whatever integer was written. */
export interface VectorTypeNode extends Node<'vectorType'> {
  readonly element: TypeNode;
  readonly dimensions: number;
}

export interface FrozenTypeNode extends Node<'frozenType'> {
  readonly inner: TypeNode;
}

export interface UserTypeNode extends Node<'userType'> {
  readonly name: QualifiedName;
}

/** A marshal class in quotes: `'org.apache.cassandra.db.marshal.CompositeType(…)'`. */
export interface CustomTypeNode extends Node<'customType'> {
  readonly className: string;
}
