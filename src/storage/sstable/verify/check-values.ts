import { uint16At } from '../../../bytes/index.ts';
import { CorruptionError } from '../../../errors/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../../schema/model/index.ts';
import { type CqlType, codecOf, type TypeCodec } from '../../../types/index.ts';
import { type ClusteringPrefix, NO_PATH, type Partition, type Row } from '../../rows/index.ts';

/** Takes what is wrong with a value of a column. */
export type ReportValue = (column: string, detail: string) => void;

/** Holds the values of keys, clusterings and cells against their types. */
export class ValueChecker {
  private readonly partitionKey: readonly NamedCodec[];
  private readonly clustering: readonly NamedCodec[];
  private readonly statics: readonly CellCheck[];
  private readonly regulars: readonly CellCheck[];
  private readonly report: ReportValue;

  constructor(table: TableMetadata, report: ReportValue) {
    this.partitionKey = table.partitionKey.map(named);
    this.clustering = table.clustering.map(named);
    this.statics = table.statics.map(cellCheck);
    this.regulars = table.regulars.map(cellCheck);
    this.report = report;
  }

  key(partition: Partition): void {
    const { key, keyStart, keyEnd } = partition;
    if (this.partitionKey.length === 1) {
      this.value(this.partitionKey[0], key, keyStart, keyEnd);
      return;
    }
    let at = keyStart;
    for (const column of this.partitionKey) {
      const end = at + 2 <= keyEnd ? at + 2 + uint16At(key, at) : Number.POSITIVE_INFINITY;
      if (end >= keyEnd) {
        this.report(column.name, 'the composite partition key is cut off');
        return;
      }
      this.value(column, key, at + 2, end);
      at = end + 1;
    }
    if (at !== keyEnd) this.report(this.partitionKey[0].name, `${keyEnd - at} bytes are left of the partition key`);
  }

  prefix(prefix: ClusteringPrefix): void {
    for (let i = 0; i < prefix.size; i++) {
      if (!prefix.isNull(i)) this.value(this.clustering[i], prefix.source, prefix.start[i], prefix.end[i]);
    }
  }

  row(row: Row): void {
    this.prefix(row.clustering);
    const columns = row.isStatic ? this.statics : this.regulars;
    for (let i = 0; i < row.cellCount; i++) {
      const column = columns[row.cellColumn[i]];
      const source = row.cellSource[i];
      if (row.isTombstone(i)) {
        if (row.valueEnd[i] !== row.valueStart[i]) this.report(column.name, 'a tombstone with a value');
      } else if (column.isCounter) {
        const detail = counterDamage(source, row.valueStart[i], row.valueEnd[i]);
        if (detail !== null) this.report(column.name, detail);
      } else this.value(column.valueOf(source, row.pathStart[i]), source, row.valueStart[i], row.valueEnd[i]);
      if (column.path !== null && row.pathEnd[i] !== NO_PATH) {
        this.value(column.path, source, row.pathStart[i], row.pathEnd[i]);
      }
    }
  }

  private value(column: NamedCodec, bytes: Uint8Array, start: number, end: number): void {
    try {
      column.codec.validate(bytes, start, end);
    } catch (error) {
      if (!(error instanceof CorruptionError)) throw error;
      this.report(column.name, error.detail);
    }
  }
}

interface NamedCodec {
  readonly name: string;
  readonly codec: Pick<TypeCodec, 'validate'>;
}

interface CellCheck {
  readonly name: string;
  readonly isCounter: boolean;
  readonly path: NamedCodec | null;
  readonly valueOf: (source: Uint8Array, pathStart: number) => NamedCodec;
}

const TIMEUUID: CqlType = { kind: 'native', name: 'timeuuid' };
const EMPTY: CqlType = { kind: 'native', name: 'empty' };

function named(column: ColumnMetadata): NamedCodec {
  return { name: column.name, codec: codecOf(column.type) };
}

function cellCheck(column: ColumnMetadata): CellCheck {
  const { name, type } = column;
  const of = (path: CqlType | null, value: CqlType): CellCheck => {
    const check = { name, codec: codecOf(value) };
    const isCounter = value.kind === 'native' && value.name === 'counter';
    return { name, isCounter, path: path && { name, codec: codecOf(path) }, valueOf: () => check };
  };
  switch (type.kind) {
    case 'list':
      return type.frozen ? of(null, type) : of(TIMEUUID, type.element);
    case 'set':
      return type.frozen ? of(null, type) : of(type.element, EMPTY);
    case 'map':
      return type.frozen ? of(null, type) : of(type.key, type.value);
    case 'udt': {
      if (type.frozen) return of(null, type);
      const fields = type.fields.map((field) => ({ name, codec: codecOf(field.type) }));
      const path = { name, codec: { validate: fieldNumber(fields.length) } };
      const unknown = { name, codec: { validate: () => undefined } };
      return { name, isCounter: false, path, valueOf: (source, at) => fields[uint16At(source, at)] ?? unknown };
    }
    default:
      return of(null, type);
  }
}

function fieldNumber(count: number): TypeCodec['validate'] {
  return (bytes, start, end) => {
    if (end - start !== 2) throw new CorruptionError(`a field number of ${end - start} bytes`);
    if (uint16At(bytes, start) >= count) throw new CorruptionError(`field ${uint16At(bytes, start)} of ${count}`);
  };
}

const SHARD_BYTES = 32;

/** i16 number of marked shards, an i16 for each, then shards of 32 bytes (`db/context/CounterContext`, 5.0.8). */
function counterDamage(bytes: Uint8Array, start: number, end: number): string | null {
  const length = end - start;
  if (length === 0) return null;
  const headerBytes = length < 2 ? Number.POSITIVE_INFINITY : 2 + 2 * ((uint16At(bytes, start) << 16) >> 16);
  if (headerBytes < 2 || headerBytes > length || (length - headerBytes) % SHARD_BYTES !== 0) {
    return `a counter context of ${length} bytes`;
  }
  return null;
}
