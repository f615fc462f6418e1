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
import { type JsonBytes, Piece } from './json-bytes.ts';
import { cellPieces, type JsonLayout, type PartitionPieces, partitionPieces } from './json-layout.ts';
import { type ValueJson, valueJson } from './value-json.ts';

/**
 * One partition after the other as JSON, as sstabledump prints it (`tools/JsonTransformer`, 5.0.8):
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
  private readonly pieces: PartitionPieces;
  private readonly key: ValueJson;
  private readonly clustering: readonly ValueJson[];
  private readonly statics: readonly ColumnJson[];
  private readonly regulars: readonly ColumnJson[];
  /** 1 behind the first element of the partition: the place of the piece to take. */
  private behind = 0;

  constructor(
    out: JsonBytes,
    table: TableMetadata,
    options: { kind: string; time: DumpTime; nowSeconds: number; layout: JsonLayout },
  ) {
    const { layout } = options;
    this.out = out;
    this.time = options.time;
    this.nowSeconds = options.nowSeconds;
    this.pieces = partitionPieces(layout, options.kind);
    this.key = keyJson(table, this.pieces.comma);
    this.clustering = table.clustering.map((column) => valueJson(column.type));
    this.statics = table.statics.map((column) => columnJson(column, layout));
    this.regulars = table.regulars.map((column) => columnJson(column, layout));
  }

  /** `position` is behind the partition's header and its static row. */
  begin(partition: Partition, position: number): void {
    const { out, pieces } = this;
    out.piece(pieces.partition);
    this.keyValues(partition.key, partition.keyStart, partition.keyEnd);
    out.piece(pieces.keyEnd);
    out.integer(position);
    if (!partition.deletion.isLive()) this.deletion(pieces.partitionDeletion, partition.deletion);
    out.piece(pieces.rows);
    this.behind = 0;
  }

  end(): void {
    this.out.piece(this.pieces.partitionEnd[this.behind]);
  }

  /** The key alone, as `-e` lists it. */
  keyOnly(key: Uint8Array): void {
    this.out.byte(OPEN_BRACKET);
    this.keyValues(key, 0, key.length);
    this.out.piece(this.pieces.clusteringEnd);
  }

  row(row: Row, position: number): void {
    const { out, pieces } = this;
    out.piece((row.isStatic ? pieces.staticRow : pieces.row)[this.behind]);
    this.behind = 1;
    out.integer(position);
    if (!row.isStatic && row.clustering.size > 0) this.clusteringValues(pieces.clustering, row.clustering);
    if (row.hasLiveness) this.liveness(row);
    if (!row.deletion.isLive()) this.deletion(pieces.rowDeletion, row.deletion);
    out.piece(pieces.cells);
    this.cells(row);
    out.piece(pieces.cellsEnd[row.cellCount + row.complexCount > 0 ? 1 : 0]);
  }

  marker(marker: RangeTombstoneMarker): void {
    const { out, pieces } = this;
    const { kind } = marker.clustering;
    if (isBoundary(kind)) {
      const endIsInclusive = kind === PrefixKind.INCLUSIVE_END_EXCLUSIVE_START_BOUNDARY;
      out.piece(pieces.rangeBoundary[this.behind]);
      this.bound(pieces.start, !endIsInclusive, marker.clustering, marker.opening);
      this.bound(pieces.end, endIsInclusive, marker.clustering, marker.closing);
    } else {
      const isInclusive = kind === PrefixKind.INCLUSIVE_START_BOUND || kind === PrefixKind.INCLUSIVE_END_BOUND;
      out.piece(pieces.rangeBound[this.behind]);
      if (isStart(kind)) this.bound(pieces.start, isInclusive, marker.clustering, marker.opening);
      else this.bound(pieces.end, isInclusive, marker.clustering, marker.closing);
    }
    this.behind = 1;
    out.piece(pieces.rangeEnd);
  }

  /** Behind the bracket: a damaged composite key may have no value at all. */
  private keyValues(key: Uint8Array, start: number, end: number): void {
    const { out } = this;
    const bracketEnd = out.position;
    out.piece(this.pieces.space);
    const valuesStart = out.position;
    this.key(out, key, start, end);
    if (out.position === valuesStart) out.position = bracketEnd;
  }

  private bound(lead: Piece, isInclusive: boolean, clustering: ClusteringPrefix, deletion: DeletionTime): void {
    const { out, pieces } = this;
    out.piece(lead);
    out.piece(isInclusive ? INCLUSIVE : EXCLUSIVE);
    if (clustering.size > 0) this.clusteringValues(pieces.boundClustering, clustering);
    this.deletion(pieces.boundDeletion, deletion);
    out.piece(pieces.boundEnd);
  }

  private clusteringValues(lead: Piece, clustering: ClusteringPrefix): void {
    const { out, pieces } = this;
    out.piece(lead);
    for (let i = 0; i < this.clustering.length; i++) {
      if (i > 0) out.piece(pieces.comma);
      if (i >= clustering.size) out.piece(ANY);
      else if (clustering.isNull(i)) out.piece(NULL);
      else this.clustering[i](out, clustering.source, clustering.start[i], clustering.end[i]);
    }
    out.piece(pieces.clusteringEnd);
  }

  private liveness(row: Row): void {
    const { out, time, pieces } = this;
    out.piece(pieces.liveness);
    time.micros(out, row.livenessHi, row.livenessLo);
    if (row.livenessTtl !== NO_TTL) {
      this.expiry(row.livenessTtl, row.livenessLocalSeconds, row.livenessLocalSeconds < this.nowSeconds);
    }
    out.piece(pieces.objectEnd);
  }

  private expiry(ttl: number, localSeconds: number, isExpired: boolean): void {
    const { out, pieces } = this;
    out.piece(pieces.ttl);
    out.integer(ttl);
    out.piece(pieces.expiresAt);
    this.time.seconds(out, localSeconds);
    out.piece(isExpired ? pieces.expired : pieces.notExpired);
  }

  private deletion(lead: Piece, deletion: DeletionTime): void {
    this.deletionOf(lead, deletion.hi, deletion.lo, deletion.localSeconds);
  }

  private deletionOf(lead: Piece, hi: number, lo: number, localSeconds: number): void {
    const { out, time, pieces } = this;
    out.piece(lead);
    time.micros(out, hi, lo);
    out.piece(pieces.localDeleteTime);
    time.seconds(out, localSeconds);
    out.piece(pieces.objectEnd);
  }

  /** Cells and complex deletions, each ascending by column; a deletion stands before the cells of its column. */
  private cells(row: Row): void {
    const columns = row.isStatic ? this.statics : this.regulars;
    let deletion = 0;
    let behind = 0;
    for (let i = 0; i < row.cellCount; i++) {
      const column = row.cellColumn[i];
      for (; deletion < row.complexCount && row.complexColumn[deletion] <= column; deletion++) {
        this.complexDeletion(row, deletion, columns, behind);
        behind = 1;
      }
      this.cell(row, i, columns[column], behind);
      behind = 1;
    }
    for (; deletion < row.complexCount; deletion++) {
      this.complexDeletion(row, deletion, columns, behind);
      behind = 1;
    }
  }

  private complexDeletion(row: Row, i: number, columns: readonly ColumnJson[], behind: number): void {
    const { out, pieces } = this;
    out.piece(columns[row.complexColumn[i]].name[behind]);
    this.deletionOf(pieces.columnDeletion, row.complexHi[i], row.complexLo[i], row.complexLocalSeconds[i]);
    out.piece(pieces.objectEnd);
  }

  private cell(row: Row, i: number, column: ColumnJson, behind: number): void {
    const { out, time, pieces } = this;
    const isTombstone = row.isTombstone(i);
    if (column.path === null && !isTombstone) {
      out.piece(column.nameAndValue[behind]);
      column.value(out, row.cellSource[i], row.valueStart[i], row.valueEnd[i]);
    } else {
      out.piece(column.name[behind]);
      if (column.path !== null) this.pathAndValue(row, i, column, column.path, isTombstone);
      if (isTombstone) this.cellDeletion(row.cellLocalSeconds[i]);
    }
    if (!row.hasLiveness || row.cellLo[i] !== row.livenessLo || row.cellHi[i] !== row.livenessHi) {
      out.piece(isTombstone ? pieces.timestampOfDeleted : pieces.timestamp);
      time.micros(out, row.cellHi[i], row.cellLo[i]);
    }
    const ttl = row.cellTtl[i];
    if (ttl !== NO_TTL && (!row.hasLiveness || ttl !== row.livenessTtl)) {
      this.expiry(ttl, row.cellLocalSeconds[i], this.nowSeconds >= row.cellLocalSeconds[i]);
    }
    out.piece(isTombstone ? pieces.deletedCellEnd : pieces.objectEnd);
  }

  private pathAndValue(row: Row, i: number, column: ColumnJson, path: ValueJson, isTombstone: boolean): void {
    const { out, pieces } = this;
    const source = row.cellSource[i];
    out.piece(pieces.path);
    path(out, source, row.pathStart[i], row.pathEnd[i]);
    out.piece(pieces.pathEnd);
    if (isTombstone) return;
    out.piece(pieces.value);
    const value = column.fields === null ? column.value : fieldOf(column.fields, source, row.pathStart[i]);
    value(out, source, row.valueStart[i], row.valueEnd[i]);
  }

  private cellDeletion(localSeconds: number): void {
    const { out, pieces } = this;
    out.piece(pieces.cellDeletion);
    this.time.seconds(out, localSeconds);
    out.piece(pieces.objectEnd);
  }
}

