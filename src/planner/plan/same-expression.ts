import { equalBytes } from '../../bytes/index.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { operandsOf } from '../expressions/typed-expression.ts';
import { sameType } from '../types/same-type.ts';

/** Whether two expressions give the same value for every row. Conditions are never taken for the same. */
export function sameExpression(a: TypedExpression, b: TypedExpression): boolean {
  if (a === b) return true;
  if (!sameType(a.type, b.type)) return false;
  switch (a.kind) {
    case 'constant':
      return b.kind === 'constant' && a.literal?.slot === b.literal?.slot && sameBytes(a.bytes, b.bytes);
    case 'marker':
      return b.kind === 'marker' && a.index === b.index;
    case 'input':
      return b.kind === 'input' && a.slot === b.slot;
    case 'call':
      if (b.kind !== 'call' || !sameFunction(a.function, b.function) || !a.function.pure) return false;
      break;
    case 'aggregate':
      if (b.kind !== 'aggregate' || !sameFunction(a.function, b.function) || a.distinct !== b.distinct) return false;
      break;
    case 'field':
      if (b.kind !== 'field' || a.index !== b.index) return false;
      break;
    case 'test':
    case 'partTimes':
      return false;
    case 'slice':
      if (b.kind !== 'slice' || (a.from === null) !== (b.from === null)) return false;
      break;
    case 'elements':
    case 'entries':
    case 'element':
      if (a.kind !== b.kind) return false;
  }
  const left = operandsOf(a);
  const right = operandsOf(b);
  return left.length === right.length && left.every((operand, i) => sameExpression(operand, right[i]));
}

/** A factory makes a function anew for each call: two of one name are equal when arguments and results are. */
function sameFunction(a: { readonly name: string }, b: { readonly name: string }): boolean {
  return a === b || a.name === b.name;
}

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return equalBytes(a, b);
}
