import type { KeyReader } from '../terminal/key-reader.ts';
import type { ScreenSink } from '../terminal/screen-sink.ts';
import type { LiveArea } from '../view/live-area.ts';
import { paintStyle, type Theme } from '../view/theme.ts';

interface QuestionSurroundings {
  readonly keys: KeyReader;
  readonly screen: ScreenSink;
  readonly live: LiveArea;
  readonly theme: Theme;
}

/** What the shell asks in the midst of its work. */
export class Questions {
  /** Progress is not drawn over a question. */
  isAsking = false;
  private readonly with: QuestionSurroundings;

  constructor(surroundings: QuestionSurroundings) {
    this.with = surroundings;
  }

  /** One line of an answer, typed below the output. An empty text when the terminal goes away or Ctrl-C is typed. */
  async ask(question: string): Promise<string> {
    const { keys, screen, theme } = this.with;
    this.isAsking = true;
    screen.write(paintStyle(theme, 'prompt', question));
    try {
      let answer = '';
      for (;;) {
        const event = await keys.next();
        if (event === null || (event.kind === 'key' && event.ctrl)) return '';
        if (event.kind === 'text') {
          answer += event.text;
          screen.write(event.text);
        } else if (event.kind === 'key' && event.name === 'enter') return answer.trim();
        else if (event.kind === 'key' && event.name === 'backspace' && answer !== '') {
          answer = answer.slice(0, -1);
          screen.write('\b \b');
        }
      }
    } finally {
      screen.write('\n');
      this.isAsking = false;
    }
  }

  /** cqlsh's prompt between pages: q, Escape and Ctrl-C end the result, other keys go on. */
  async goOn(signal: AbortSignal): Promise<boolean> {
    const { keys, live, theme } = this.with;
    this.isAsking = true;
    const interrupt = keys.onInterrupt;
    keys.onInterrupt = null;
    live.show(
      {
        editorRows: [],
        popup: null,
        message: paintStyle(theme, 'selected', '---MORE---'),
        progress: null,
        status: null,
      },
      null,
    );
    try {
      const event = await keys.next();
      if (event === null || signal.aborted) return false;
      if (event.kind === 'text') return !/^q/i.test(event.text);
      return event.kind === 'key' && event.name !== 'escape' && !event.ctrl;
    } finally {
      keys.onInterrupt = interrupt;
      live.clear();
      this.isAsking = false;
    }
  }
}
