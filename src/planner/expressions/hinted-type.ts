import type { TypeNode } from '../../parser/ast/index.ts';
import { resolveType } from '../../schema/ddl/raw-type.ts';
import type { CqlType } from '../../types/index.ts';
import { nativeType } from '../types/native-types.ts';
import type { BindScope } from './bind-scope.ts';

/** The type of a cast or a hint, resolved in the statement's keyspace. */
export function hintedType(node: TypeNode, scope: BindScope): CqlType {
  if (node.kind === 'nativeType') return nativeType(node.name);
  const types = scope.context.schema.keyspaces.get(scope.keyspace)?.types ?? new Map();
  return resolveType(node, { keyspace: scope.keyspace, types });
}
