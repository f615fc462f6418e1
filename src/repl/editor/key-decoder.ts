/**
 * What the terminal sent, as keys. `name` is the key without modifiers (`a`, `left`, `enter`, `backspace`…); printable
 * text arrives as `text`, whole runs at once; a bracketed paste is one `paste`.
 */
export type KeyEvent =
  | {
      readonly kind: 'key';
      readonly name: string;
      readonly ctrl: boolean;
      readonly meta: boolean;
      readonly shift: boolean;
    }
  | { readonly kind: 'text'; readonly text: string }
  /** `bracketed`: the terminal marked it; otherwise it was told by its speed. */
  | { readonly kind: 'paste'; readonly text: string; readonly bracketed?: boolean };

const PASTE_START = '\u001b[200~';
const PASTE_END = '\u001b[201~';

/** Final bytes of CSI and SS3 sequences. */
const FINALS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  Z: 'tab',
};

/** First parameters of `CSI n ~` sequences. */
const TILDES: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
};

/** More text than this in one read, with line ends in it, was pasted: nobody types so fast. */
const TYPED_CHARACTERS = 16;

/**
 * Decodes the raw bytes of a terminal (xterm's encoding). Sequences may be cut anywhere between two reads; an Escape with
 * nothing behind it is only known by waiting, which is the caller's: `flush` gives what is pending.
 */
export class KeyDecoder {
  private pending = '';
  private paste: string | null = null;

  /** The keys of one read, in order. */
  push(chunk: string): KeyEvent[] {
    const events: KeyEvent[] = [];
    let input = this.pending + chunk;
    this.pending = '';
    while (input !== '') {
      if (this.paste !== null) {
        const end = input.indexOf(PASTE_END);
        if (end === -1) {
          // The end mark may be cut: keep what could be its beginning.
          const keep = longestPrefixAtEnd(input, PASTE_END);
          this.paste += input.slice(0, input.length - keep);
          this.pending = input.slice(input.length - keep);
          return events;
        }
        events.push({ kind: 'paste', text: normalizeLines(this.paste + input.slice(0, end)), bracketed: true });
        this.paste = null;
        input = input.slice(end + PASTE_END.length);
        continue;
      }
      const consumed = this.decodeOne(input, events);
      if (consumed === 0) {
        this.pending = input;
        return events;
      }
      input = input.slice(consumed);
    }
    return events;
  }

  /** A sequence was begun and not ended: after some 30 ms it is a bare Escape. */
  get isPending(): boolean {
    return this.pending !== '' && this.paste === null;
  }

  flush(): KeyEvent[] {
    const rest = this.pending;
    this.pending = '';
    if (rest === '') return [];
    const events: KeyEvent[] = [key('escape')];
    return events.concat(rest.length > 1 ? this.push(rest.slice(1)) : []);
  }

  /** Decodes one event at the start of `input`; returns the characters taken, 0 when more are needed. */
  private decodeOne(input: string, events: KeyEvent[]): number {
    if (input.startsWith(PASTE_START)) {
      this.paste = '';
      return PASTE_START.length;
    }
    const code = input.charCodeAt(0);
    if (code === 0x1b) return decodeEscape(input, events);
    if (code < 0x20 || code === 0x7f) {
      const pasted = unbracketedPaste(input);
      if (pasted !== null) {
        events.push({ kind: 'paste', text: normalizeLines(pasted) });
        return pasted.length;
      }
      events.push(controlKey(code));
      return 1;
    }
    const pasted = unbracketedPaste(input);
    if (pasted !== null) {
      events.push({ kind: 'paste', text: normalizeLines(pasted) });
      return pasted.length;
    }
    let end = 1;
    while (end < input.length && input.charCodeAt(end) >= 0x20 && input.charCodeAt(end) !== 0x7f) end++;
    events.push({ kind: 'text', text: input.slice(0, end) });
    return end;
  }
}

function decodeEscape(input: string, events: KeyEvent[]): number {
  if (input.length === 1) return 0;
  const second = input[1];
  if (second === '[' || second === 'O') {
    // CSI parameters end with a byte of @…~; SS3 has one byte.
    let end = 2;
    while (end < input.length && !/[@-~]/.test(input[end])) end++;
    if (end >= input.length) return 0;
    const event = sequenceKey(input.slice(2, end), input[end]);
    if (event !== null) events.push(event);
    return end + 1;
  }
  if (second === '\u001b') {
    events.push(key('escape'));
    return 1;
  }
  const code = input.charCodeAt(1);
  if (code < 0x20 || code === 0x7f) events.push({ ...controlKey(code), meta: true });
  else {
    const character = String.fromCodePoint(input.codePointAt(1) ?? 0);
    const shift = character !== character.toLowerCase();
    events.push({ kind: 'key', name: character.toLowerCase(), ctrl: false, meta: true, shift });
    return 1 + character.length;
  }
  return 2;
}

function sequenceKey(parameters: string, final: string): KeyEvent | null {
  const [first, second] = parameters.split(';');
  const name = final === '~' ? TILDES[first] : FINALS[final];
  if (name === undefined) return null;
  // xterm: modifier parameter − 1 is a bit set of shift 1, alt 2, ctrl 4.
  const modifiers = second === undefined ? 0 : Number(second) - 1;
  return {
    kind: 'key',
    name,
    shift: final === 'Z' || (modifiers & 1) !== 0,
    meta: (modifiers & 2) !== 0,
    ctrl: (modifiers & 4) !== 0,
  };
}

function controlKey(code: number): Extract<KeyEvent, { kind: 'key' }> {
  switch (code) {
    case 0x0d:
      return key('enter');
    case 0x0a:
      // Ctrl-J, and Shift-Enter of terminals that send a line feed.
      return { ...key('enter'), shift: true };
    case 0x09:
      return key('tab');
    case 0x7f:
    case 0x08:
      return key('backspace');
    case 0x00:
      return { ...key('space'), ctrl: true };
    default:
      return { ...key(code < 0x1b ? String.fromCharCode(code + 0x60) : String.fromCharCode(code + 0x40)), ctrl: true };
  }
}

function key(name: string): Extract<KeyEvent, { kind: 'key' }> {
  return { kind: 'key', name, ctrl: false, meta: false, shift: false };
}

/**
 * Terminals without bracketed paste deliver it as one read with line ends inside; null when the read was typed. Of keys
 * such as Ctrl-C and the arrows no paste has any: they end it.
 */
function unbracketedPaste(input: string): string | null {
  const firstKey = input.search(KEY_IN_TEXT);
  const text = firstKey === -1 ? input : input.slice(0, firstKey);
  if (text.length < TYPED_CHARACTERS) return null;
  const firstLineEnd = text.search(/[\r\n]/);
  return firstLineEnd !== -1 && firstLineEnd < text.length - 1 ? text : null;
}

const KEY_IN_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

function normalizeLines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function longestPrefixAtEnd(text: string, mark: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