/** What is the same in all cells of a column. */
interface ColumnJson {
  /** `{"name":"…"` */
  readonly name: readonly [Piece, Piece];
  /** `{"name":"…","value":` */
  readonly nameAndValue: readonly [Piece, Piece];
  /** The path of a cell, of a multi-cell column. */
  readonly path: ValueJson | null;
  readonly value: ValueJson;
  /** A multi-cell UDT's values, by field. */
  readonly fields: readonly ValueJson[] | null;
}

function columnJson(column: ColumnMetadata, layout: JsonLayout): ColumnJson {
  const { type } = column;
  const base = { ...cellPieces(layout, quoteJson(quoteIdentifier(column.name))), path: null, fields: null };
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
function keyJson(table: TableMetadata, comma: Piece): ValueJson {
  const parts = table.partitionKey.map((column) => displayJson(column.type));
  if (parts.length === 1) return parts[0];
  return (out, bytes, start, end) => {
    let at = end - start >= 2 && uint16At(bytes, start) === STATIC_MARKER ? start + 2 : start;
    for (let i = 0; i < parts.length && at + 2 <= end; i++) {
      if (i > 0) out.piece(comma);
      const valueStart = at + 2;
      const valueEnd = Math.min(end, valueStart + uint16At(bytes, at));
      parts[i](out, bytes, valueStart, valueEnd);
      if (bytes[valueEnd] !== 0) break;
      at = valueEnd + 1;
    }
  };
}

const TIMEUUID: CqlType = { kind: 'native', name: 'timeuuid' };
const EMPTY: CqlType = { kind: 'native', name: 'empty' };
const BLOB: CqlType = { kind: 'native', name: 'blob' };
const UNKNOWN_FIELD = valueJson(BLOB);

const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;
const ANY = Piece.of('"*"');
const NULL = Piece.of('null');
const INCLUSIVE = Piece.of('"inclusive"');
const EXCLUSIVE = Piece.of('"exclusive"');
