import { StringDecoder } from 'node:string_decoder';
import { KeyDecoder, type KeyEvent } from '../editor/key-decoder.ts';
import type { TerminalInput } from './terminal.ts';

/** An Escape with nothing behind it for so long was the Escape key. */
const ESCAPE_TIMEOUT_MS = 30;
/** What comes so soon after an unbracketed paste is the rest of it. */
const PASTE_TAIL_MS = 30;
/** When nothing follows an unbracketed paste for so long, it is over. */
const PASTE_QUIET_MS = 100;

/**
 * Comes once an unbracketed paste that ended its last line is over. Lines typed faster than they are read look the same:
 * either way they may run now, together, and not half-way.
 */
export const PASTE_END: KeyEvent = { kind: 'key', name: 'paste-end', ctrl: false, meta: false, shift: false };

/** Keys in the order they were typed. What is typed while a statement runs waits for the next prompt. */
export class KeyReader {
  /** Hears Ctrl-C at once while it is set; such a key never comes out of `next`. */
  onInterrupt: (() => void) | null = null;
  /** Hears Ctrl-Z at once; such a key never comes out of `next`. */
  onSuspend: (() => void) | null = null;
  private readonly input: TerminalInput;
  private readonly decoder = new KeyDecoder();
  private readonly text = new StringDecoder('utf8');
  private readonly queue: KeyEvent[] = [];
  private waiting: ((event: KeyEvent | null) => void) | null = null;
  private escapeTimer: NodeJS.Timeout | undefined;
  private pasteTimer: NodeJS.Timeout | undefined;
  private pastedAt = Number.NEGATIVE_INFINITY;
  private ended = false;

  constructor(input: TerminalInput) {
    this.input = input;
    input.on('data', this.onData);
    input.on('end', this.onEnd);
    input.on('close', this.onEnd);
  }

  /** No key is waiting: time to draw. */
  get isIdle(): boolean {
    return this.queue.length === 0;
  }

  /** The next key; null once the terminal is gone. */
  next(): Promise<KeyEvent | null> {
    const event = this.queue.shift();
    if (event !== undefined) return Promise.resolve(event);
    if (this.ended) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.waiting = resolve;
    });
  }

  /** Whether Ctrl-C was typed ahead, with all that stood before it, which goes. */
  takeInterrupt(): boolean {
    const at = this.queue.findLastIndex(isInterrupt);
    this.queue.splice(0, at + 1);
    return at >= 0;
  }

  /** As if the terminal went away: the shell ends in order. */
  end(): void {
    this.onEnd();
  }

  close(): void {
    clearTimeout(this.escapeTimer);
    clearTimeout(this.pasteTimer);
    this.input.off('data', this.onData);
    this.input.off('end', this.onEnd);
    this.input.off('close', this.onEnd);
  }

  private readonly onData = (chunk: Buffer | string): void => {
    clearTimeout(this.escapeTimer);
    clearTimeout(this.pasteTimer);
    this.take(this.decoder.push(typeof chunk === 'string' ? chunk : this.text.write(chunk)));
    if (this.decoder.isPending) {
      this.escapeTimer = setTimeout(() => this.take(this.decoder.flush()), ESCAPE_TIMEOUT_MS);
    }
  };

  private readonly onEnd = (): void => {
    this.ended = true;
    this.onInterrupt?.();
    this.waiting?.(null);
    this.waiting = null;
  };

  private take(events: readonly KeyEvent[]): void {
    for (const decoded of events) {
      const event = performance.now() - this.pastedAt < PASTE_TAIL_MS ? asPasteTail(decoded) : decoded;
      if (event.kind === 'paste' && event.bracketed !== true) this.pastedAt = performance.now();
      if (isLineEnd(event) && performance.now() - this.pastedAt < PASTE_TAIL_MS) this.awaitPasteEnd();
      if (this.onInterrupt !== null && isInterrupt(event)) {
        this.queue.length = 0;
        this.onInterrupt();
      } else if (this.onSuspend !== null && isControl(event, 'z')) this.onSuspend();
      else this.queue.push(event);
    }
    this.deliver();
  }

  private awaitPasteEnd(): void {
    clearTimeout(this.pasteTimer);
    this.pasteTimer = setTimeout(() => {
      this.queue.push(PASTE_END);
      this.deliver();
    }, PASTE_QUIET_MS);
  }

  private deliver(): void {
    if (this.waiting === null) return;
    const first = this.queue.shift();
    if (first === undefined) return;
    const resolve = this.waiting;
    this.waiting = null;
    resolve(first);
  }
}

/** What follows an unbracketed paste at once is of it: nobody types so fast. */
function asPasteTail(event: KeyEvent): KeyEvent {
  if (event.kind === 'text') return { kind: 'paste', text: event.text };
  return event.kind === 'key' && event.name === 'enter' ? { ...event, shift: true } : event;
}

/** A paste that ends its line, or the line end behind one. */
function isLineEnd(event: KeyEvent): boolean {
  if (event.kind === 'paste') return event.bracketed !== true && event.text.endsWith('\n');
  return event.kind === 'key' && event.name === 'enter';
}

function isInterrupt(event: KeyEvent): boolean {
  return isControl(event, 'c');
}

function isControl(event: KeyEvent, name: string): boolean {
  return event.kind === 'key' && event.ctrl && !event.meta && event.name === name;
}
