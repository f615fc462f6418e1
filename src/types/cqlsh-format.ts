import { unreachable } from '../errors/index.ts';
import { civilFromDays } from './civil.ts';
import type { CqlValue } from './codec.ts';
import { codecOf } from './codec-of.ts';
import type { CqlType, NativeTypeName } from './cql-type.ts';
import { formatCqlshFloat } from './cqlsh-float.ts';
import { DEFAULT_TIME_FORMAT, formatTime } from './strftime.ts';
import { LocalDate } from './values/local-date.ts';

/** cqlsh's settings of how values look (cqlshrc's `[ui]`). */
export interface CqlshOptions {
  /** Significant digits of floats, and of doubles inside collections; default 5. */
  readonly floatPrecision?: number;
  /** Significant digits of doubles; default 5. */
  readonly doublePrecision?: number;
  /** strftime's notation; default `%Y-%m-%d %H:%M:%S.%f%z`. */
  readonly timeFormat?: string;
  /** A zone name of the IANA database; default UTC. */
  readonly timeZone?: string;
  /** What stands for null; default `null`. */
  readonly nullText?: string;
}

const DEFAULT_PRECISION = 5;

/** The text cqlsh 6.2.2 shows for a value (`cqlshlib/formatting.py`), without colours. Empty values are ''. */
export function formatCqlsh(
  type: CqlType,
  bytes: Uint8Array,
  start: number,
  end: number,
  options: CqlshOptions = {},
): string {
  const codec = codecOf(type);
  // Blobs may be large: no copy of them, as decoding makes one.
  if (type.kind === 'native' && type.name === 'blob') return codec.toLiteral(bytes, start, end);
  const value = codec.decode(bytes, start, end);
  if (value === null) return '';
  const isDouble = type.kind === 'native' && type.name === 'double';
  const precision = (isDouble ? options.doublePrecision : options.floatPrecision) ?? DEFAULT_PRECISION;
  return new CqlshFormatter(options, precision).format(type, value, false);
}

class CqlshFormatter {
  private readonly options: CqlshOptions;
  private readonly precision: number;

  constructor(options: CqlshOptions, precision: number) {
    this.options = options;
    this.precision = precision;
  }

  /** `quoted` inside other values: there text, inet and timestamp stand in single quotes. */
  format(type: CqlType, value: CqlValue, quoted: boolean): string {
    if (value === null) return this.options.nullText ?? 'null';
    switch (type.kind) {
      case 'native':
        return this.formatNative(type.name, value, quoted);
      case 'list':
        return `[${this.formatAll(type.element, iterable(value))}]`;
      case 'vector':
        return `[${this.formatAll(type.element, iterable(value))}]`;
      case 'set':
        return `{${this.formatAll(
          type.element,
          pythonOrder(type.element, [...iterable(value)], (item) => item),
        )}}`;
      case 'map': {
        const entries = value instanceof Map ? [...value] : [];
        const sorted = pythonOrder(type.key, entries, ([key]) => key);
        const parts = sorted.map(
          ([key, item]) => `${this.format(type.key, key, true)}: ${this.format(type.value, item, true)}`,
        );
        return `{${parts.join(', ')}}`;
      }
      case 'tuple':
        return `(${[...iterable(value)].map((item, i) => this.format(type.elements[i], item, true)).join(', ')})`;
      case 'udt': {
        const fields = new Map<string, CqlValue>(Object.entries(value));
        const parts = type.fields.map(
          ({ name, type: fieldType }) =>
            `${showControls(name)}: ${this.format(fieldType, fields.get(name) ?? null, true)}`,
        );
        return `{${parts.join(', ')}}`;
      }
      case 'custom':
        return blobText(value);
      default:
        return unreachable(type);
    }
  }

  private formatAll(type: CqlType, values: Iterable<CqlValue>): string {
    return Array.from(values, (value) => this.format(type, value, true)).join(', ');
  }

  private formatNative(name: NativeTypeName, value: CqlValue, quoted: boolean): string {
    switch (name) {
      case 'float':
      case 'double':
        return formatCqlshFloat(Number(value), this.precision);
      case 'boolean':
        return value === true ? 'True' : 'False';
      case 'blob':
        return blobText(value);
      case 'text':
      case 'ascii': {
        const text = String(value);
        return quoted ? `'${showControls(text.replaceAll("'", "''"))}'` : showControls(text);
      }
      case 'timestamp':
        return quoteIf(quoted, this.formatTimestamp(value));
      case 'inet':
        return quoteIf(quoted, compressedInet(String(value)));
      case 'date':
        return value instanceof LocalDate ? formatDate(value) : String(value);
      default:
        return String(value);
    }
  }

  private formatTimestamp(value: CqlValue): string {
    if (!(value instanceof Date)) return String(value);
    // Python's datetime ends at these years; beyond them cqlsh shows the milliseconds.
    const year = value.getUTCFullYear();
    if (year < 1 || year > 9999) return String(value.getTime());
    return formatTime(value, this.options.timeFormat ?? DEFAULT_TIME_FORMAT, this.options.timeZone ?? 'UTC');
  }
}

function iterable(value: CqlValue): Iterable<CqlValue> {
  return Array.isArray(value) || value instanceof Set ? value : [];
}

function quoteIf(quoted: boolean, text: string): string {
  return quoted ? `'${text}'` : text;
}

function blobText(value: CqlValue): string {
  return value instanceof Uint8Array ? `0x${Buffer.from(value).toString('hex')}` : String(value);
}

/** The longest run of two or more zero groups becomes `::`, the first of equals, as C's inet_ntop does. */
function compressedInet(address: string): string {
  const groups = address.split(':');
  if (groups.length !== 8) return address;
  const runs = [...address.matchAll(/(?<![^:])0(?::0)+(?![^:])/g)];
  if (runs.length === 0) return address;
  const run = runs.reduce((best, candidate) => (candidate[0].length > best[0].length ? candidate : best));
  const head = address.slice(0, run.index);
  const tail = address.slice(run.index + run[0].length);
  const zeros = run[0].split(':').length;
  if (run.index > 0 || zeros !== 6) return `${head === '' ? ':' : head}${tail === '' ? ':' : tail}`;
  // Only the last four bytes are left: they are shown as IPv4.
  const parts = groups.slice(6).map((group) => Number.parseInt(group, 16));
  return `::${parts.flatMap((part) => [part >> 8, part & 0xff]).join('.')}`;
}

/** Python's own dates end at the years 1 and 9999; beyond them cqlsh shows the days since 1970. */
function formatDate(date: LocalDate): string {
  const { year } = civilFromDays(date.daysSinceEpoch);
  return year >= 1 && year <= 9999 ? date.toString() : String(date.daysSinceEpoch);
}

/** The driver sorts sets, and cqlsh maps, as Python orders their values: UUIDs by their bytes, addresses as text. */
function pythonOrder<T>(type: CqlType, items: readonly T[], keyOf: (item: T) => CqlValue): readonly T[] {
  const byText = type.kind === 'native' && (type.name === 'uuid' || type.name === 'timeuuid' || type.name === 'inet');
  if (!byText) return items;
  return [...items].sort((a, b) => {
    const [left, right] = [String(keyOf(a)), String(keyOf(b))];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

const CONTROLS = /[\u0000-\u001f\u007f-\u00a0\\]/g;
const NAMED_CONTROLS: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' };

function showControls(text: string): string {
  return text.replace(CONTROLS, (character) => {
    return NAMED_CONTROLS[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
