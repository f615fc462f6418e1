import { createHash } from 'node:crypto';
import { CqlError } from '../../errors/index.ts';
import type { QualifiedName, Statement } from '../../parser/ast/index.ts';
import { parseScript, withinScript } from '../../parser/parse.ts';
import { applyStatement, type DdlContext, isDdlStatement, strictSettings } from '../ddl/index.ts';
import { emptyKeyspace, emptySchema, type Schema, withKeyspace } from '../model/index.ts';
import { unwrapCompactTables } from './compact-comments.ts';

export interface SchemaFromCql {
  readonly schema: Schema;
  /** Statements that could not be read or applied, with their place in the text; the others count. */
  readonly problems: readonly CqlError[];
  /** Statements that are no DDL (INSERT…), which were passed over. */
  readonly skipped: number;
}

export interface CqlSourceOptions {
  /** What the text adds to: snapshots have a schema.cql a table. */
  readonly base?: Schema;
  /** For names without one. */
  readonly keyspace?: string;
}

const IMPLICIT_REPLICATION = new Map([
  ['class', 'org.apache.cassandra.locator.SimpleStrategy'],
  ['replication_factor', '1'],
]);

/**
 * A schema from CQL text: DESCRIBE's output with or without internals, a snapshot's schema.cql, a user's own file. It is
 * trusted: what some Cassandra accepted is not refused for its version or settings. Keyspaces that the text takes for
 * granted are made; compact tables, which Cassandra prints as comments, are read from there.
 */
export function schemaFromCql(text: string, options: CqlSourceOptions = {}): SchemaFromCql {
  const script = parseScript(unwrapCompactTables(text));
  const problems = [...script.errors];
  let schema = options.base ?? emptySchema;
  let keyspace = options.keyspace ?? null;
  let skipped = 0;
  for (const { statement, source } of script.statements) {
    if (statement.kind === 'use') keyspace = statement.keyspace.text;
    else if (!isDdlStatement(statement)) skipped++;
    else {
      schema = withKeyspaceOf(schema, statement, keyspace);
      try {
        schema = applyStatement(schema, statement, trustedContext(keyspace, source.text)).schema;
      } catch (error) {
        if (!(error instanceof CqlError)) throw error;
        problems.push(withinScript(error.position === undefined ? placed(error, statement) : error, source));
      }
    }
  }
  return { schema, problems, skipped };
}

/** Ids are not made up at random: the same text gives the same schema. */
function trustedContext(keyspace: string | null, statement: string): DdlContext {
  return {
    keyspace,
    nowMicros: 0n,
    newTableId: () => createHash('md5').update(statement).digest('hex'),
    settings: { ...strictSettings, authentication: true },
    user: null,
    trusted: true,
  };
}

function withKeyspaceOf(schema: Schema, statement: Statement, current: string | null): Schema {
  const name = definedName(statement);
  const keyspace = name?.keyspace?.text ?? current;
  if (name === undefined || keyspace === null || schema.keyspaces.has(keyspace)) return schema;
  return withKeyspace(schema, emptyKeyspace(keyspace, IMPLICIT_REPLICATION));
}

function definedName(statement: Statement): QualifiedName | undefined {
  switch (statement.kind) {
    case 'createTable':
    case 'createType':
    case 'createView':
    case 'createFunction':
    case 'createAggregate':
      return statement.name;
    default:
      return undefined;
  }
}

/** An error that says nothing of its place is the statement's. */
function placed(error: CqlError, statement: Statement): CqlError {
  const { kind, message, suggestion } = error;
  return new CqlError(kind, message, { position: statement.position, suggestion, cause: error });
}
