/** A paste of more lines than this is shown as one placeholder. */
const COLLAPSE_LINES = 20;
/** Placeholders are single characters of the last private-use plane, which no CQL text holds by accident. */
const FIRST_PLACEHOLDER = 0x10_0000;
const LAST_PLACEHOLDER = 0x10_fffd;

/**
 * Big pastes kept out of the visible buffer: the buffer holds one placeholder character a paste, which moves and deletes
 * as one; `expand` puts the text back before it is run or stored.
 */
export class PastedBlocks {
  private readonly blocks: string[] = [];

  /** What to insert for a paste: the text itself, or a placeholder for a big one. */
  admit(text: string): string {
    const lines = countLines(text);
    if (lines <= COLLAPSE_LINES || FIRST_PLACEHOLDER + this.blocks.length > LAST_PLACEHOLDER) return text;
    this.blocks.push(text);
    return String.fromCodePoint(FIRST_PLACEHOLDER + this.blocks.length - 1);
  }

  /** Adds to the block that was admitted last, if `shown` is it. */
  extend(shown: string, text: string): boolean {
    const last = this.blocks.length - 1;
    if (last < 0 || shown !== String.fromCodePoint(FIRST_PLACEHOLDER + last)) return false;
    this.blocks[last] += text;
    return true;
  }

  expand(text: string): string {
    return this.replace(text, (block) => block);
  }

  /** The text as shown: `[pasted 500 lines]` for each placeholder. */
  label(text: string): string {
    return this.replace(text, (block) => `[pasted ${countLines(block)} lines]`);
  }

  clear(): void {
    this.blocks.length = 0;
  }

  private replace(text: string, by: (block: string) => string): string {
    if (this.blocks.length === 0) return text;
    return text.replace(/[\u{100000}-\u{10fffd}]/gu, (character) => {
      const block = this.blocks[(character.codePointAt(0) ?? 0) - FIRST_PLACEHOLDER];
      return block === undefined ? character : by(block);
    });
  }
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < text.length - 1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
