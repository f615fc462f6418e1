import { expect } from 'vitest';
import type { BatchStream } from '../../../src/storage/scan/index.ts';

/** Rows as text, with their token. Rows of a partition must follow each other, and share its number. */
export async function drainChecked(scan: BatchStream): Promise<string[]> {
  const rows: string[] = [];
  const partitions = new Map<number, string>();
  let last = -1;
  for (let batch = await scan.next(); batch !== null; batch = await scan.next()) {
    for (let i = 0; i < batch.length; i++) {
      const cells = batch.columns.map((vector) => {
        const value = vector.value(i);
        return value === null ? 'null' : Buffer.from(value).toString('hex');
      });
      const token = `${batch.tokenHi[i]} ${batch.tokenLo[i]}`;
      const ordinal = batch.partitionOrdinal[i];
      expect(ordinal).toBeGreaterThanOrEqual(last);
      last = ordinal;
      expect(partitions.get(ordinal) ?? token).toBe(token);
      partitions.set(ordinal, token);
      rows.push([token, ...cells].join(' '));
    }
  }
  expect(new Set(partitions.values()).size).toBe(partitions.size);
  return rows;
}
