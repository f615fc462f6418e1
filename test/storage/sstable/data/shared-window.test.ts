import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findTable } from '../../../../src/schema/model/index.ts';
import { nodeFileSystem } from '../../../../src/storage/files/index.ts';
import { Step } from '../../../../src/storage/rows/index.ts';
import { newReadCounters } from '../../../../src/storage/sstable/data/read-counters.ts';
import { openSSTableSync } from '../../../../src/storage/sstable/sstable-reader.ts';
import { corpusDirectories, corpusSchema, FORMATS } from '../../support/corpus.ts';

/** More than the first windows of a scan, which are loaded without a promise where a stream has its window for itself. */
const LONG_BYTES = 300_000;

describe.each(FORMATS)('a stream in a window that others point into (%s)', (format) => {
  it('moves it in load only', async () => {
    const schema = corpusSchema(format);
    let loads = 0;
    for (const directory of corpusDirectories(format)) {
      const table = findTable(schema, basename(dirname(directory)), basename(directory).replace(/-[0-9a-f]{32}$/, ''));
      for (const name of readdirSync(directory).filter((file) => file.endsWith('-Data.db'))) {
        const reader = openSSTableSync(nodeFileSystem, join(directory, name), { table });
        if (reader.dataLength > LONG_BYTES) {
          const window = reader.window(newReadCounters(), true);
          const stream = reader.streamIn(window);
          stream.standBefore(0);
          for (let step = stream.next(), bytes = window.bytes; step !== Step.PARTITION_END; step = stream.next()) {
            // Not `toBe`, which would print a mebibyte.
            expect(window.bytes === bytes).toBe(true);
            if (step !== Step.NEED_MORE) continue;
            await stream.load();
            bytes = window.bytes;
            loads++;
          }
          stream.close();
        }
        reader.close();
      }
    }
    expect(loads).toBeGreaterThan(3);
  });
});
