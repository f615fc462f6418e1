import { int64, uint16At } from '../../../bytes/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../../schema/model/index.ts';
import { type CqlType, codecOf } from '../../../types/index.ts';
import { counterTotal } from '../../merge/counter-context.ts';
import type { ClusteringPrefix, RangeTombstoneMarker } from '../../rows/index.ts';
import { type DeletionTime, isBoundary, isStart, NO_PATH, NO_TTL, type Row, readAll, Step } from '../../rows/index.ts';
import type { SSTableReader } from '../sstable-reader.ts';
import type { ByteOutput, DumpOptions } from './dump.ts';
import { keyText } from './key-text.ts';

const FLUSH_CHARACTERS = 256 * 1024;

/** By ordinal (`ClusteringPrefix.Kind`). */
const KIND_NAMES = [
  'EXCL_END_BOUND',
  'INCL_START_BOUND',
  'EXCL_END_INCL_START_BOUNDARY',
  'STATIC_CLUSTERING',
  'CLUSTERING',
  'INCL_END_EXCL_START_BOUNDARY',
  'INCL_END_BOUND',
  'EXCL_START_BOUND',
];

/** `sstabledump -d`: a line for each partition deletion, row and bound, as the toString of Cassandra's classes has it. */
export async function dumpDebug(reader: SSTableReader, output: ByteOutput, options: DumpOptions): Promise<void> {
  const stream = await reader.stream(options.range ?? readAll);
  const text = new DebugText(reader.table);
  let buffered = '';
  let head = '';
  /** A partition's deletion is printed with the place of its first row, behind a static row. */
  let deletion = '';
  try {
    for (;;) {
      if (buffered.length >= FLUSH_CHARACTERS) {
        output.write(Buffer.from(buffered));
        buffered = '';
        await output.drain();
      }
      const step = stream.next();
      if (step === Step.END) break;
      const line = (position: number, what: string): void => {
        buffered += `${head}@${position} ${what}\n`;
      };
      if (step === Step.PARTITION) {
        const { partition } = stream;
        const key = partition.key.slice(partition.keyStart, partition.keyEnd);
        head = `[${keyText(reader.table, key)}]`;
        if (options.isExcluded?.(key) === true) stream.skipPartition();
        else if (!partition.deletion.isLive()) deletion = text.deletion(partition.deletion);
        continue;
      }
      if (deletion !== '' && step !== Step.NEED_MORE) {
        line(step === Step.STATIC_ROW ? stream.position : stream.elementStart, deletion);
        deletion = '';
      }
      if (step === Step.NEED_MORE) await stream.load();
      else if (step === Step.MARKER) line(stream.elementStart, text.marker(stream.marker));
      else if (step === Step.STATIC_ROW) line(stream.position, text.row(stream.row));
      else if (step === Step.ROW) line(stream.elementStart, text.row(stream.row));
    }
    output.write(Buffer.from(buffered));
    await output.drain();
  } finally {
    stream.close();
  }
}

class DebugText {
  private readonly table: TableMetadata;

  constructor(table: TableMetadata) {
    this.table = table;
  }

  deletion(deletion: DeletionTime): string {
    return deletionText(deletion.hi, deletion.lo, deletion.localSeconds);
  }

  row(row: Row): string {
    const deletion = row.deletion.isLive()
      ? ''
      : ` del=${this.deletion(row.deletion)}${row.deletionIsShadowable ? '(shadowable)' : ''}`;
    const clustering = row.isStatic ? 'STATIC' : this.values(row.clustering, 'literal');
    return `Row[info=${liveness(row)}${deletion} ]: ${clustering} | ${this.cells(row)}`;
  }

  marker({ clustering, closing, opening }: RangeTombstoneMarker): string {
    const bound = `Marker ${KIND_NAMES[clustering.kind]}(${this.values(clustering, 'display')})`;
    const at = (deletion: DeletionTime): string =>
      `${int64.toString(deletion.hi, deletion.lo)}/${deletion.localSeconds}`;
    if (isBoundary(clustering.kind)) return `${bound}@${at(closing)}-${at(opening)}`;
    return `${bound}@${at(isStart(clustering.kind) ? opening : closing)}`;
  }

