/**
 * Copies of one SSTable's rows, each copy a microsecond newer than the one before: what overwriting a table several times
 * leaves. `overlapping-sstables SOURCE-Data.db OUT COPIES` makes OUT/1, OUT/2…, with generations of the same numbers.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Row, Step, type UnfilteredStream } from '../../src/storage/rows/index.ts';
import { nodeFileSystem, openSSTable, readAll, writeSSTable } from '../../src/storage/sstable/index.ts';

const [, , source, out, copies] = process.argv;

for (let copy = 1; copy <= Number(copies); copy++) {
  const reader = await openSSTable(nodeFileSystem, source);
  const stream = await reader.stream(readAll);
  const directory = join(out, String(copy));
  mkdirSync(directory, { recursive: true });
  await writeSSTable(
    nodeFileSystem,
    {
      directory,
      id: String(copy),
      version: 'oa',
      table: reader.table,
      statics: reader.table.statics,
      regulars: reader.table.regulars,
      encodingStats: reader.header.minima,
      estimatedKeys: reader.estimatedKeys,
    },
    later(stream, copy - 1),
  );
  stream.close();
  reader.close();
}

function later(stream: UnfilteredStream, micros: number): UnfilteredStream {
  return {
    table: stream.table,
    reversed: stream.reversed,
    partition: stream.partition,
    marker: stream.marker,
    get row() {
      return stream.row;
    },
    next() {
      const step = stream.next();
      if (step === Step.ROW) shift(stream.row, micros);
      return step;
    },
    load: () => stream.load(),
    skipPartition: () => stream.skipPartition(),
    close: () => stream.close(),
  };
}

/** Low halves only: no timestamp of the data is so near the end of its range. */
function shift(row: Row, micros: number): void {
  row.livenessLo += micros;
  for (let i = 0; i < row.cellCount; i++) row.cellLo[i] += micros;
}
