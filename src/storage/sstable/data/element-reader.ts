import { ByteCursor } from '../../../bytes/index.ts';
import {
  type ClusteringPrefix,
  type DeletionTime,
  isBoundary,
  isStart,
  NULL_COMPONENT,
  PrefixKind,
  type Row,
} from '../../rows/index.ts';
import type { DataWindow } from './data-window.ts';
import type { HeaderLayout } from './header-layout.ts';
import { EMPTY_BIT, failEmptyAndNull, NULL_BIT, VALUES_A_HEADER } from './read-clustering.ts';
import { MAX_DELETION_BYTES, readDeletionTime } from './read-deletion-time.ts';
import { RowDecoder } from './row-decoder.ts';
import { ExtendedFlag, UnfilteredFlag } from './unfiltered-format.ts';

/** What `readHead` found. */
export const ElementKind = {
  ROW: 0,
  STATIC_ROW: 1,
  MARKER: 2,
  PARTITION_END: 3,
} as const;

/**
 * All that is of bounded size in an element's head fits in this: flags, kind, count, a header of clustering values and
 * the sizes. Clustering values are checked one by one.
 */
const HEAD_MARGIN_BYTES = 64;
const KEY_LENGTH_BYTES = 2;

/**
 * Reads one element after the other from a window of decoded bytes. The methods that need bytes return false when the
 * window ends too early and more must be loaded with a promise; the reader then stands where it stood before.
 */
export class ElementReader {
  /** The element of the last `readHead`. */
  kind: number = ElementKind.PARTITION_END;
  /** Where in the uncompressed data the element begins. */
  elementStart = 0;
  /** Keeps all from here on in the window: a block that is read backwards. Negative for none. */
  anchor = -1;
  keyStart = 0;
  keyEnd = 0;
  /** Nothing is loaded on the way, not even little: someone else points into the window. */
  loadsInLoadOnly = false;
  /** Marks rows with their bytes and this; null for none. */
  encoding: object | null = null;
  private readonly window: DataWindow;
  private readonly layout: HeaderLayout;
  private readonly hasUintDeletionTime: boolean;
  private readonly rows: RowDecoder;
  private readonly cursor: ByteCursor;
  /** The window ends where the data does. */
  private isAtEnd = false;
  private windowEnd = 0;
  private wantedBytes = 0;
  private flags = 0;
  private extendedFlags = 0;
  private bodyEnd = 0;

  constructor(window: DataWindow, layout: HeaderLayout, hasUintDeletionTime: boolean, file: string) {
    this.window = window;
    this.layout = layout;
    this.hasUintDeletionTime = hasUintDeletionTime;
    this.rows = new RowDecoder(layout, hasUintDeletionTime);
    this.cursor = new ByteCursor(window.bytes, 0, 0, file);
  }

  /** The place in the uncompressed data. */
  get position(): number {
    return this.cursor.origin + this.cursor.position;
  }

  /** The bytes that rows and keys lie in. */
  get bytes(): Uint8Array {
    return this.cursor.bytes;
  }

  seek(position: number): void {
    const { window } = this;
    if (window.has(position, 0)) this.cursor.reset(window.bytes, position - window.origin, window.end, window.origin);
    else this.cursor.reset(window.bytes, 0, 0, position);
    this.windowEnd = this.cursor.end;
    this.isAtEnd = this.cursor.end > 0 && window.origin + window.end === window.dataLength;
  }

  /** Loads what the last call that returned false was missing. */
  async load(): Promise<void> {
    const position = this.position;
    await this.window.load(this.loadStart(), this.wantedBytes);
    this.seek(position);
  }

