import type { ByteSink } from '../../../bytes/index.ts';
import { signedSize } from './trie-format.ts';
import { type PayloadFormat, writeUnsigned } from './trie-writer.ts';

/**
 * Payloads of Partitions.db (`PartitionIndex.PartitionIndexSerializer`, 5.0.8)
 *
 *   flags   8 | (bytes of the position - 1) with a hash byte; 1–7 bytes of the position without
 *   [u8 low byte of the filter hash], signed position: of an entry in Rows.db when ≥ 0, else ~position in Data.db
 */
export const HAS_HASH = 8;

export interface PartitionPayload {
  readonly position: number;
  readonly hash: number;
}

export const partitionPayloadFormat: PayloadFormat<PartitionPayload> = {
  size: (payload) => 1 + signedSize(payload.position),
  flags: (payload) => HAS_HASH + signedSize(payload.position) - 1,
  write(payload, sink: ByteSink) {
    sink.u8(payload.hash);
    writeUnsigned(sink, payload.position, signedSize(payload.position));
  },
};
