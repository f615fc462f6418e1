import type { TableMetadata } from '../../../schema/model/index.ts';
import type { FileSegment } from './file-segments.ts';
import type { DumpForm } from './partition-dump.ts';

/** What the thread is started with. */
export interface DumpRequest {
  readonly dataPath: string;
  readonly table: TableMetadata;
  readonly form: DumpForm;
}

/** To the thread. */
export type DumpOrder =
  | { readonly kind: 'segment'; readonly segment: FileSegment }
  /** One more of its buffers has gone out; `memory` is what it lay in, where that is free again. */
  | { readonly kind: 'written'; readonly memory: ArrayBuffer | null };

/** From the thread, for one segment after the other. */
export type DumpReply =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** The segment's partitions end at `end` of the uncompressed data. */
  | { readonly kind: 'end'; readonly end: number }
  /** It could not be read to its end: the thread does no more. */
  | { readonly kind: 'failed' };
