/** Messages kept: a file of the wrong columns has one a row. */
const MOST_MESSAGES = 10;

/** Where a row stands. */
export interface RowPlace {
  /** The file's name; null for input that has none. */
  readonly file: string | null;
  /** From 1. */
  readonly line: number;
}

/** The rows with one message: how many, and the place of the first. */
export interface FailedRows extends RowPlace {
  readonly rows: number;
}

/** Why rows were refused: the first messages in the order they came; rows with other messages are counted. */
export class Failures {
  readonly told = new Map<string, FailedRows>();
  untoldRows = 0;

  add(message: string, place: RowPlace): void {
    const known = this.told.get(message);
    if (known !== undefined) this.told.set(message, { ...known, rows: known.rows + 1 });
    else if (this.told.size < MOST_MESSAGES) this.told.set(message, { rows: 1, ...place });
    else this.untoldRows++;
  }
}
