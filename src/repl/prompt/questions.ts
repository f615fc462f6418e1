import { displayWidth, previousGrapheme } from '../editor/graphemes.ts';
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
  /** Of a paste: the lines after the one that is read. */
  private pasted = '';

  constructor(surroundings: QuestionSurroundings) {
    this.with = surroundings;
  }

  /** One line of an answer, typed below the output. An empty text when the terminal goes away or Ctrl-C is typed. */
  async ask(question: string): Promise<string> {
    this.isAsking = true;
    try {
      return (await this.line(question, null))?.trim() ?? '';
    } finally {
      this.pasted = '';
      this.isAsking = false;
    }
  }

  /** cqlsh's way to type the rows of COPY FROM STDIN: lines until one is a dot, or Ctrl-D. */
  async *rows(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    this.isAsking = true;
    this.with.screen.write('[Use . on a line by itself to end input]\n');
    try {
      for (;;) {
        const line = await this.line('[copy] ', signal);
        if (line === null || line === '.' || line === '\\.') return;
        yield Buffer.from(`${line}\n`);
      }
    } finally {
      this.pasted = '';
      this.isAsking = false;
    }
  }

  /** Null at the end of input: Ctrl-C, Ctrl-D, no terminal any more. */
  private async line(prompt: string, signal: AbortSignal | null): Promise<string | null> {
    const { keys, screen, theme } = this.with;
    screen.write(paintStyle(theme, 'prompt', prompt));
    let line = '';
    const type = (text: string): void => {
      line += text;
      screen.write(text);
    };
    try {
      for (;;) {
        const end = this.pasted.indexOf('\n');
        type(end === -1 ? this.pasted : this.pasted.slice(0, end));
        this.pasted = end === -1 ? '' : this.pasted.slice(end + 1);
        if (end !== -1) return line;
        const event = await (signal === null ? keys.next() : Promise.race([keys.next(), aborted(signal)]));
        if (event === null) return null;
        if (event.kind === 'text') type(event.text);
        else if (event.kind === 'paste') this.pasted = event.text;
        else if (event.ctrl) return null;
        else if (event.name === 'enter') return line;
        else if (event.name === 'backspace' && line !== '') {
          const before = previousGrapheme(line, line.length);
          screen.write('\b \b'.repeat(displayWidth(line.slice(before))));
          line = line.slice(0, before);
        }
      }
    } finally {
      screen.write('\n');
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

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}
