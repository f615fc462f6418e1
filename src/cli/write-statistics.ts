import type { DatabaseStatistics } from '../session/session.ts';

/** `cassette stats`: a line a table, then memtable, WAL and compaction totals. */
export function writeStatistics(
  statistics: DatabaseStatistics,
  json: boolean,
  out: { write(text: string): unknown },
): void {
  if (json) {
    out.write(`${JSON.stringify(statistics)}\n`);
    return;
  }
  const header = ['table', 'sstables', 'bytes', 'partitions', 'rows', 'tombstones', 'memtable rows'];
  const lines = statistics.tables.map((table) => [
    `${table.keyspace}.${table.table}`,
    String(table.sstables),
    String(table.bytes),
    String(table.estimatedPartitions),
    String(table.rows),
    String(table.tombstones),
    String(table.memtableRows),
  ]);
  const widths = header.map((name, i) => Math.max(name.length, ...lines.map((line) => line[i].length)));
  for (const line of [header, ...lines]) {
    const padded = line.map((text, i) => (i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i])));
    out.write(`${padded.join('  ').trimEnd()}\n`);
  }
  const { compactions } = statistics;
  out.write(`\nmemtable: ${statistics.memtableRows} rows, ${statistics.memtableBytes} bytes\n`);
  out.write(`wal: ${statistics.walSegments} segments, ${statistics.walBytes} bytes\n`);
  out.write(
    `compaction: ${compactions.completed} completed, ${compactions.bytesRead} bytes read, ${compactions.bytesWritten} written\n`,
  );
}
