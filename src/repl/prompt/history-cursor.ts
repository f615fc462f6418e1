import type { History } from '../history/history.ts';

/**
 * Where Up and Down are in the history; the text that was being typed waits behind the newest entry. What other shells
 * run is behind it too, until the next step from there.
 */
export class HistoryCursor {
  private readonly history: History;
  /** The entry that was recalled; null while the draft is there. */
  private recalled: number | null = null;
  private draft = '';

  constructor(history: History) {
    this.history = history;
  }

  /** The entry before, or null at the oldest. `current` is kept when it is left for the first time. */
  previous(current: string): string | null {
    return this.recall((this.recalled ?? this.leaveDraft(current)) - 1);
  }

  /** The entry after, the draft behind the newest, or null there. */
  next(): string | null {
    return this.recalled === null ? null : this.recall(this.recalled + 1);
  }

  first(current: string): string | null {
    if (this.recalled === null) this.leaveDraft(current);
    return this.recall(0);
  }

  last(): string | null {
    return this.recalled === null ? null : this.recall(this.history.entries.length);
  }

  /** Where the draft stands: behind all that any shell ran. */
  private leaveDraft(current: string): number {
    this.draft = current;
    this.history.refresh();
    return this.history.entries.length;
  }

  private recall(index: number): string | null {
    const { entries } = this.history;
    if (index < 0 || index === this.recalled) return null;
    if (index < entries.length) {
      this.recalled = index;
      return entries[index];
    }
    if (this.recalled === null) return null;
    this.recalled = null;
    return this.draft;
  }
}
