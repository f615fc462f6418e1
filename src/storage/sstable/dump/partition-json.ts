import { uint16At } from '../../../bytes/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../../schema/model/index.ts';
import { type CqlType, codecOf, quoteIdentifier, quoteJson } from '../../../types/index.ts';
import {
  type ClusteringPrefix,
  type DeletionTime,
  isBoundary,
  isStart,
  NO_TTL,
  type Partition,
  PrefixKind,
  type RangeTombstoneMarker,
  type Row,
} from '../../rows/index.ts';
import type { DumpTime } from './dump-time.ts';
import type { JsonBytes } from './json-bytes.ts';
import { type ValueJson, valueJson } from './value-json.ts';

/**
 * One partition after the other as a line of JSON, as `sstabledump -l` prints it (`tools/JsonTransformer`, 5.0.8):
 *
 *   {"table kind":…,"partition":{"key":[…],"position":…[,"deletion_info":…]},"rows":[row | static_block | bound…]}
 *
 * Values are as SELECT JSON renders them, names as CQL writes them, and `position` is the place in the uncompressed data
 * behind the element before.
 */
export class PartitionJson {
  private readonly out: JsonBytes;
  private readonly time: DumpTime;
  private readonly nowSeconds: number;
  private readonly head: Buffer;
  private readonly key: ValueJson;
  private readonly clustering: readonly ValueJson[];
  private readonly statics: readonly ColumnJson[];
  private readonly regulars: readonly ColumnJson[];
  private hasElement = false;

  constructor(out: JsonBytes, table: TableMetadata, options: { kind: string; time: DumpTime; nowSeconds: number }) {
    this.out = out;
    this.time = options.time;
    this.nowSeconds = options.nowSeconds;
    this.head = ascii(`{"table kind":"${options.kind}","partition":{"key":[`);
    this.key = keyJson(table);
    this.clustering = table.clustering.map((column) => valueJson(column.type));
    this.statics = table.statics.map(columnJson);
    this.regulars = table.regulars.map(columnJson);
  }

  /** `position` is behind the partition's header and its static row. */
  begin(partition: Partition, position: number): void {
    const { out } = this;
    out.raw(this.head);
    this.key(out, partition.key, partition.keyStart, partition.keyEnd);
    out.raw(KEY_END);
    out.integer(position);
    if (!partition.deletion.isLive()) this.deletion(partition.deletion);
    out.raw(PARTITION_END);
    this.hasElement = false;
  }

  end(): void {
    this.out.raw(LINE_END);
  }

  /** The key alone, as `-e` lists it. */
  keyOnly(key: Uint8Array, start: number, end: number): void {
    this.out.byte(OPEN_BRACKET);
    this.key(this.out, key, start, end);
    this.out.byte(CLOSE_BRACKET);
  }

  row(row: Row, position: number): void {
    const { out } = this;
    this.separate();
    out.raw(row.isStatic ? STATIC_ROW : ROW);
    out.integer(position);
    if (!row.isStatic) this.clusteringValues(row.clustering);
    if (row.hasLiveness) this.liveness(row);
    if (!row.deletion.isLive()) this.deletion(row.deletion);
    out.raw(CELLS);
    this.cells(row);
    out.raw(CELLS_END);
  }

  marker(marker: RangeTombstoneMarker): void {
    const { out } = this;
    const { kind } = marker.clustering;
    this.separate();
    if (isBoundary(kind)) {
      const endIsInclusive = kind === PrefixKind.INCLUSIVE_END_EXCLUSIVE_START_BOUNDARY;
      out.raw(BOUNDARY);
      this.bound(START, !endIsInclusive, marker.clustering, marker.opening);
      this.bound(END, endIsInclusive, marker.clustering, marker.closing);
    } else {
      const isInclusive = kind === PrefixKind.INCLUSIVE_START_BOUND || kind === PrefixKind.INCLUSIVE_END_BOUND;
      out.raw(BOUND);
      if (isStart(kind)) this.bound(START, isInclusive, marker.clustering, marker.opening);
      else this.bound(END, isInclusive, marker.clustering, marker.closing);
    }
    out.byte(CLOSE_BRACE);
  }

  private separate(): void {
    if (this.hasElement) this.out.byte(COMMA);
    this.hasElement = true;
  }

  private bound(name: Uint8Array, isInclusive: boolean, clustering: ClusteringPrefix, deletion: DeletionTime): void {
    const { out } = this;
    out.raw(name);
    out.raw(isInclusive ? INCLUSIVE : EXCLUSIVE);
    if (clustering.size > 0) this.clusteringValues(clustering);
    this.deletion(deletion);
    out.byte(CLOSE_BRACE);
  }

  private clusteringValues(clustering: ClusteringPrefix): void {
    if (clustering.size === 0) return;
    const { out } = this;
    out.raw(CLUSTERING);
    for (let i = 0; i < this.clustering.length; i++) {
      if (i > 0) out.byte(COMMA);
      if (i >= clustering.size) out.raw(ANY);
      else if (clustering.isNull(i)) out.raw(NULL);
      else this.clustering[i](out, clustering.source, clustering.start[i], clustering.end[i]);
    }
    out.byte(CLOSE_BRACKET);
  }

