import type { UnfilteredStream } from '../rows/index.ts';
import type { StreamOpener } from './chained-stream.ts';

/** Opens all at once, or none: what is open is closed when another one fails. */
export async function openStreams(openers: readonly StreamOpener[]): Promise<UnfilteredStream[]> {
  if (openers.length === 0) return [];
  // Most reads have one source, and must not wait any longer than it takes.
  if (openers.length === 1) return [await openers[0]()];
  const settled = await Promise.allSettled(openers.map((open) => open()));
  const streams: UnfilteredStream[] = [];
  let failure: PromiseRejectedResult | null = null;
  for (const outcome of settled) {
    if (outcome.status === 'fulfilled') streams.push(outcome.value);
    else failure ??= outcome;
  }
  if (failure === null) return streams;
  closeStreams(streams);
  throw failure.reason;
}

export function closeStreams(streams: readonly UnfilteredStream[]): void {
  for (const stream of streams) stream.close();
}
