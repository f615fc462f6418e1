import { previousGrapheme } from '../editor/graphemes.ts';
import type { KeyEvent } from '../editor/key-decoder.ts';
import type { History } from '../history/history.ts';

/** How Ctrl-R ended: the entry goes into the editor, is run, or all is as before. The key that ended it may go on. */
export type SearchOutcome =
  | { readonly kind: 'searching' }
  | { readonly kind: 'accept'; readonly key: KeyEvent }
  | { readonly kind: 'run' }
  | { readonly kind: 'cancel' };

const SEARCHING: SearchOutcome = { kind: 'searching' };

/** Incremental search backwards through the history (readline's reverse-search-history). */
export class HistorySearch {
  query = '';
  /** The entry found last; stays when the query stops matching. */
  match: string | null = null;
  /** Nothing (further) matches. */
  failed = false;
  private readonly history: History;
  private index: number;

  constructor(history: History) {
    this.history = history;
    history.refresh();
    this.index = history.entries.length;
  }

  handle(event: KeyEvent): SearchOutcome {
    if (event.kind === 'text' || event.kind === 'paste') {
      this.query += event.text.replaceAll('\n', ' ');
      this.search(this.index + 1);
      return SEARCHING;
    }
    if (event.ctrl && event.name === 'r') this.search(this.index);
    else if (event.ctrl && event.name === 's') this.searchForward();
    else if (event.name === 'backspace' && !event.meta) {
      this.query = this.query.slice(0, previousGrapheme(this.query, this.query.length));
      this.search(this.history.entries.length);
    } else if (event.ctrl && (event.name === 'g' || event.name === 'c')) return { kind: 'cancel' };
    else if (event.name === 'enter') return this.match === null ? { kind: 'cancel' } : { kind: 'run' };
    else return { kind: 'accept', key: event };
    return SEARCHING;
  }

  /** Where the query stands in the match; -1 when nowhere. */
  get matchOffset(): number {
    return this.match === null || this.query === '' ? -1 : this.match.indexOf(this.query);
  }

  /** What stands under the editor while searching. */
  get message(): string {
    return `${this.failed ? 'failed ' : ''}reverse-search: ${this.query}`;
  }

  private search(before: number): void {
    if (this.query === '') return;
    const found = this.history.search(this.query, before);
    this.failed = found === null;
    if (found !== null) this.take(found);
  }

  private searchForward(): void {
    const { entries } = this.history;
    for (let i = this.index + 1; i < entries.length; i++) {
      if (!entries[i].includes(this.query)) continue;
      this.take(i);
      return;
    }
    this.failed = true;
  }

  private take(index: number): void {
    this.index = index;
    this.match = this.history.entries[index];
    this.failed = false;
  }
}
