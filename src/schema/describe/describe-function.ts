import { type CqlType, cqlTypeName, quoteIdentifier } from '../../types/index.ts';
import type { AggregateMetadata, FunctionMetadata } from '../model/index.ts';
import { qualifiedName } from '../qualified-name.ts';
import type { DescribeOptions } from './options.ts';

/** `UDFunction.toCqlString` */
export function describeFunction(fn: FunctionMetadata, options: DescribeOptions = {}): string {
  const args = fn.argumentNames.map((name, i) => `${quoteIdentifier(name)} ${signatureType(fn.argumentTypes[i])}`);
  return [
    `CREATE FUNCTION ${ifNotExists(options)}${qualifiedName(fn.keyspace, fn.name)}(${args.join(', ')})`,
    `    ${fn.calledOnNullInput ? 'CALLED' : 'RETURNS NULL'} ON NULL INPUT`,
    `    RETURNS ${signatureType(fn.returnType)}`,
    `    LANGUAGE ${fn.language}`,
    `    AS $$${fn.body}$$;`,
  ].join('\n');
}

/** `UDAggregate.toCqlString` */
export function describeAggregate(aggregate: AggregateMetadata, options: DescribeOptions = {}): string {
  const args = aggregate.argumentTypes.map(signatureType).join(', ');
  const lines = [
    `CREATE AGGREGATE ${ifNotExists(options)}${qualifiedName(aggregate.keyspace, aggregate.name)}(${args})`,
    `    SFUNC ${quoteIdentifier(aggregate.stateFunction)}`,
    `    STYPE ${signatureType(aggregate.stateType)}`,
  ];
  if (aggregate.finalFunction !== null) lines.push(`    FINALFUNC ${quoteIdentifier(aggregate.finalFunction)}`);
  if (aggregate.initialCondition !== null) lines.push(`    INITCOND ${aggregate.initialCondition}`);
  return `${lines.join('\n')};`;
}

/** A type as signatures have it: tuples, frozen by nature, without their `frozen<>` (`AbstractFunction.toCqlString`). */
export function signatureType(type: CqlType): string {
  const name = cqlTypeName(type);
  return type.kind === 'tuple' ? name.slice('frozen<'.length, -1) : name;
}

/** `name(int, text)`: how listings name a function (`UserFunction.elementName`). */
export function signature(name: string, argumentTypes: readonly CqlType[]): string {
  return `${quoteIdentifier(name)}(${argumentTypes.map(signatureType).join(', ')})`;
}

function ifNotExists(options: DescribeOptions): string {
  return options.ifNotExists ? 'IF NOT EXISTS ' : '';
}
