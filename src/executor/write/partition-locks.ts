import type { TableMetadata } from '../../schema/model/index.ts';
import type { DecoratedKey } from '../../storage/rows/index.ts';

/**
 * One holder at a time for each partition: what reads before it writes (conditions, counters, list elements) must not see
 * the partition change in between. Partitions are locked in one order, so that two writes never wait for each other.
 */
export class PartitionLocks {
  private readonly held = new Map<string, Promise<void>>();

  async run<T>(
    partitions: readonly { readonly table: TableMetadata; readonly key: DecoratedKey }[],
    action: () => Promise<T>,
  ): Promise<T> {
    const names = [
      ...new Set(partitions.map(({ table, key }) => `${table.id}/${Buffer.from(key.key).toString('latin1')}`)),
    ].sort();
    const releases: (() => void)[] = [];
    try {
      for (const name of names) releases.push(await this.take(name));
      return await action();
    } finally {
      for (const release of releases) release();
    }
  }

  private async take(name: string): Promise<() => void> {
    for (let holder = this.held.get(name); holder !== undefined; holder = this.held.get(name)) await holder;
    let release = (): void => {};
    const holding = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.held.set(name, holding);
    return () => {
      this.held.delete(name);
      release();
    };
  }
}
