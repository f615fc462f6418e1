/** AST to CQL text: what is printed parses to the same AST, positions aside. */
import { unreachable } from '../../errors/index.ts';
import type { DescribeTarget, Statement } from '../ast/index.ts';
import { printKeyspaceStatement, printTableStatement } from './definition.ts';
import { printName, printQualified } from './name.ts';
import { printBatch, printModification, printSelect, words } from './query.ts';
import { printRoleStatement } from './role.ts';

export { printExpression } from './expression.ts';
export { printQualified } from './name.ts';
export { printType } from './type.ts';

export function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'select':
      return printSelect(statement);
    case 'insert':
    case 'update':
    case 'delete':
      return printModification(statement);
    case 'batch':
      return printBatch(statement);
    case 'explain':
      return words('EXPLAIN', statement.analyze && 'ANALYZE', printStatement(statement.statement));
    case 'showTables':
      return words('SHOW TABLES', statement.keyspace && `FROM ${printName(statement.keyspace)}`);
    case 'describe':
      return words('DESCRIBE', printTarget(statement.target), statement.withInternals && 'WITH INTERNALS');
    case 'use':
    case 'createKeyspace':
    case 'alterKeyspace':
    case 'dropKeyspace':
    case 'createType':
    case 'alterType':
    case 'dropType':
    case 'createFunction':
    case 'dropFunction':
    case 'createAggregate':
    case 'dropAggregate':
      return printKeyspaceStatement(statement);
    case 'createTable':
    case 'alterTable':
    case 'dropTable':
    case 'truncate':
    case 'createView':
    case 'alterView':
    case 'dropView':
    case 'createIndex':
    case 'dropIndex':
    case 'createTrigger':
    case 'dropTrigger':
      return printTableStatement(statement);
    default:
      return printRoleStatement(statement);
  }
}

function printTarget(target: DescribeTarget): string {
  switch (target.kind) {
    case 'describeList':
      return target.of.toUpperCase();
    case 'describeSchema':
      return target.full ? 'FULL SCHEMA' : 'SCHEMA';
    case 'describeKeyspace':
      return words(target.only && 'ONLY', 'KEYSPACE', target.keyspace && printName(target.keyspace));
    case 'describeElement':
      return `${target.of === 'view' ? 'MATERIALIZED VIEW' : target.of.toUpperCase()} ${printQualified(target.name)}`;
    case 'describeAny':
      return printQualified(target.name);
    default:
      return unreachable(target);
  }
}
