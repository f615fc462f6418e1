import type { Completion } from '../completion/candidate.ts';
import type { KeyEvent } from '../editor/key-decoder.ts';
import { type EditorRequest, LineEditor } from '../editor/line-editor.ts';
import { ViKeys } from '../editor/vi-keys.ts';
import { type NameScope, type StyledSpan, styleInput } from '../highlight/style-input.ts';
import type { History } from '../history/history.ts';
import { isCompleteInput } from '../script/shell-input.ts';
import { type KeyReader, PASTE_END } from '../terminal/key-reader.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type EditorLayout, layoutEditor } from '../view/editor-layout.ts';
import type { LiveArea } from '../view/live-area.ts';
import { paintStyle, type Theme } from '../view/theme.ts';
import { CompletionSession } from './completion-session.ts';
import { HistoryCursor } from './history-cursor.ts';
import { HistorySearch } from './history-search.ts';

export interface PromptSurroundings {
  readonly terminal: Terminal;
  readonly keys: KeyReader;
  readonly live: LiveArea;
  readonly theme: Theme;
  readonly history: History;
  readonly viKeys: boolean;
  readonly scope: () => NameScope;
  readonly promptText: () => string;
  /** As much as fits into so many columns. */
  readonly statusLine: (columns: number) => string | null;
  readonly complete: (text: string, cursor: number) => Completion;
  /** The text as the user's editor left it; null when there is no editor or it failed. */
  readonly editExternally: (text: string) => string | null;
}

/** cqlsh's words after three empty lines within a statement. */
const UNFINISHED_HINT =
  "Statements are terminated with a ';'.  You can press CTRL-C to cancel an incomplete statement.";
const EXIT_HINT = 'Ctrl-D exits, HELP helps.';
/** Rows of the live area that are not the editor's: message, progress, status, and one free. */
const OTHER_ROWS = 4;
/** Inputs longer than this are drawn without colours: each key would scan all of it. */
const MAX_STYLED_CHARACTERS = 20_000;

/** Reads one input: keys in, the text to run out. It owns the editor and everything that is drawn around it. */
export class InputPrompt {
  readonly editor = new LineEditor();
  private readonly viKeys: ViKeys | null;
  private readonly with: PromptSurroundings;
  private historyCursor: HistoryCursor;
  private completion: CompletionSession | null = null;
  private search: HistorySearch | null = null;
  private message: string | null = null;
  private reading = false;

  constructor(surroundings: PromptSurroundings) {
    this.with = surroundings;
    this.viKeys = surroundings.viKeys ? new ViKeys(this.editor) : null;
    this.historyCursor = new HistoryCursor(surroundings.history);
  }

  /** The text to run, or null at the end of input. `initial` is put into the editor first. */
  async read(initial = ''): Promise<string | null> {
    this.editor.reset(initial);
    this.viKeys?.reset();
    this.with.history.refresh();
    this.historyCursor = new HistoryCursor(this.with.history);
    this.reading = true;
    try {
      for (;;) {
        if (this.with.keys.isIdle) this.draw();
        const event = await this.with.keys.next();
        if (event === null) return null;
        const done = await this.handle(event);
        if (done === 'submit') return this.submit();
        if (done === 'end') {
          this.with.live.clear();
          return null;
        }
      }
    } finally {
      this.reading = false;
    }
  }

  /** After a resize, or when something the status line shows has changed. */
  redraw(): void {
    if (this.reading) this.draw();
  }

  private async handle(event: KeyEvent): Promise<'more' | 'submit' | 'end'> {
    if (event === PASTE_END) return isCompleteInput(this.editor.text) ? 'submit' : 'more';
    this.message = null;
    if (this.search !== null) return this.handleSearch(event, this.search);
    if (this.completion !== null && this.handleCompletion(event, this.completion)) return 'more';
    return this.answer((this.viKeys ?? this.editor).handle(event));
  }

  private async answer(request: EditorRequest): Promise<'more' | 'submit' | 'end'> {
    const { editor } = this;
    switch (request) {
      case 'submit':
        return this.enter();
      case 'cancel':
        this.cancel();
        return 'more';
      case 'end-of-input':
        return 'end';
      case 'history-previous':
        this.recall(this.historyCursor.previous(editor.text));
        return 'more';
      case 'history-next':
        this.recall(this.historyCursor.next());
        return 'more';
      case 'history-first':
        this.recall(this.historyCursor.first(editor.text));
        return 'more';
      case 'history-last':
        this.recall(this.historyCursor.last());
        return 'more';
      case 'search-history':
        this.search = new HistorySearch(this.with.history);
        return 'more';
      case 'complete':
      case 'complete-backward':
        this.beginCompletion(request === 'complete' ? 1 : -1);
        return 'more';
      case 'clear-screen':
        this.clearScreen();
        return 'more';
      case 'external-editor':
        this.editExternally();
        return 'more';
      default:
        return 'more';
    }
  }

