import type { Completion } from '../completion/candidate.ts';
import type { LineEditor } from '../editor/line-editor.ts';

/** One run of Tabs: the candidates stay listed, each Tab puts the next into the text, Escape takes it back. */
export class CompletionSession {
  readonly completion: Completion;
  selected = -1;
  private readonly original: string;
  private readonly editor: LineEditor;
  /** Where what was inserted ends now. */
  private end: number;

  constructor(editor: LineEditor, completion: Completion) {
    this.editor = editor;
    this.completion = completion;
    this.original = editor.buffer.text.slice(completion.from, completion.to);
    this.end = completion.to;
  }

  /** Fills in what all candidates share. Returns whether that settled it: one candidate, nothing to list. */
  begin(): boolean {
    const { candidates } = this.completion;
    const insertable = candidates.flatMap(({ insert }) => (insert === null ? [] : [insert]));
    if (candidates.length === 1 && insertable.length === 1) {
      this.put(insertable[0]);
      return true;
    }
    if (insertable.length === candidates.length) {
      const shared = sharedBeginning(insertable);
      // A shared beginning is only taken when it agrees with what was typed, or cycling would not get back to it.
      if (shared.length > this.original.length && startsAlike(shared, this.original)) this.put(shared);
    }
    return false;
  }

  /** Puts the next (1) or previous (-1) candidate into the text; placeholders are stepped over. */
  cycle(direction: 1 | -1): void {
    const { candidates } = this.completion;
    for (let step = 0; step < candidates.length; step++) {
      const from = this.selected === -1 && direction === -1 ? 0 : this.selected;
      this.selected = (from + direction + candidates.length) % candidates.length;
      const { insert } = candidates[this.selected];
      if (insert !== null) {
        this.put(insert.trimEnd());
        return;
      }
    }
    this.selected = -1;
  }

  undo(): void {
    this.put(this.original);
  }

  private put(text: string): void {
    this.editor.replaceRange(this.completion.from, this.end, text);
    this.end = this.completion.from + text.length;
  }
}

function sharedBeginning(texts: readonly string[]): string {
  let shared = texts[0] ?? '';
  for (const text of texts) {
    let length = 0;
    while (length < shared.length && shared[length] === text[length]) length++;
    shared = shared.slice(0, length);
  }
  return shared;
}

function startsAlike(text: string, beginning: string): boolean {
  return text.toLowerCase().startsWith(beginning.toLowerCase());
}
