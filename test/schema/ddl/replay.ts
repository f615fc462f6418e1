import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { CqlError } from '../../../src/errors/index.ts';
import { parse, strictRefusal } from '../../../src/parser/index.ts';
import {
  applyStatement,
  type DdlContext,
  defaultSuperuser,
  hashPassword,
  isDdlStatement,
  listRoles,
  strictSettings,
} from '../../../src/schema/ddl/index.ts';
import { type DescribeResult, describeStatement } from '../../../src/schema/describe/index.ts';
import { isSystemKeyspace } from '../../../src/schema/keyspace-names.ts';
import { emptySchema, type Schema, withRole } from '../../../src/schema/model/index.ts';
import { type CqlValue, codecOf } from '../../../src/types/index.ts';

/** A line of test-data/ddl/*answers.jsonl: what Cassandra answered. */
export interface Answer {
  readonly cql: string;
  readonly error?: string;
  readonly message?: string;
  readonly warnings?: readonly string[];
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly unknown[])[];
  /** Who asked, when not Cassandra's first role. */
  readonly user?: string;
}

export function readAnswers(file: string): Answer[] {
  const bytes = readFileSync(`test-data/ddl/${file}`);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Answer => JSON.parse(line));
}

/** A session of strict mode as far as the schema goes: runs the statements of a recording one after another. */
export class Replay {
  schema: Schema = emptySchema;
  private keyspace: string | null = null;
  private clock = 1_700_000_000_000_000n;
  private nextId = 1;
  /** Who is logged in; null without authentication. */
  user: string | null;
  private readonly systemSchema: Schema | undefined;

  constructor(options: { authentication?: boolean; systemSchema?: Schema } = {}) {
    this.user = options.authentication ? 'cassandra' : null;
    this.systemSchema = options.systemSchema;
    if (options.authentication) this.schema = withRole(this.schema, defaultSuperuser(hashPassword('cassandra')));
  }

  run(cql: string): Answer {
    try {
      return { cql, ...this.execute(cql) };
    } catch (error) {
      if (!(error instanceof CqlError)) throw error;
      return { cql, error: error.kind, message: error.message };
    }
  }

  context(): DdlContext {
    this.clock += 1n;
    return {
      keyspace: this.keyspace,
      nowMicros: this.clock,
      newTableId: () => (this.nextId++).toString(16).padStart(32, '0'),
      settings: { ...strictSettings, authentication: this.user !== null },
      user: this.user,
    };
  }

  private execute(cql: string): Omit<Answer, 'cql'> {
    const parsed = parse(cql);
    if (parsed.extensions.length > 0) throw strictRefusal(parsed.extensions[0]);
    const { statement } = parsed;
    if (statement.kind === 'use') {
      const name = statement.keyspace.text;
      if (!this.schema.keyspaces.has(name) && !isSystemKeyspace(name))
        throw CqlError.invalidRequest(`Keyspace '${name}' does not exist`);
      this.keyspace = name;
      return {};
    }
    if (statement.kind === 'describe') return rowsOf(describeStatement(this.describeContext(), statement));
    if (statement.kind === 'listRoles' || statement.kind === 'listUsers' || statement.kind === 'listPermissions') {
      const listed = listRoles(this.schema, statement, this.context());
      return listed === null ? {} : rowsOf(listed);
    }
    if (!isDdlStatement(statement)) throw CqlError.invalidRequest(`not DDL: ${statement.kind}`);
    const outcome = applyStatement(this.schema, statement, this.context());
    this.schema = outcome.schema;
    for (const { target, change, keyspace } of outcome.changes) {
      if (target === 'KEYSPACE' && change === 'DROPPED' && keyspace === this.keyspace) this.keyspace = null;
    }
    return outcome.warnings.length === 0 ? {} : { warnings: outcome.warnings };
  }

  private describeContext(): Parameters<typeof describeStatement>[0] {
    const keyspaces = new Map([...(this.systemSchema?.keyspaces ?? []), ...this.schema.keyspaces]);
    return {
      schema: { ...this.schema, keyspaces },
      keyspace: this.keyspace,
      cluster: { name: 'Corpus', partitioner: 'Murmur3Partitioner', snitch: 'DynamicEndpointSnitch' },
      rangeOwnership: new Map([['0', ['/127.0.0.23:7123']]]),
    };
  }
}

function rowsOf({ columns, rows }: DescribeResult): Omit<Answer, 'cql'> {
  return {
    columns: columns.map((column) => column.name),
    rows: rows.map((row) =>
      row.map((bytes, i) => (bytes === null ? null : plain(codecOf(columns[i].type).decode(bytes, 0, bytes.length)))),
    ),
  };
}

function plain(value: CqlValue): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item)]));
  return Array.isArray(value) ? value.map(plain) : value;
}
