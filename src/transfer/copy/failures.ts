/** Messages kept: a file of the wrong columns has one a row. */
const MOST_MESSAGES = 10;

/** The rows with one message: how many, and the line of the first. */
export interface FailedRows {
  readonly rows: number;
  /** From 1. */
  readonly line: number;
}

/** Why rows were refused: the first messages in the order they came; rows with other messages are counted. */
export class Failures {
  readonly told = new Map<string, FailedRows>();
  untoldRows = 0;

  add(message: string, line: number): void {
    const known = this.told.get(message);
    if (known !== undefined) this.told.set(message, { ...known, rows: known.rows + 1 });
    else if (this.told.size < MOST_MESSAGES) this.told.set(message, { rows: 1, line });
    else this.untoldRows++;
  }
}
