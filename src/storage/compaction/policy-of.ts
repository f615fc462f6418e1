import type { TableMetadata } from '../../schema/model/index.ts';
import { LeveledPolicy } from './leveled.ts';
import type { MergePolicy } from './merge-policy.ts';
import { SizeTieredPolicy } from './size-tiered.ts';
import { TimeWindowPolicy } from './time-window.ts';
import { UnifiedPolicy } from './unified.ts';

/** The policy that a table's `compaction` option names; null when compaction is switched off. Others count as STCS. */
export function policyOf(table: TableMetadata): MergePolicy | null {
  const options = table.options.compaction;
  if (options.get('enabled')?.toLowerCase() === 'false') return null;
  const className = options.get('class') ?? '';
  switch (className.slice(className.lastIndexOf('.') + 1)) {
    case 'LeveledCompactionStrategy':
      return new LeveledPolicy(options);
    case 'TimeWindowCompactionStrategy':
      return new TimeWindowPolicy(options);
    case 'UnifiedCompactionStrategy':
      return new UnifiedPolicy(options);
    default:
      return new SizeTieredPolicy(options);
  }
}
