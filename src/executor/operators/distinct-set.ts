import type { EqualityForm } from '../../types/index.ts';
import { KeyTable } from './key-table.ts';
import type { SpillFile } from './spill-file.ts';
import { SpillParts } from './spill-parts.ts';
import type { WorkSlices } from './work-slices.ts';

type Cells = readonly (Uint8Array | null)[];

/** Rows that are read from disk between two looks at the clock. */
const ROWS_A_STEP = 1024;
/** Parts of parts that are split once more; those after hold what they are given. */
const DEEPEST_SPLIT = 4;

/**
 * Finds rows whose first values no row before had. When these outgrow the memory limit, rows with further ones go to disk,
 * split by hash, and each part is looked through after the others: any number of rows ends.
 */
export class DistinctSet {
  private readonly forms: readonly (EqualityForm | null)[];
  private readonly memoryLimitBytes: number;
  private readonly depth: number;
  private table: KeyTable | null = new KeyTable();
  private readonly parts = new SpillParts();
  private reading: { readonly file: SpillFile; readonly rows: Iterator<Cells>; readonly set: DistinctSet } | null =
    null;

  /** `forms`: of the values that tell rows apart (`equalityFormOf`). `depth`: how often its rows were split already. */
  constructor(forms: readonly (EqualityForm | null)[], memoryLimitBytes: number, depth = 0) {
    this.forms = forms;
    this.memoryLimitBytes = memoryLimitBytes;
    this.depth = depth;
  }

  /**
   * Whether the row `cells[at…at + width)` is the first with its values. One that may be, and finds no room, goes to disk:
   * `nextSpilled` gives it if it was.
   */
  isFirst(cells: Cells, at: number, width: number): boolean {
    const { forms } = this;
    this.table ??= new KeyTable();
    const { table } = this;
    table.begin();
    for (let i = 0; i < forms.length; i++) {
      const cell = cells[at + i];
      table.appendForm(forms[i], cell, 0, cell?.length ?? 0);
    }
    if (table.hasRoom(this.memoryLimitBytes) || this.depth > DEEPEST_SPLIT) {
      const { size } = table;
      return table.findOrAdd() === size;
    }
    if (table.find() < 0) this.parts.write(table.hash(this.depth + 1), cells.slice(at, at + width));
    return false;
  }

  /** The next of the first rows that went to disk; null after the last. To be asked once all rows were seen. */
  async nextSpilled(slices: WorkSlices): Promise<Cells[] | null> {
    this.table = null;
    for (;;) {
      this.reading ??= this.openPart();
      if (this.reading === null) return null;
      const { file, rows, set } = this.reading;
      const first: Cells[] = [];
      let isRead = false;
      for (let i = 0; i < ROWS_A_STEP && !isRead; i++) {
        const { value, done } = rows.next();
        if (done) isRead = true;
        else if (set.isFirst(value, 0, value.length)) first.push(value);
      }
      if (slices.isOver()) await slices.rest();
      if (first.length > 0) return first;
      if (!isRead) continue;
      const deeper = await set.nextSpilled(slices);
      if (deeper !== null) return deeper;
      set.close();
      file.close();
      this.reading = null;
    }
  }

  private openPart(): DistinctSet['reading'] {
    const file = this.parts.take();
    if (file === null) return null;
    return { file, rows: file.read(), set: new DistinctSet(this.forms, this.memoryLimitBytes, this.depth + 1) };
  }

  close(): void {
    this.table = null;
    this.parts.close();
    this.reading?.set.close();
    this.reading?.file.close();
    this.reading = null;
  }
}