  private enter(): 'more' | 'submit' {
    const { editor } = this;
    if (isCompleteInput(editor.text)) return 'submit';
    editor.insertText('\n');
    if (/\n[ \t]*\n[ \t]*\n[ \t]*\n$/.test(`\n${editor.text}`)) this.message = UNFINISHED_HINT;
    return 'more';
  }

  /** Leaves the input in the scrollback as it was, and gives its text. */
  private submit(): string {
    // The line end that a paste brought is Enter, not text.
    if (this.editor.buffer.text.endsWith('\n')) this.editor.replace(this.editor.buffer.text.trimEnd());
    const text = this.editor.text;
    this.leave('');
    return text;
  }

  private cancel(): void {
    if (this.editor.buffer.text === '') {
      this.message = EXIT_HINT;
      return;
    }
    this.leave('^C');
    this.editor.reset();
    this.viKeys?.reset();
    this.historyCursor = new HistoryCursor(this.with.history);
  }

  private leave(mark: string): void {
    const { live, terminal, theme } = this.with;
    this.completion = null;
    const { rows } = this.layOut(Number.POSITIVE_INFINITY);
    live.clear();
    terminal.write(`${rows.join('\n')}${paintStyle(theme, 'dim', mark)}\n`);
  }

  private recall(text: string | null): void {
    if (text === null) return;
    this.editor.replace(this.editor.pasted.admit(text));
    this.viKeys?.settle();
  }

  private handleSearch(event: KeyEvent, search: HistorySearch): Promise<'more' | 'submit' | 'end'> {
    const outcome = search.handle(event);
    if (outcome.kind === 'searching') return Promise.resolve('more');
    this.search = null;
    if (outcome.kind !== 'cancel' && search.match !== null) this.recall(search.match);
    if (outcome.kind === 'accept') return this.handle(outcome.key);
    return Promise.resolve(outcome.kind === 'run' ? this.enter() : 'more');
  }

  private beginCompletion(direction: 1 | -1): void {
    const { text, cursor } = this.editor.buffer;
    const completion = this.with.complete(text, cursor);
    if (completion.candidates.length === 0) return;
    const session = new CompletionSession(this.editor, completion);
    if (session.begin()) return;
    this.completion = session;
    if (direction === -1) session.cycle(-1);
  }

  /** Keys that belong to the list of candidates; any other key closes it and is handled as usual. */
  private handleCompletion(event: KeyEvent, session: CompletionSession): boolean {
    const name = event.kind === 'key' && !event.ctrl && !event.meta ? event.name : '';
    if (name === 'tab' || (name === 'down' && session.selected >= 0) || (name === 'up' && session.selected >= 0)) {
      const backward = name === 'up' || (event.kind === 'key' && event.shift);
      session.cycle(backward ? -1 : 1);
      return true;
    }
    this.completion = null;
    if (name === 'escape') {
      session.undo();
      return true;
    }
    // Enter takes what was chosen and does not run the input.
    return name === 'enter' && session.selected >= 0;
  }

  private clearScreen(): void {
    this.with.live.clear();
    this.with.terminal.write('\u001b[2J\u001b[3J\u001b[H');
  }

  private editExternally(): void {
    this.with.live.clear();
    const text = this.with.editExternally(this.editor.text);
    if (text !== null) this.recall(text);
  }

  private draw(): void {
    const { live, terminal, theme } = this.with;
    const popup = this.completion;
    const wanted = popup === null ? 0 : Math.min(6, popup.completion.candidates.length);
    const layout = this.layOut(Math.max(1, terminal.rows - OTHER_ROWS - wanted));
    live.show(
      {
        editorRows: layout.rows,
        popup: popup === null ? null : { candidates: popup.completion.candidates, selected: popup.selected },
        message: this.search?.message ?? (this.message === null ? null : paintStyle(theme, 'dim', this.message)),
        progress: null,
        status: this.status(),
      },
      { row: layout.cursorRow, column: layout.cursorColumn },
    );
  }

  private status(): string | null {
    const { terminal, statusLine } = this.with;
    if (this.viKeys === null) return statusLine(terminal.columns);
    const mode = `${this.viKeys.modeName} · `;
    const status = statusLine(terminal.columns - mode.length);
    return status === null ? null : mode + status;
  }

  private layOut(maxRows: number): EditorLayout {
    const { search, editor } = this;
    const searched = search?.match ?? null;
    const text = searched ?? editor.buffer.text;
    const cursor = searched === null ? editor.buffer.cursor : Math.max(0, search?.matchOffset ?? 0);
    return layoutEditor({
      text,
      cursor,
      spans: this.spansOf(text, search),
      prompt: this.with.promptText(),
      columns: this.with.terminal.columns,
      maxRows,
      theme: this.with.theme,
      labelOf: (character) => editor.pasted.label(character),
    });
  }

  private spansOf(text: string, search: HistorySearch | null): readonly StyledSpan[] {
    if (search?.match === text && search.matchOffset >= 0) {
      return [{ start: search.matchOffset, end: search.matchOffset + search.query.length, style: 'match' }];
    }
    return text.length > MAX_STYLED_CHARACTERS ? [] : styleInput(text, this.with.scope());
  }
}