  /** Leaves the key between `keyStart` and `keyEnd` of `bytes`, and the deletion in `deletion`. */
  readPartitionHeader(deletion: DeletionTime): boolean {
    const { cursor } = this;
    this.elementStart = this.position;
    if (!this.has(KEY_LENGTH_BYTES)) return false;
    const keyLength = (cursor.bytes[cursor.position] << 8) | cursor.bytes[cursor.position + 1];
    const longest = KEY_LENGTH_BYTES + keyLength + MAX_DELETION_BYTES;
    if (!this.has(Math.min(longest, this.window.dataLength - this.position))) return false;
    this.keyStart = cursor.position + KEY_LENGTH_BYTES;
    cursor.skip(KEY_LENGTH_BYTES + keyLength);
    this.keyEnd = cursor.position;
    readDeletionTime(cursor, this.hasUintDeletionTime, deletion);
    return true;
  }

  /**
   * Reads an element up to its body, which is then in the window as a whole; its clustering goes to `clustering`.
   * `readRow`, `readMarker` or `skip` must follow, but not after a partition's end.
   */
  readHead(clustering: ClusteringPrefix): boolean {
    const { cursor } = this;
    const start = cursor.position;
    if (!this.tryHead(clustering, start)) {
      cursor.position = start;
      return this.grow() && this.readHead(clustering);
    }
    this.elementStart = cursor.origin + start;
    return true;
  }

  readRow(row: Row): void {
    const { cursor } = this;
    cursor.end = this.bodyEnd;
    if (this.encoding === null) {
      cursor.skipVint();
      this.rows.decodeBody(cursor, this.flags, this.extendedFlags, row);
    } else {
      const previousSize = cursor.unsignedVint();
      this.rows.decodeBody(cursor, this.flags, this.extendedFlags, row);
      this.markEncoded(row, previousSize);
    }
    cursor.end = this.windowEnd;
  }

  /** `kind` is of the marker's clustering. */
  readMarker(kind: number, closing: DeletionTime, opening: DeletionTime): void {
    const { cursor } = this;
    cursor.end = this.bodyEnd;
    cursor.skipVint();
    closing.clear();
    opening.clear();
    if (isBoundary(kind)) {
      this.rows.decodeDeletion(cursor, closing);
      this.rows.decodeDeletion(cursor, opening);
    } else this.rows.decodeDeletion(cursor, isStart(kind) ? opening : closing);
    if (cursor.position !== this.bodyEnd) cursor.fail(`${cursor.remaining} bytes are left of the marker`);
    cursor.end = this.windowEnd;
  }

  skip(): void {
    this.cursor.position = this.bodyEnd;
  }

  fail(detail: string): never {
    return this.cursor.fail(detail);
  }

  private markEncoded({ encoded }: Row, previousSize: number): void {
    encoded.encoding = this.encoding;
    encoded.source = this.cursor.bytes;
    encoded.start = this.elementStart - this.cursor.origin;
    encoded.end = this.bodyEnd;
    encoded.previousSize = previousSize;
  }

  /** False: more is needed. All failures to fit leave `wantedBytes`, from `start` on. */
  private tryHead(clustering: ClusteringPrefix, start: number): boolean {
    const { cursor } = this;
    if (!this.roomFor(0, start)) return false;
    const flags = cursor.u8();
    this.flags = flags;
    if ((flags & UnfilteredFlag.END_OF_PARTITION) !== 0) {
      this.kind = ElementKind.PARTITION_END;
      return true;
    }
    this.extendedFlags = (flags & UnfilteredFlag.EXTENSION) !== 0 ? cursor.u8() : 0;
    if ((flags & UnfilteredFlag.IS_MARKER) !== 0) {
      this.kind = ElementKind.MARKER;
      if (!this.tryMarkerClustering(clustering, start)) return false;
    } else if ((this.extendedFlags & ExtendedFlag.IS_STATIC) !== 0) {
      this.kind = ElementKind.STATIC_ROW;
      clustering.reset(PrefixKind.STATIC_CLUSTERING, 0, cursor.bytes);
    } else {
      this.kind = ElementKind.ROW;
      const size = this.layout.clustering.lengths.length;
      if (!this.tryValues(clustering, PrefixKind.CLUSTERING, size, start)) return false;
    }
    const bodyBytes = cursor.unsignedVint();
    if (!this.bodyFits(bodyBytes, start)) return false;
    this.bodyEnd = cursor.position + bodyBytes;
    return true;
  }

