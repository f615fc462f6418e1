import { exploreCatalog, nativeCatalog } from '../../executor/index.ts';
import type { SplitStatement } from '../../parser/splitter.ts';
import type { PlanContext } from '../../planner/index.ts';
import type { Schema } from '../../schema/model/index.ts';
import type { Dialect } from '../session.ts';
import { PlanCache } from './plan-cache.ts';
import { type PlannedStatement, planText } from './planned-statement.ts';
import type { StatementTrace } from './statement-trace.ts';

/** What the meaning of a statement's text depends on besides the schema. */
export interface StatementPlace {
  readonly keyspace: string | null;
  readonly dialect: Dialect;
}

interface LatestPlan extends StatementPlace {
  readonly shape: SplitStatement['shape'];
  readonly schema: Schema;
  readonly planned: PlannedStatement;
}

/** Plans of statements, by their texts or their shapes, for as long as the schema stays. */
export class StatementPlans {
  private readonly stored: { readonly schema: Schema };
  private readonly seen: { readonly schema: Schema };
  private readonly plans = new PlanCache<PlannedStatement>();
  /** The plan of the statement before: scripts have long runs of one shape. */
  private latest: LatestPlan | null = null;

  /** `stored` has the schema on disk, whose changes end plans; `seen` that which statements see. */
  constructor(stored: { readonly schema: Schema }, seen: { readonly schema: Schema }) {
    this.stored = stored;
    this.seen = seen;
  }

  plan(cql: string | SplitStatement, place: StatementPlace, trace: StatementTrace | null): PlannedStatement {
    if (typeof cql === 'string' || cql.shape === undefined) return this.byText(cql, place, trace);
    const { latest } = this;
    const { keyspace, dialect } = place;
    const { schema } = this.stored;
    if (
      latest !== null &&
      latest.shape === cql.shape &&
      latest.schema === schema &&
      latest.keyspace === keyspace &&
      latest.dialect === dialect
    ) {
      return latest.planned;
    }
    const planned = this.byText(cql, place, trace);
    this.latest = planned.isShareable ? { shape: cql.shape, schema, keyspace, dialect, planned } : null;
    return planned;
  }

  context({ keyspace, dialect }: StatementPlace): PlanContext {
    const functions = dialect === 'strict' ? nativeCatalog : exploreCatalog;
    return { schema: this.seen.schema, keyspace, dialect, functions };
  }

  private byText(cql: string | SplitStatement, place: StatementPlace, trace: StatementTrace | null): PlannedStatement {
    const text = typeof cql === 'string' ? cql : (cql.shape?.key ?? cql.text);
    const key = `${place.dialect}\u0000${place.keyspace ?? ''}\u0000${text}`;
    const { schema } = this.stored;
    const known = this.plans.get(key, schema);
    if (known !== undefined) {
      trace?.('Found its plan from before');
      return known;
    }
    const planned = planText(cql, this.context(place), trace);
    if (typeof cql === 'string' || cql.shape === undefined || planned.isShareable) {
      this.plans.set(key, schema, planned);
    }
    return planned;
  }
}