  private values(prefix: ClusteringPrefix, form: 'literal' | 'display'): string {
    const texts: string[] = [];
    for (let i = 0; i < prefix.size; i++) {
      const { type } = this.table.clustering[i];
      const codec = codecOf(type);
      const isEmpty = prefix.start[i] === prefix.end[i];
      if (prefix.isNull(i) || (form === 'literal' && isEmpty && !isText(type))) texts.push('null');
      else if (form === 'literal') texts.push(codec.toLiteral(prefix.source, prefix.start[i], prefix.end[i]));
      else texts.push(codec.toDisplayString(prefix.source, prefix.start[i], prefix.end[i]));
    }
    return texts.join(', ');
  }

  /** Columns are parted by commas, and each cell of a multi-cell column begins with one. */
  private cells(row: Row): string {
    const columns = row.isStatic ? this.table.statics : this.table.regulars;
    let text = '';
    let deletion = 0;
    let previous = -1;
    for (let i = 0; i <= row.cellCount; i++) {
      const column = i < row.cellCount ? row.cellColumn[i] : columns.length;
      for (; deletion < row.complexCount && row.complexColumn[deletion] <= column; deletion++) {
        if (text !== '') text += ', ';
        previous = row.complexColumn[deletion];
        const time = deletionText(row.complexHi[deletion], row.complexLo[deletion], row.complexLocalSeconds[deletion]);
        text += `del(${columns[previous].name})=${time}`;
      }
      if (i === row.cellCount) break;
      if (column !== previous && text !== '') text += ', ';
      text += `${row.pathEnd[i] === NO_PATH ? '' : ', '}${cellText(row, i, columns[column])}`;
      previous = column;
    }
    return text;
  }
}

/** Whether no bytes are a value; to a literal of any other type they are null (`TypeSerializer.isNull`). */
function isText(type: CqlType): boolean {
  return type.kind === 'native' && (type.name === 'text' || type.name === 'ascii' || type.name === 'blob');
}

function liveness(row: Row): string {
  if (!row.hasLiveness) return `[ts=${int64.toString(int64.MIN_HI, int64.MIN_LO)}]`;
  const timestamp = int64.toString(row.livenessHi, row.livenessLo);
  if (row.livenessTtl === NO_TTL) return `[ts=${timestamp}]`;
  return `[ts=${timestamp} ttl=${row.livenessTtl}, let=${row.livenessLocalSeconds}]`;
}

function deletionText(hi: number, lo: number, localSeconds: number): string {
  return `deletedAt=${int64.toString(hi, lo)}, localDeletion=${localSeconds}`;
}

const TIMEUUID: CqlType = { kind: 'native', name: 'timeuuid' };
const EMPTY: CqlType = { kind: 'native', name: 'empty' };

function cellText(row: Row, i: number, column: ColumnMetadata): string {
  const { type } = column;
  const source = row.cellSource[i];
  const timestamp = int64.toString(row.cellHi[i], row.cellLo[i]);
  if (type.kind === 'native' && type.name === 'counter' && !row.isTombstone(i)) {
    const total = { hi: 0, lo: 0 };
    counterTotal(source, row.valueStart[i], row.valueEnd[i], total);
    return `[${column.name}=${int64.toString(total.hi, total.lo)} ts=${timestamp}]`;
  }
  const { path, value } = cellTypes(type, source, row.pathStart[i], row.pathEnd[i]);
  const name =
    path === null
      ? column.name
      : `${column.name}[${codecOf(path).toDisplayString(source, row.pathStart[i], row.pathEnd[i])}]`;
  const shown = row.isTombstone(i)
    ? '<tombstone>'
    : codecOf(value).toDisplayString(source, row.valueStart[i], row.valueEnd[i]);
  const ttl = row.isExpiring(i) ? ` ttl=${row.cellTtl[i]}` : '';
  const local = row.isExpiring(i) || row.isTombstone(i) ? ` ldt=${row.cellLocalSeconds[i]}` : '';
  return `[${name}=${shown} ts=${timestamp}${ttl}${local}]`;
}

function cellTypes(
  type: CqlType,
  source: Uint8Array,
  pathStart: number,
  pathEnd: number,
): { path: CqlType | null; value: CqlType } {
  if (pathEnd === NO_PATH) return { path: null, value: type };
  switch (type.kind) {
    case 'list':
      return { path: TIMEUUID, value: type.element };
    case 'set':
      return { path: type.element, value: EMPTY };
    case 'map':
      return { path: type.key, value: type.value };
    case 'udt':
      return { path: null, value: type.fields[uint16At(source, pathStart)]?.type ?? type };
    default:
      return { path: null, value: type };
  }
}