  private liveness(row: Row): void {
    const { out, time } = this;
    out.raw(LIVENESS);
    time.micros(out, row.livenessHi, row.livenessLo);
    if (row.livenessTtl !== NO_TTL) {
      this.expiry(row.livenessTtl, row.livenessLocalSeconds, row.livenessLocalSeconds < this.nowSeconds);
    }
    out.byte(CLOSE_BRACE);
  }

  private expiry(ttl: number, localSeconds: number, isExpired: boolean): void {
    const { out } = this;
    out.raw(TTL);
    out.integer(ttl);
    out.raw(EXPIRES_AT);
    this.time.seconds(out, localSeconds);
    out.raw(isExpired ? EXPIRED : NOT_EXPIRED);
  }

  private deletion(deletion: DeletionTime): void {
    this.deletionOf(deletion.hi, deletion.lo, deletion.localSeconds);
  }

  private deletionOf(hi: number, lo: number, localSeconds: number): void {
    const { out, time } = this;
    out.raw(DELETION);
    time.micros(out, hi, lo);
    out.raw(LOCAL_DELETE_TIME);
    time.seconds(out, localSeconds);
    out.byte(CLOSE_BRACE);
  }

  /** Cells and complex deletions, each ascending by column; a deletion stands before the cells of its column. */
  private cells(row: Row): void {
    const { out } = this;
    const columns = row.isStatic ? this.statics : this.regulars;
    let deletion = 0;
    for (let i = 0; i < row.cellCount; i++) {
      const column = row.cellColumn[i];
      while (deletion < row.complexCount && row.complexColumn[deletion] <= column) {
        if (deletion + i > 0) out.byte(COMMA);
        this.complexDeletion(row, deletion++, columns);
      }
      if (deletion + i > 0) out.byte(COMMA);
      this.cell(row, i, columns[column]);
    }
    for (; deletion < row.complexCount; deletion++) {
      if (deletion + row.cellCount > 0) out.byte(COMMA);
      this.complexDeletion(row, deletion, columns);
    }
  }

  private complexDeletion(row: Row, i: number, columns: readonly ColumnJson[]): void {
    this.out.raw(columns[row.complexColumn[i]].name);
    this.deletionOf(row.complexHi[i], row.complexLo[i], row.complexLocalSeconds[i]);
    this.out.byte(CLOSE_BRACE);
  }

  private cell(row: Row, i: number, column: ColumnJson): void {
    const { out, time } = this;
    const isTombstone = row.isTombstone(i);
    if (column.path === null && !isTombstone) {
      out.raw(column.nameAndValue);
      column.value(out, row.cellSource[i], row.valueStart[i], row.valueEnd[i]);
    } else {
      out.raw(column.name);
      if (column.path !== null) this.pathAndValue(row, i, column, column.path, isTombstone);
      if (isTombstone) this.cellDeletion(row.cellLocalSeconds[i]);
    }
    if (!row.hasLiveness || row.cellLo[i] !== row.livenessLo || row.cellHi[i] !== row.livenessHi) {
      out.raw(TIMESTAMP);
      time.micros(out, row.cellHi[i], row.cellLo[i]);
    }
    const ttl = row.cellTtl[i];
    if (ttl !== NO_TTL && (!row.hasLiveness || ttl !== row.livenessTtl)) {
      this.expiry(ttl, row.cellLocalSeconds[i], this.nowSeconds >= row.cellLocalSeconds[i]);
    }
    out.byte(CLOSE_BRACE);
  }

  private pathAndValue(row: Row, i: number, column: ColumnJson, path: ValueJson, isTombstone: boolean): void {
    const { out } = this;
    const source = row.cellSource[i];
    out.raw(PATH);
    path(out, source, row.pathStart[i], row.pathEnd[i]);
    out.raw(PATH_END);
    if (isTombstone) return;
    out.raw(VALUE);
    const value = column.fields === null ? column.value : fieldOf(column.fields, source, row.pathStart[i]);
    value(out, source, row.valueStart[i], row.valueEnd[i]);
  }

  private cellDeletion(localSeconds: number): void {
    this.out.raw(CELL_DELETION);
    this.time.seconds(this.out, localSeconds);
    this.out.byte(CLOSE_BRACE);
  }
}

/** What is the same in all cells of a column. */
interface ColumnJson {
  /** `{"name":"…"` */
  readonly name: Buffer;
  /** `{"name":"…","value":` */
  readonly nameAndValue: Buffer;
  /** The path of a cell, of a multi-cell column. */
  readonly path: ValueJson | null;
  readonly value: ValueJson;
  /** A multi-cell UDT's values, by field. */
  readonly fields: readonly ValueJson[] | null;
}

