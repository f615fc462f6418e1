import type { ResultColumn, RowChunk } from '../session/session.ts';
import { cqlTypeName, formatCqlsh } from '../types/index.ts';
import { NULL_COLOR, nameColor, paint, valueColor } from './colors.ts';
import type { FormatOptions } from './row-format.ts';
import { textWidth } from './text-width.ts';

/** The texts of one row as cqlsh shows its values, their display widths, and which of them are null. */
export interface TextRow {
  readonly texts: readonly string[];
  readonly widths: readonly number[];
  readonly nulls: readonly boolean[];
}

/** How cqlsh lays out names and values, without deciding which rows make a page. */
export class TableLayout {
  readonly columns: readonly ResultColumn[];
  private readonly options: FormatOptions;

  constructor(columns: readonly ResultColumn[], options: FormatOptions) {
    this.columns = columns;
    this.options = options;
  }

  textRow(chunk: RowChunk, row: number): TextRow {
    const width = this.columns.length;
    const texts: string[] = [];
    const widths: number[] = [];
    const nulls: boolean[] = [];
    for (let i = 0; i < width; i++) {
      const bytes = chunk.cells[row * width + i];
      const text = bytes === null ? (this.options.nullText ?? 'null') : this.valueText(i, bytes);
      nulls.push(bytes === null);
      texts.push(text);
      widths.push(this.isHex(i) && bytes !== null ? text.length : displayWidth(text));
    }
    return { texts, widths, nulls };
  }

  /** Display widths of the names, and of the types when those are shown. */
  nameWidths(): number[] {
    return this.columns.map(({ name, type }) =>
      Math.max(textWidth(name), this.options.typeRow ? textWidth(cqlTypeName(type)) : 0),
    );
  }

  /** Widths that also hold the rows. */
  widthsOf(rows: readonly TextRow[], widths = this.nameWidths()): number[] {
    for (const row of rows) {
      for (let i = 0; i < widths.length; i++) widths[i] = Math.max(widths[i], row.widths[i]);
    }
    return widths;
  }

  /** Names left-justified, types by option, and the rule. */
  header(widths: readonly number[]): string {
    const names = this.columns.map((column) => this.paint(column.name, nameColor(column)));
    let out = ` ${justifyLeft(
      names,
      this.columns.map(({ name }) => textWidth(name)),
      widths,
    )}\n`;
    if (this.options.typeRow) {
      const types = this.columns.map((column) => cqlTypeName(column.type));
      out += ` ${justifyLeft(
        types.map((type) => this.paint(type, TYPE_COLOR)),
        types.map((type) => textWidth(type)),
        widths,
      )}\n`;
    }
    return `${out}${ruleOf(widths)}\n`;
  }

  /** One row, its values right-justified. */
  row(row: TextRow, widths: readonly number[]): string {
    let out = ' ';
    for (let i = 0; i < row.texts.length; i++) {
      if (i > 0) out += ' | ';
      out += ' '.repeat(Math.max(0, widths[i] - row.widths[i])) + this.paintValue(row.texts[i], i, row.nulls[i]);
    }
    return `${out}\n`;
  }

  /** In parts: as long as a value of megabytes, it would be held several times over while it is put together. */
  expandedRule(valueWidth: number): readonly string[] {
    const parts = Array.from({ length: Math.floor(valueWidth / LONG_DASHES.length) }, () => LONG_DASHES);
    parts.unshift(`-${'-'.repeat(this.expandedNameWidth())}-+-`);
    parts.push(`${'-'.repeat(valueWidth % LONG_DASHES.length)}-\n`);
    return parts;
  }

  /** EXPAND, what comes after `@ Row N` and the rule: a line a column, a blank line. In parts, as the rule is. */
  expandedRow({ texts, nulls }: TextRow): readonly string[] {
    const nameWidth = this.expandedNameWidth();
    const parts: string[] = [];
    texts.forEach((text, i) => {
      const column = this.columns[i];
      const padding = ' '.repeat(nameWidth - textWidth(column.name));
      parts.push(
        ` ${this.paint(column.name, nameColor(column))}${padding} | `,
        this.paintValue(text, i, nulls[i]),
        '\n',
      );
    });
    parts.push('\n');
    return parts;
  }

  expandedNameWidth(): number {
    return Math.max(0, ...this.columns.map((column) => textWidth(column.name)));
  }

  private valueText(column: number, bytes: Uint8Array): string {
    const { type } = this.columns[column];
    const text = formatCqlsh(type, bytes, 0, bytes.length, this.options);
    const limit = this.options.maxValueWidth;
    return limit === undefined || text.length <= limit
      ? text
      : shorten(text, limit, this.isHex(column) ? bytes.length : null);
  }

  /** Large texts are likely blobs: their width is known without a look at them. */
  private isHex(column: number): boolean {
    const { type } = this.columns[column];
    return type.kind === 'native' && type.name === 'blob';
  }

  private paintValue(text: string, column: number, isNull: boolean): string {
    if (text === '') return text;
    return this.paint(text, isNull ? NULL_COLOR : valueColor(this.columns[column].type));
  }

  private paint(text: string, color: string): string {
    return this.options.color ? paint(text, color) : text;
  }
}

const TYPE_COLOR = '2';
const LONG_DASHES = '-'.repeat(16 * 1024);

/** Columns between the values of a row, as drawn: ` | ` between them and a blank before the first. */
export function tableWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + 3, -1);
}

const ASCII = /^[\x20-\x7e]*$/;

/** Terminal columns of a text; the common case needs no segmentation. */
export function displayWidth(text: string): number {
  return ASCII.test(text) ? text.length : textWidth(text);
}

function ruleOf(widths: readonly number[]): string {
  return `-${widths.map((width) => '-'.repeat(width)).join('-+-')}-`;
}

function justifyLeft(painted: readonly string[], lengths: readonly number[], widths: readonly number[]): string {
  return painted
    .map((text, i) => text + ' '.repeat(Math.max(0, widths[i] - lengths[i])))
    .join(' | ')
    .trimEnd();
}

/** A value too long for the screen: its beginning, and for blobs how many bytes it has. */
function shorten(text: string, limit: number, byteLength: number | null): string {
  const tail = byteLength === null ? '…' : `… (${byteLength} bytes)`;
  let end = Math.max(1, limit - tail.length);
  const code = text.charCodeAt(end - 1);
  if (code >= 0xd800 && code < 0xdc00) end--;
  return text.slice(0, end) + tail;
}
