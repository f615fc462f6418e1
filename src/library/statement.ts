import type { Schema } from '../schema/model/index.ts';
import type { PreparedStatement, Session } from '../session/session.ts';
import type { OpenCalls } from './open-calls.ts';
import { encodeParameters, type Parameters } from './parameters.ts';
import { collect, executeOptions, type QueryOptions, type ResultSet } from './result-set.ts';
import { RowStream } from './row-stream.ts';

/**
 * A prepared statement: parsed and planned at its first use, and again after the schema changed. Errors in its text are
 * told by `execute`.
 */
export class Statement {
  readonly cql: string;
  private readonly session: Session;
  private readonly calls: OpenCalls;
  private prepared: { readonly schema: Schema; readonly statement: PreparedStatement } | null = null;

  constructor(session: Session, cql: string, calls: OpenCalls) {
    this.session = session;
    this.cql = cql;
    this.calls = calls;
  }

  execute(params: Parameters = [], options: QueryOptions = {}): Promise<ResultSet> {
    return this.calls.run(async () => collect(await this.run(params, options)));
  }

  /** Rows one by one, without holding the result. */
  stream(params: Parameters = [], options: QueryOptions = {}): RowStream {
    return new RowStream((signal) => this.run(params, options, signal), this.calls, options.signal);
  }

  /** The statement as the session knows it now; for batches. */
  async prepare(): Promise<PreparedStatement> {
    const { schema } = this.session;
    if (this.prepared?.schema === schema) return this.prepared.statement;
    const statement = await this.session.prepare(this.cql);
    this.prepared = { schema, statement };
    return statement;
  }

  private async run(params: Parameters, options: QueryOptions, signal?: AbortSignal) {
    const statement = await this.prepare();
    return this.session.executePrepared(statement, {
      ...executeOptions(options, signal),
      values: encodeParameters(params, statement.parameters),
    });
  }
}
