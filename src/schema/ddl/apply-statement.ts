import { createHash } from 'node:crypto';
import type { KeyspaceStatement, RoleStatement, Statement, TableStatement } from '../../parser/ast/index.ts';
import { formatTableId, type RoleMetadata, type Schema, withRole } from '../model/index.ts';
import { createAggregate, dropAggregate } from './aggregates.ts';
import { alterTable } from './alter-table.ts';
import type { DdlContext, DdlOutcome, SchemaChange } from './context.ts';
import { createIndex } from './create-index.ts';
import { createTable } from './create-table.ts';
import { dropIndex, dropKeyspace, dropTable } from './drops.ts';
import { createFunction, dropFunction } from './functions.ts';
import { alterKeyspace, createKeyspace } from './keyspaces.ts';
import { functionNamed, functionsOf, keyspaceData, type ResourceChain, tableData } from './resource-chain.ts';
import { permissionsOfMaker } from './resources.ts';
import { applyRoleStatement, type RoleChangeStatement } from './roles.ts';
import { createTrigger, dropTrigger } from './triggers.ts';
import { alterType, createType, dropType } from './user-types.ts';
import { alterView, createView, dropView } from './views.ts';

/** Every statement that changes the schema or the roles. */
export type DdlStatement =
  | Exclude<KeyspaceStatement, { kind: 'use' }>
  | Exclude<TableStatement, { kind: 'truncate' }>
  | RoleChangeStatement;

const ROLE_QUERIES: readonly string[] = ['listRoles', 'listUsers', 'listPermissions'] satisfies RoleStatement['kind'][];
const DDL_KIND = /^(create|alter|drop|grant|revoke|addIdentity)/;

export function isDdlStatement(statement: Statement): statement is DdlStatement {
  return DDL_KIND.test(statement.kind) && !ROLE_QUERIES.includes(statement.kind);
}

/**
 * Applies a statement to the schema, with Cassandra 5.0.8's checks and messages. The schema given stays as it is; the one
 * returned has a version of its own if anything changed. Throws CqlError.
 */
export function applyStatement(schema: Schema, statement: DdlStatement, context: DdlContext): DdlOutcome {
  const outcome = forgetDropped(grantToMaker(apply(schema, statement, context), context));
  if (outcome.schema === schema) return outcome;
  return { ...outcome, schema: { ...outcome.schema, version: nextVersion(schema.version, outcome, context) } };
}

function apply(schema: Schema, statement: DdlStatement, context: DdlContext): DdlOutcome {
  switch (statement.kind) {
    case 'createKeyspace':
      return createKeyspace(schema, statement, context);
    case 'alterKeyspace':
      return alterKeyspace(schema, statement, context);
    case 'dropKeyspace':
      return dropKeyspace(schema, statement, context);
    case 'createTable':
      return createTable(schema, statement, context);
    case 'alterTable':
      return alterTable(schema, statement, context);
    case 'dropTable':
      return dropTable(schema, statement, context);
    case 'createType':
      return createType(schema, statement, context);
    case 'alterType':
      return alterType(schema, statement, context);
    case 'dropType':
      return dropType(schema, statement, context);
    case 'createIndex':
      return createIndex(schema, statement, context);
    case 'dropIndex':
      return dropIndex(schema, statement, context);
    case 'createView':
      return createView(schema, statement, context);
    case 'alterView':
      return alterView(schema, statement, context);
    case 'dropView':
      return dropView(schema, statement, context);
    case 'createFunction':
      return createFunction(schema, statement, context);
    case 'dropFunction':
      return dropFunction(schema, statement, context);
    case 'createAggregate':
      return createAggregate(schema, statement, context);
    case 'dropAggregate':
      return dropAggregate(schema, statement, context);
    case 'createTrigger':
      return createTrigger(schema, statement, context);
    case 'dropTrigger':
      return dropTrigger(schema, statement, context);
    default:
      return applyRoleStatement(schema, statement, context);
  }
}

/** Whoever makes a keyspace, table or function may do with it all that can be granted. */
function grantToMaker(outcome: DdlOutcome, context: DdlContext): DdlOutcome {
  const maker = context.settings.authentication ? outcome.schema.roles.get(context.user ?? '') : undefined;
  if (maker === undefined) return outcome;
  const permissions = new Map(maker.permissions);
  for (const change of outcome.changes) {
    if (change.change !== 'CREATED') continue;
    for (const resource of madeResources(change)) permissions.set(resource.name, new Set(permissionsOfMaker(resource)));
  }
  if (permissions.size === maker.permissions.size) return outcome;
  return { ...outcome, schema: withRole(outcome.schema, { ...maker, permissions }) };
}

function madeResources({ target, keyspace, name = '', argumentTypes = [] }: SchemaChange): readonly ResourceChain[] {
  switch (target) {
    case 'KEYSPACE':
      return [keyspaceData(keyspace), functionsOf(keyspace)];
    case 'TABLE':
      return [tableData(keyspace, name)];
    case 'TYPE':
      return [];
    case 'FUNCTION':
    case 'AGGREGATE':
      return [functionNamed(keyspace, name, argumentTypes.join(', '))];
  }
}

/** Permissions go with what they were granted on (`AuthorizationProxy`'s listener of schema changes). */
function forgetDropped(outcome: DdlOutcome): DdlOutcome {
  const dropped = outcome.changes.filter((change) => change.change === 'DROPPED');
  if (dropped.length === 0 || outcome.schema.roles.size === 0) return outcome;
  const isGone = (name: string): boolean =>
    dropped.some((change) =>
      madeResources(change).some((resource) =>
        change.target === 'KEYSPACE' ? `${name}/`.startsWith(`${resource.name}/`) : name === resource.name,
      ),
    );
  const roles = new Map<string, RoleMetadata>();
  for (const role of outcome.schema.roles.values()) {
    const permissions = new Map([...role.permissions].filter(([name]) => !isGone(name)));
    roles.set(role.name, { ...role, permissions });
  }
  return { ...outcome, schema: { ...outcome.schema, roles } };
}

/** A UUID that follows from the version before, the change and its time: the same on every replay. */
function nextVersion(version: string, outcome: DdlOutcome, context: DdlContext): string {
  const digest = createHash('md5')
    .update(`${version} ${context.nowMicros} ${JSON.stringify(outcome.changes)}`)
    .digest();
  digest[6] = (digest[6] & 0x0f) | 0x30;
  digest[8] = (digest[8] & 0x3f) | 0x80;
  return formatTableId(digest.toString('hex'));
}