function columnJson(column: ColumnMetadata): ColumnJson {
  const name = Buffer.from(`{"name":${quoteJson(quoteIdentifier(column.name))}`);
  const nameAndValue = Buffer.concat([name, VALUE]);
  const { type } = column;
  const base = { name, nameAndValue, path: null, fields: null };
  switch (type.kind) {
    case 'list':
      return type.frozen ? { ...base, value: valueJson(type) } : multiCell(base, TIMEUUID, type.element);
    case 'set':
      return type.frozen ? { ...base, value: valueJson(type) } : multiCell(base, type.element, EMPTY);
    case 'map':
      return type.frozen ? { ...base, value: valueJson(type) } : multiCell(base, type.key, type.value);
    case 'udt': {
      if (type.frozen) return { ...base, value: valueJson(type) };
      const names = type.fields.map((field) => quoteJson(field.name));
      const path: ValueJson = (out, bytes, start, end) =>
        out.text((end - start === 2 ? names[uint16At(bytes, start)] : undefined) ?? 'null');
      return { ...base, path, value: valueJson(BLOB), fields: type.fields.map((field) => valueJson(field.type)) };
    }
    default:
      return { ...base, value: valueJson(type) };
  }
}

function multiCell(base: Omit<ColumnJson, 'value'>, path: CqlType, value: CqlType): ColumnJson {
  return { ...base, path: displayJson(path), value: valueJson(value) };
}

function fieldOf(fields: readonly ValueJson[], source: Uint8Array, pathStart: number): ValueJson {
  return fields[uint16At(source, pathStart)] ?? UNKNOWN_FIELD;
}

/** A value as `AbstractType.getString` has it, in quotes. */
function displayJson(type: CqlType): ValueJson {
  const codec = codecOf(type);
  const general: ValueJson = (out, bytes, start, end) => out.text(quoteJson(codec.toDisplayString(bytes, start, end)));
  if (type.kind !== 'native') return general;
  // Of these the JSON form is the string form, with or without its quotes.
  const json = valueJson(type);
  switch (type.name) {
    case 'text':
    case 'ascii':
      return json;
    case 'uuid':
    case 'timeuuid':
      return (out, bytes, start, end) => (end - start === 16 ? json : general)(out, bytes, start, end);
    case 'int':
    case 'bigint':
      return (out, bytes, start, end) => {
        if (start === end) return general(out, bytes, start, end);
        out.byte(QUOTE);
        json(out, bytes, start, end);
        out.byte(QUOTE);
      };
    default:
      return general;
  }
}

const STATIC_MARKER = 0xffff;

/** The values of a partition key; of a composite one as far as its bytes go. */
function keyJson(table: TableMetadata): ValueJson {
  const parts = table.partitionKey.map((column) => displayJson(column.type));
  if (parts.length === 1) return parts[0];
  return (out, bytes, start, end) => {
    let at = end - start >= 2 && uint16At(bytes, start) === STATIC_MARKER ? start + 2 : start;
    for (let i = 0; i < parts.length && at + 2 <= end; i++) {
      if (i > 0) out.byte(COMMA);
      const valueStart = at + 2;
      const valueEnd = Math.min(end, valueStart + uint16At(bytes, at));
      parts[i](out, bytes, valueStart, valueEnd);
      if (bytes[valueEnd] !== 0) break;
      at = valueEnd + 1;
    }
  };
}

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

const TIMEUUID: CqlType = { kind: 'native', name: 'timeuuid' };
const EMPTY: CqlType = { kind: 'native', name: 'empty' };
const BLOB: CqlType = { kind: 'native', name: 'blob' };
const UNKNOWN_FIELD = valueJson(BLOB);

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const CLOSE_BRACE = 0x7d;
const KEY_END = ascii('],"position":');
const PARTITION_END = ascii('},"rows":[');
const LINE_END = ascii(']}');
const ROW = ascii('{"type":"row","position":');
const STATIC_ROW = ascii('{"type":"static_block","position":');
const CLUSTERING = ascii(',"clustering":[');
const ANY = ascii('"*"');
const NULL = ascii('null');
const LIVENESS = ascii(',"liveness_info":{"tstamp":');
const TTL = ascii(',"ttl":');
const EXPIRES_AT = ascii(',"expires_at":');
const EXPIRED = ascii(',"expired":true');
const NOT_EXPIRED = ascii(',"expired":false');
const DELETION = ascii(',"deletion_info":{"marked_deleted":');
const LOCAL_DELETE_TIME = ascii(',"local_delete_time":');
const CELL_DELETION = ascii(',"deletion_info":{"local_delete_time":');
const CELLS = ascii(',"cells":[');
const CELLS_END = ascii(']}');
const PATH = ascii(',"path":[');
const PATH_END = ascii(']');
const VALUE = ascii(',"value":');
const TIMESTAMP = ascii(',"tstamp":');
const BOUND = ascii('{"type":"range_tombstone_bound"');
const BOUNDARY = ascii('{"type":"range_tombstone_boundary"');
const START = ascii(',"start":{"type":');
const END = ascii(',"end":{"type":');
const INCLUSIVE = ascii('"inclusive"');
const EXCLUSIVE = ascii('"exclusive"');
