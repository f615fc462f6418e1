import { invariant } from '../../errors/index.ts';
import type { UnfilteredStream } from '../rows/index.ts';
import { MergedStream } from './merged-stream.ts';

/**
 * One stream of what all sources say, reconciled. The streams are of one table, one direction and one range; one alone
 * passes through. Closing the result closes them.
 */
export function mergeStreams(streams: readonly UnfilteredStream[]): UnfilteredStream {
  invariant(streams.length > 0, 'a merge needs a source');
  return streams.length === 1 ? streams[0] : new MergedStream(streams);
}
