/** Plans by key, least recently used first out. A plan that was made for another schema is as good as none. */
export class PlanCache<Plan> {
  private readonly plans = new Map<string, { readonly schema: unknown; readonly plan: Plan }>();
  private readonly capacity: number;

  constructor(capacity = 512) {
    this.capacity = capacity;
  }

  get(key: string, schema: unknown): Plan | undefined {
    const known = this.plans.get(key);
    if (known === undefined) return undefined;
    this.plans.delete(key);
    if (known.schema !== schema) return undefined;
    this.plans.set(key, known);
    return known.plan;
  }

  set(key: string, schema: unknown, plan: Plan): void {
    this.plans.set(key, { schema, plan });
    if (this.plans.size <= this.capacity) return;
    const oldest = this.plans.keys().next().value;
    if (oldest !== undefined) this.plans.delete(oldest);
  }
}
