import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSession } from '../../src/session/open-session.ts';
import { CopyProgress } from '../../src/transfer/copy/copy-progress.ts';

const SAMPLE = join(import.meta.dirname, '../../test-data/sample');

it('a scan of all partitions tells while it runs how far it is', async () => {
  const session = await openSession({ paths: [SAMPLE], dialect: 'explore' });
  const result = await session.execute('SELECT * FROM shop.orders_by_customer');
  if (result.kind !== 'rows') throw new Error('no rows');
  const progress = new CopyProgress(null, 1);
  const counted = progress.count(result);
  expect(progress.fraction).toBeUndefined();
  await counted.next();
  const { bytesRead, bytesToRead } = result.statistics;
  expect(bytesRead).toBeGreaterThan(0);
  expect(bytesToRead).toBeGreaterThanOrEqual(bytesRead);
  expect(progress.fraction).toBe(bytesRead / bytesToRead);
  expect(progress.rows).toBeGreaterThan(0);
  counted.close();
  // What is no scan of all has no end that its bytes would tell.
  const some = await session.execute("SELECT * FROM shop.products WHERE sku = 'SKU-0025'");
  if (some.kind !== 'rows') throw new Error('no rows');
  await some.next();
  expect(some.statistics).toMatchObject({ rows: 1, bytesToRead: 0 });
  some.close();
  await session.close();
});
