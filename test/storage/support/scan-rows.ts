import type { ColumnMetadata, TableMetadata } from '../../../src/schema/model/index.ts';
import { type ReadRange, readAll } from '../../../src/storage/rows/index.ts';
import type { ScanColumn, ScanRequest, TableSource } from '../../../src/storage/scan/index.ts';
import { codecOf, jsonColumnName, quoteJson } from '../../../src/types/index.ts';

export function request(
  table: TableMetadata,
  columns: readonly ScanColumn[],
  nowSeconds: number,
  parts: Partial<ScanRequest> = {},
): ScanRequest {
  return {
    table,
    range: readAll,
    columns,
    filters: [],
    nowSeconds,
    rowLimit: null,
    perPartitionLimit: null,
    distinctPartitions: false,
    staticOnlyRows: true,
    ...parts,
  };
}

export function values(columns: readonly ColumnMetadata[]): ScanColumn[] {
  return columns.map((column) => ({ column, wanted: 'value' }));
}

/** All rows of a scan, each with its values' bytes. */
export async function scanRows(source: TableSource, scanRequest: ScanRequest): Promise<(Buffer | null)[][]> {
  const rows: (Buffer | null)[][] = [];
  const scan = source.scan(scanRequest);
  for (let batch = await scan.next(); batch !== null; batch = await scan.next()) {
    for (let i = 0; i < batch.length; i++) {
      rows.push(
        batch.columns.map((vector) => {
          const value = vector.value(i);
          return value === null ? null : Buffer.from(value);
        }),
      );
    }
  }
  scan.close();
  return rows;
}

/** A row as SELECT JSON writes it. */
export function toJson(columns: readonly ScanColumn[], row: readonly (Buffer | null)[]): string {
  const parts = columns.map(({ column, wanted }, i) => {
    const name = jsonColumnName(wanted === 'value' ? column.name : `${wanted}(${column.name})`);
    const bytes = row[i];
    const type = wanted === 'value' ? column.type : ({ kind: 'native', name: 'bigint' } as const);
    return `${quoteJson(name)}: ${bytes === null ? 'null' : codecOf(type).toJson(bytes, 0, bytes.length)}`;
  });
  return `{${parts.join(', ')}}`;
}

export function keyRange(range: ReadRange['partitions'], slices: ReadRange['slices'] = null): ReadRange {
  return { partitions: range, slices, reversed: false };
}