  private tryMarkerClustering(clustering: ClusteringPrefix, start: number): boolean {
    const { cursor } = this;
    const kind = cursor.u8();
    if (
      kind > PrefixKind.EXCLUSIVE_START_BOUND ||
      kind === PrefixKind.CLUSTERING ||
      kind === PrefixKind.STATIC_CLUSTERING
    ) {
      cursor.fail(`${kind} is no kind of range tombstone bound`);
    }
    const size = cursor.u16();
    const columns = this.layout.clustering.lengths.length;
    if (size > columns) cursor.fail(`a bound of ${size} values, the table has ${columns}`);
    return this.tryValues(clustering, kind, size, start);
  }

  private tryValues(clustering: ClusteringPrefix, kind: number, size: number, start: number): boolean {
    const { cursor } = this;
    clustering.reset(kind, size, cursor.bytes);
    const { lengths, names } = this.layout.clustering;
    let headerHi = 0;
    let headerLo = 0;
    for (let i = 0; i < size; i++) {
      const slot = i % VALUES_A_HEADER;
      if (slot === 0) {
        cursor.unsignedVint64();
        headerHi = cursor.hi;
        headerLo = cursor.lo;
      }
      const bits = slot < 16 ? (headerLo >>> (slot * 2)) & 3 : (headerHi >>> (slot * 2 - 32)) & 3;
      if (bits === 0) {
        const length = lengths[i] >= 0 ? lengths[i] : cursor.unsignedVint();
        clustering.start[i] = cursor.position;
        if (!this.roomFor(length, start)) return false;
        cursor.skip(length);
        clustering.end[i] = cursor.position;
      } else {
        clustering.start[i] = cursor.position;
        clustering.end[i] = (bits & NULL_BIT) !== 0 ? NULL_COMPONENT : cursor.position;
        if (bits !== NULL_BIT && bits !== EMPTY_BIT) failEmptyAndNull(cursor, names[i]);
      }
    }
    return true;
  }

  /** `length` more bytes and a head's margin are in the window, or the data ends there. */
  private roomFor(length: number, start: number): boolean {
    const { cursor } = this;
    if (this.isAtEnd || length + HEAD_MARGIN_BYTES <= cursor.end - cursor.position) return true;
    this.checkLength(length);
    this.wantedBytes = cursor.position - start + length + HEAD_MARGIN_BYTES;
    return false;
  }

  private bodyFits(length: number, start: number): boolean {
    const { cursor } = this;
    if (length <= cursor.end - cursor.position) return true;
    if (this.isAtEnd) cursor.need(length);
    this.checkLength(length);
    this.wantedBytes = cursor.position - start + length;
    return false;
  }

  /** No length reaches past the data: nothing is loaded that a damaged one says. */
  private checkLength(length: number): void {
    const left = this.window.dataLength - this.position;
    if (length > left) this.cursor.fail(`${length} more bytes expected, ${left} left in the data`);
  }

  private has(length: number): boolean {
    const { cursor } = this;
    if (length <= cursor.end - cursor.position) return true;
    if (this.isAtEnd) cursor.need(length);
    this.wantedBytes = length;
    return this.grow() && this.has(length);
  }

  /** Loads `wantedBytes` without a promise, where that is a small read. */
  private grow(): boolean {
    const position = this.position;
    if (this.anchor >= 0) this.wantedBytes += position - this.anchor;
    if (this.loadsInLoadOnly || !this.window.loadSync(this.loadStart(), this.wantedBytes)) return false;
    this.seek(position);
    return true;
  }

  private loadStart(): number {
    return this.anchor >= 0 ? this.anchor : this.position;
  }
}
