import { unreachable } from '../../errors/index.ts';
import type { TypeNode } from '../ast/index.ts';
import { printQualified, quoteString } from './name.ts';

export function printType(type: TypeNode): string {
  switch (type.kind) {
    case 'nativeType':
      return type.name;
    case 'listType':
      return `list<${printType(type.element)}>`;
    case 'setType':
      return `set<${printType(type.element)}>`;
    case 'mapType':
      return `map<${printType(type.key)}, ${printType(type.value)}>`;
    case 'tupleType':
      return `tuple<${type.elements.map(printType).join(', ')}>`;
    case 'vectorType':
      return `vector<${printType(type.element)}, ${type.dimensions}>`;
    case 'frozenType':
      return `frozen<${printType(type.inner)}>`;
    case 'userType':
      return printQualified(type.name);
    case 'customType':
      return quoteString(type.className);
    default:
      return unreachable(type);
  }
}

export function printTypeList(types: readonly TypeNode[]): string {
  return `(${types.map(printType).join(', ')})`;
}
