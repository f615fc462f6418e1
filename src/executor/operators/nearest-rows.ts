import { CqlError } from '../../errors/index.ts';
import type { Nearest } from '../../planner/index.ts';
import { compileExpression, evaluateConstant } from '../evaluate/index.ts';
import { readFloats, similarity } from '../functions/vector-similarity.ts';
import type { StatementContext } from '../statement-context.ts';
import { ArrayRowSet, OnceRows } from './array-rows.ts';
import { copyValues, type RowSet, type RowSource } from './row-set.ts';

const DEFAULT_ROWS = 1000;

interface Scored {
  readonly score: number;
  readonly values: (Uint8Array | null)[];
}

/** The rows nearest to a vector, nearest first, by looking at every one: a heap of the best so far. */
export function nearestRows(
  input: RowSource,
  { order }: Nearest,
  limit: number | null,
  context: StatementContext,
): RowSource {
  if (limit === null) throw CqlError.invalidRequest('SELECT with ANN ordering requires a LIMIT');
  const read = async (): Promise<RowSet> => {
    const wanted = evaluateConstant(order.vector, context);
    if (wanted === null) throw CqlError.invalidRequest('Unsupported null value for column in an ANN ordering');
    const target = readFloats(wanted);
    const column = compileExpression(order.column, context);
    const best: Scored[] = [];
    for (let set = await input.next(); set !== null; set = await input.next()) {
      for (let i = 0; i < set.count; i++) {
        const row = set.row(i);
        const bytes = column(row);
        if (bytes === null || bytes.length !== wanted.length) continue;
        const score = similarity(order.similarity, readFloats(bytes), target);
        keepBest(best, score, limit, () => copyValues(row, inputWidth(set)));
      }
    }
    best.sort((a, b) => b.score - a.score);
    return new ArrayRowSet(best.map(({ values }) => values));
  };
  return new OnceRows(read, () => input.close());
}

function inputWidth(set: RowSet): number {
  return set.batch === null ? DEFAULT_ROWS : set.batch.columns.columns.length;
}

/** A heap whose root is the worst of the best. */
function keepBest(heap: Scored[], score: number, limit: number, copy: () => (Uint8Array | null)[]): void {
  if (heap.length < limit) {
    heap.push({ score, values: copy() });
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (heap[parent].score <= heap[i].score) return;
      [heap[parent], heap[i]] = [heap[i], heap[parent]];
      i = parent;
    }
    return;
  }
  if (score <= heap[0].score) return;
  heap[0] = { score, values: copy() };
  for (let i = 0; ; ) {
    let least = i;
    for (let child = 2 * i + 1; child <= 2 * i + 2 && child < heap.length; child++) {
      if (heap[child].score < heap[least].score) least = child;
    }
    if (least === i) return;
    [heap[least], heap[i]] = [heap[i], heap[least]];
    i = least;
  }
}
