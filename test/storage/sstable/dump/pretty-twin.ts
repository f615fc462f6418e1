const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const SPACE = 0x20;
const NEWLINE = 0x0a;

/** An object or array that is open. */
interface Open {
  readonly isObject: boolean;
  /** The key that it stands under; of an array's element that of the array, behind a slash. */
  readonly role: string;
  isEmpty: boolean;
}

/** Bytes one by one. */
export interface ByteSink {
  byte(value: number): void;
}

/**
 * Lays lines of `dump -l` out as sstabledump does without `-l`: Jackson's pretty printer with two indenters that
 * `tools/JsonTransformer` (5.0.8) switches between one line and many, quirks included: the plain twin of
 * the layout that `dump` writes at once. Takes the text in pieces.
 */
export class PrettyTwin {
  private readonly out: ByteSink;
  private readonly stack: Open[] = [];
  private key = '';
  private keyBytes = '';
  private isInString = false;
  private isEscaped = false;
  private isKey = false;
  private awaitsKey = false;
  /** Depth within a value that is copied as it is; 0 outside, 1 before its first bracket. */
  private rawDepth = 0;
  private areObjectsOnOneLine = false;
  private areArraysOnOneLine = false;
  private hasMarkedDeleted = false;

  constructor(out: ByteSink) {
    this.out = out;
  }

  /** The array around all partitions, or around the arrays of keys. */
  begin(role: 'partitions' | 'keys'): void {
    this.out.byte(OPEN_BRACKET);
    this.areArraysOnOneLine = role === 'keys';
    this.stack.push({ isObject: false, role, isEmpty: true });
  }

  end(): void {
    this.areArraysOnOneLine = false;
    this.close(CLOSE_BRACKET);
  }

  /** Between two partitions or keys. */
  separate(): void {
    this.putStructure(COMMA);
  }

  write(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) this.put(bytes[i]);
  }

  private put(byte: number): void {
    if (this.isInString) this.putInString(byte);
    else if (this.rawDepth > 0) this.putRaw(byte);
    else this.putStructure(byte);
  }

  private putInString(byte: number): void {
    this.out.byte(byte);
    if (this.isEscaped) this.isEscaped = false;
    else if (byte === BACKSLASH) this.isEscaped = true;
    else if (byte === QUOTE) {
      this.isInString = false;
      if (this.isKey) this.key = this.keyBytes;
      this.isKey = false;
      return;
    }
    if (this.isKey) this.keyBytes += String.fromCharCode(byte);
  }

  /** A value of a type: copied up to the comma or bracket that ends it. */
  private putRaw(byte: number): void {
    if (this.rawDepth === 1 && (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET)) {
      this.rawDepth = 0;
      this.putStructure(byte);
      return;
    }
    this.out.byte(byte);
    if (byte === QUOTE) this.isInString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.rawDepth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) this.rawDepth--;
  }

  private putStructure(byte: number): void {
    const top = this.stack[this.stack.length - 1];
    switch (byte) {
      case COMMA:
        this.out.byte(COMMA);
        this.indent(top);
        this.awaitsKey = top.isObject;
        if (top.role === 'clustering') this.rawDepth = 1;
        return;
      case COLON:
        this.out.byte(SPACE);
        this.out.byte(COLON);
        this.out.byte(SPACE);
        if (this.key === 'value') this.rawDepth = 1;
        if (this.key === 'marked_deleted') this.hasMarkedDeleted = true;
        return;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        this.open(byte, top);
        return;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        this.close(byte);
        return;
      default:
        this.first(top);
        this.out.byte(byte);
        if (byte !== QUOTE) return;
        this.isInString = true;
        this.isKey = this.awaitsKey;
        this.awaitsKey = false;
        this.keyBytes = '';
    }
  }

  private open(byte: number, parent: Open): void {
    if (!parent.isObject) this.first(parent);
    this.out.byte(byte);
    const role = parent.isObject ? this.key : `${parent.role}/`;
    this.stack.push({ isObject: byte === OPEN_BRACE, role, isEmpty: true });
    this.awaitsKey = byte === OPEN_BRACE;
    switch (role) {
      case 'key':
      case 'path':
        this.areArraysOnOneLine = true;
        break;
      case 'clustering':
        this.areArraysOnOneLine = true;
        this.first(this.stack[this.stack.length - 1]);
        this.rawDepth = 1;
        break;
      case 'liveness_info':
      case 'deletion_info':
      case 'cells/':
        this.areObjectsOnOneLine = true;
        this.hasMarkedDeleted = false;
        break;
      default:
    }
  }

  private close(byte: number): void {
    const closed = this.stack.pop();
    if (closed === undefined) return;
    if (closed.isEmpty) this.out.byte(SPACE);
    else this.line(closed.isObject, this.stack.length);
    this.out.byte(byte);
    switch (closed.role) {
      case 'key':
      case 'path':
      case 'clustering':
        this.areArraysOnOneLine = false;
        break;
      case 'deletion_info':
        // Of a cell only the deletion of a whole collection goes on in one line.
        this.areObjectsOnOneLine = this.hasMarkedDeleted && this.stack.at(-1)?.role === 'cells/';
        break;
      case 'liveness_info':
      case 'cells/':
        this.areObjectsOnOneLine = false;
        break;
      default:
    }
  }

  /** In front of the first entry. */
  private first(open: Open): void {
    if (!open.isEmpty) return;
    if (open.isObject ? this.awaitsKey : true) {
      open.isEmpty = false;
      this.indent(open);
    }
  }

  private indent(open: Open): void {
    open.isEmpty = false;
    this.line(open.isObject, this.stack.length);
  }

  private line(isObject: boolean, depth: number): void {
    if (isObject ? this.areObjectsOnOneLine : this.areArraysOnOneLine) {
      this.out.byte(SPACE);
      return;
    }
    this.out.byte(NEWLINE);
    for (let i = 0; i < depth; i++) {
      this.out.byte(SPACE);
      this.out.byte(SPACE);
    }
  }
}
