import type { ArithmeticOperator } from '../../parser/ast/index.ts';

/** The native functions behind the operators of arithmetic (`OperationFcts.OPERATION`, 5.0.8). */
const FUNCTION_OF: Readonly<Record<ArithmeticOperator, string>> = {
  '+': '_add',
  '-': '_substract',
  '*': '_multiply',
  '/': '_divide',
  '%': '_modulo',
};

/** `+`, `-`… */
export type ArithmeticName = ArithmeticOperator;

export const NEGATION = '_negate';

export function operatorFunction(operator: ArithmeticOperator): string {
  return FUNCTION_OF[operator];
}

/** The operator that a function's name stands for; null for all other functions. */
export function operatorOf(functionName: string): ArithmeticOperator | null {
  for (const operator of OPERATORS) if (FUNCTION_OF[operator] === functionName) return operator;
  return null;
}

export const OPERATORS: readonly ArithmeticOperator[] = ['+', '-', '*', '/', '%'];
