import { Piece } from './json-bytes.ts';

/**
 * `lines`: a partition a line, as `sstabledump -l` prints it. `pretty`: as Jackson's pretty printer with the two indenters
 * that `tools/JsonTransformer` (5.0.8) switches between one line and many.
 */
export type JsonLayout = 'lines' | 'pretty';

/** What stands between two parts of the output: in lines nothing, else a space, or a line's end and two spaces a level. */
interface Spaces {
  readonly colon: string;
  readonly space: string;
  line(level: number): string;
}

const SPACES: Readonly<Record<JsonLayout, Spaces>> = {
  lines: { colon: ':', space: '', line: () => '' },
  pretty: { colon: ' : ', space: ' ', line: (level) => `\n${'  '.repeat(level)}` },
};

/** What stands before the partitions of a file, between two, and behind all or behind none. */
export interface FileFrame {
  readonly start: string;
  readonly between: string;
  readonly end: string;
  readonly emptyEnd: string;
}

export const FILE_FRAMES: Readonly<Record<JsonLayout, FileFrame>> = {
  lines: { start: '', between: '\n', end: '', emptyEnd: '' },
  pretty: { start: '[', between: ',', end: '\n]', emptyEnd: ' ]' },
};

/** The constant text of a partition: what stands between positions, times and values. */
export type PartitionPieces = ReturnType<typeof partitionPieces>;

/** `kind`: of the table, `REGULAR` or `INDEX`. Of two pieces the second stands behind another element. */
export function partitionPieces(layout: JsonLayout, kind: string) {
  const { colon, space, line } = SPACES[layout];
  const field = (name: string): string => `"${name}"${colon}`;
  const next = (level: number): string => `,${line(level)}`;
  const deletion = (lead: string): Piece =>
    Piece.of(`${lead}${field('deletion_info')}{${space}${field('marked_deleted')}`);
  const element = (type: string): [Piece, Piece] => {
    const text = `{${line(4)}${field('type')}"${type}"`;
    return [Piece.of(`${line(3)}${text}`), Piece.of(`${next(3)}${text}`)];
  };
  const positioned = (type: string): [Piece, Piece] => {
    const text = `{${line(4)}${field('type')}"${type}",${line(4)}${field('position')}`;
    return [Piece.of(`${line(3)}${text}`), Piece.of(`${next(3)}${text}`)];
  };
  const bound = (name: string): Piece => Piece.of(`${next(4)}${field(name)}{${line(5)}${field('type')}`);
  return {
    partition: Piece.of(
      `${line(1)}{${line(2)}${field('table kind')}"${kind}",${line(2)}${field('partition')}{${line(3)}${field('key')}[`,
    ),
    space: Piece.of(space),
    comma: Piece.of(`,${space}`),
    keyEnd: Piece.of(`${space}],${line(3)}${field('position')}`),
    partitionDeletion: deletion(next(3)),
    rows: Piece.of(`${line(2)}},${line(2)}${field('rows')}[`),
    partitionEnd: [Piece.of(`${space}]${line(1)}}`), Piece.of(`${line(2)}]${line(1)}}`)],
    row: positioned('row'),
    staticRow: positioned('static_block'),
    clustering: Piece.of(`${next(4)}${field('clustering')}[${space}`),
    clusteringEnd: Piece.of(`${space}]`),
    liveness: Piece.of(`${next(4)}${field('liveness_info')}{${space}${field('tstamp')}`),
    objectEnd: Piece.of(`${space}}`),
    ttl: Piece.of(`,${space}${field('ttl')}`),
    expiresAt: Piece.of(`,${space}${field('expires_at')}`),
    expired: Piece.of(`,${space}${field('expired')}true`),
    notExpired: Piece.of(`,${space}${field('expired')}false`),
    rowDeletion: deletion(next(4)),
    localDeleteTime: Piece.of(`,${space}${field('local_delete_time')}`),
    cells: Piece.of(`${next(4)}${field('cells')}[`),
    cellsEnd: [Piece.of(`${space}]${line(3)}}`), Piece.of(`${line(4)}]${line(3)}}`)],
    columnDeletion: deletion(`,${space}`),
    path: Piece.of(`,${space}${field('path')}[${space}`),
    pathEnd: Piece.of(`${space}]`),
    value: Piece.of(`,${space}${field('value')}`),
    cellDeletion: Piece.of(`,${space}${field('deletion_info')}{${space}${field('local_delete_time')}`),
    timestamp: Piece.of(`,${space}${field('tstamp')}`),
    // Behind a cell's deletion its indenter is left at many lines.
    timestampOfDeleted: Piece.of(`${next(6)}${field('tstamp')}`),
    deletedCellEnd: Piece.of(`${line(5)}}`),
    rangeBound: element('range_tombstone_bound'),
    rangeBoundary: element('range_tombstone_boundary'),
    start: bound('start'),
    end: bound('end'),
    boundClustering: Piece.of(`${next(5)}${field('clustering')}[${space}`),
    boundDeletion: deletion(next(5)),
    boundEnd: Piece.of(`${line(4)}}`),
    rangeEnd: Piece.of(`${line(3)}}`),
  };
}

/** How a cell of a column begins, with the name of the column in JSON's quotes. */
export function cellPieces(layout: JsonLayout, name: string): { name: [Piece, Piece]; nameAndValue: [Piece, Piece] } {
  const { colon, space, line } = SPACES[layout];
  const text = `${line(5)}{${space}"name"${colon}${name}`;
  const value = `,${space}"value"${colon}`;
  return {
    name: [Piece.of(text), Piece.of(`,${text}`)],
    nameAndValue: [Piece.of(`${text}${value}`), Piece.of(`,${text}${value}`)],
  };
}
