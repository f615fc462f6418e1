import { civilFromDays } from '../../../types/civil.ts';
import { type JsonBytes, Piece } from './json-bytes.ts';

/** Years 1 to 9999: four digits and no sign. */
const FIRST_DAY = -719_162;
const LAST_DAY = 2_932_896;
const SECONDS_PER_DAY = 86_400;

/** A power of two, of days that are kept. */
const SLOTS = 1024;
const TEXT_BYTES = 12;

const COLON = 0x3a;

/**
 * Times as `"2020-11-02 17:15:40`, with a quote in front and no end yet. Data has few days beside its times: the text of
 * a day is kept.
 */
export class DayText {
  private readonly separator: string;
  private readonly days = new Int32Array(SLOTS).fill(FIRST_DAY - 1);
  private readonly pieces: (Piece | null)[] = new Array<Piece | null>(SLOTS).fill(null);

  /** `separator` stands between day and time. */
  constructor(separator: ' ' | 'T') {
    this.separator = separator;
  }

  /** Writes a time and then the byte `end`; false, and nothing written, when its year has not four digits. */
  put(out: JsonBytes, epochSeconds: number, end: number): boolean {
    const day = Math.floor(epochSeconds / SECONDS_PER_DAY);
    if (!(day >= FIRST_DAY && day <= LAST_DAY)) return false;
    const second = epochSeconds - day * SECONDS_PER_DAY;
    const minute = (second / 60) | 0;
    const hour = (minute / 60) | 0;
    out.piece(this.pieceOf(day));
    out.padded2(hour, COLON);
    out.padded2(minute - hour * 60, COLON);
    out.padded2(second - minute * 60, end);
    return true;
  }

  private pieceOf(day: number): Piece {
    const slot = day & (SLOTS - 1);
    const known = this.pieces[slot];
    if (known !== null && this.days[slot] === day) return known;
    const { year, month, day: dayOfMonth } = civilFromDays(day);
    const text = `"${digits(year, 4)}-${digits(month, 2)}-${digits(dayOfMonth, 2)}${this.separator}`;
    const piece = known ?? new Piece(TEXT_BYTES);
    piece.set(text);
    this.days[slot] = day;
    this.pieces[slot] = piece;
    return piece;
  }
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
