import type { ColumnMetadata } from '../../schema/model/index.ts';
import { isMultiCell } from '../../schema/model/index.ts';
import type { ScanColumn } from '../../storage/scan/row-batch.ts';
import type { CqlType } from '../../types/index.ts';
import { nativeType } from '../types/native-types.ts';
import type { Input } from './typed-expression.ts';

/** The columns that a statement reads, in the order in which they were first asked for: the scan's columns. */
export class InputColumns {
  readonly columns: ScanColumn[] = [];

  value(column: ColumnMetadata): Input {
    return { kind: 'input', type: column.type, slot: this.add(column, 'value') };
  }

  /** `writetime` or `ttl`: of a multi-cell column a list. */
  attribute(column: ColumnMetadata, wanted: 'writetime' | 'ttl'): Input {
    return { kind: 'input', type: attributeType(column, wanted), slot: this.add(column, wanted) };
  }

  private add(column: ColumnMetadata, wanted: ScanColumn['wanted']): number {
    const known = this.columns.findIndex((other) => other.column === column && other.wanted === wanted);
    return known >= 0 ? known : this.columns.push({ column, wanted }) - 1;
  }
}

function attributeType(column: ColumnMetadata, wanted: 'writetime' | 'ttl'): CqlType {
  const one = nativeType(wanted === 'writetime' ? 'bigint' : 'int');
  return isMultiCell(column.type) ? { kind: 'list', element: one, frozen: true } : one;
}
