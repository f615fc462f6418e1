import type { History } from '../history/history.ts';

/** Where Up and Down are in the history; the text that was being typed waits behind the newest entry. */
export class HistoryCursor {
  private readonly history: History;
  private index: number;
  private draft = '';

  constructor(history: History) {
    this.history = history;
    this.index = history.entries.length;
  }

  /** The entry before, or null at the oldest. `current` is kept when it is left for the first time. */
  previous(current: string): string | null {
    return this.goTo(this.index - 1, current);
  }

  /** The entry after, the draft behind the newest, or null there. */
  next(current: string): string | null {
    return this.goTo(this.index + 1, current);
  }

  first(current: string): string | null {
    return this.goTo(0, current);
  }

  last(current: string): string | null {
    return this.goTo(this.history.entries.length, current);
  }

  private goTo(index: number, current: string): string | null {
    const { entries } = this.history;
    if (index < 0 || index > entries.length || index === this.index) return null;
    if (this.index === entries.length) this.draft = current;
    this.index = index;
    return index === entries.length ? this.draft : entries[index];
  }
}
