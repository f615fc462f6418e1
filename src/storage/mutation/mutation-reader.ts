import { ByteCursor } from '../../bytes/index.ts';
import { CorruptionError } from '../../errors/index.ts';
import { ClusteringPrefix, DeletionTime, type Row } from '../rows/index.ts';
import { ELEMENT_RANGE, ELEMENT_ROW, HAS_PARTITION_DELETION } from './mutation-builder.ts';
import { decodeClustering, RowDecoder } from './row-encoding.ts';

/** What `MutationReader.next` found. */
export const MutationElement = { END: 0, ROW: 1, RANGE: 2 } as const;
export type MutationElement = (typeof MutationElement)[keyof typeof MutationElement];

/** Walks the bytes of a mutation. All it shows points at those bytes; one reader serves any number of mutations. */
export class MutationReader {
  bytes: Uint8Array = new Uint8Array(0);
  keyStart = 0;
  keyEnd = 0;
  readonly partitionDeletion = new DeletionTime();
  /** The encoded row at hand is `bytes[rowStart, rowEnd)`. */
  rowStart = 0;
  rowEnd = 0;
  /** The range tombstone at hand. */
  readonly rangeStart = new ClusteringPrefix();
  readonly rangeEnd = new ClusteringPrefix();
  readonly rangeDeletion = new DeletionTime();
  private readonly cursor = new ByteCursor(this.bytes);
  private readonly decoder = new RowDecoder();

  /** Reads the key and the partition deletion. */
  open(bytes: Uint8Array, start = 0, end = bytes.length): void {
    const { cursor } = this;
    this.bytes = bytes;
    cursor.reset(bytes, start, end, 0);
    const keyLength = cursor.unsignedVint();
    this.keyStart = cursor.position;
    cursor.skip(keyLength);
    this.keyEnd = cursor.position;
    if ((cursor.u8() & HAS_PARTITION_DELETION) !== 0) this.readDeletion(this.partitionDeletion);
    else this.partitionDeletion.clear();
  }

  next(): MutationElement {
    const { cursor } = this;
    if (cursor.remaining === 0) return MutationElement.END;
    const kind = cursor.u8();
    const length = cursor.i32();
    cursor.need(length);
    if (kind === ELEMENT_ROW) {
      this.rowStart = cursor.position;
      cursor.position += length;
      this.rowEnd = cursor.position;
      return MutationElement.ROW;
    }
    if (kind !== ELEMENT_RANGE) throw new CorruptionError(`element kind ${kind} in a mutation`);
    const rangeStartKind = cursor.u8();
    decodeClustering(cursor, this.rangeStart, rangeStartKind);
    const rangeEndKind = cursor.u8();
    decodeClustering(cursor, this.rangeEnd, rangeEndKind);
    this.readDeletion(this.rangeDeletion);
    return MutationElement.RANGE;
  }

  /** Decodes the row at hand. */
  readRow(row: Row): void {
    this.decoder.decode(this.bytes, this.rowStart, this.rowEnd, row);
  }

  private readDeletion(deletion: DeletionTime): void {
    this.cursor.i64();
    deletion.set(this.cursor.hi, this.cursor.lo, this.cursor.u32());
  }
}
