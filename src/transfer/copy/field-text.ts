import { type CqlType, codecOf, formatCqlsh, type TypeCodec } from '../../types/index.ts';
import { type DirectField, directField } from '../csv/direct-fields.ts';
import type { CopyOptions } from './copy-options.ts';
import { emptyValue, textLiteralBytes } from './literal-bytes.ts';

/** Turns one column's values to the text of a CSV field and back, under COPY's options. */
export interface FieldText {
  /** UTF-8 of the value. */
  write(bytes: Uint8Array): Uint8Array | string;
  /** Bytes of a value; throws CqlError when the text is none of the type. */
  read(text: string): Uint8Array | null;
  /** The field's own bytes are the value: no text needs to be made (text columns). */
  readonly isRaw: boolean;
  /** Throws CorruptionError for a field whose own bytes are no value. */
  check(bytes: Uint8Array, start: number, end: number): void;
  /** The way past strings, where the type has one and the options leave its text alone. */
  readonly direct: DirectField | null;
}

/**
 * Every value reads back as it was: floats with all their digits unless FLOATPRECISION or DOUBLEPRECISION cuts them,
 * timestamps in milliseconds with their zone, nested values as CQL literals, a value without bytes as `0x`.
 */
export function fieldTextOf(type: CqlType, options: CopyOptions): FieldText {
  const content = contentOf(type, options);
  const codec = codecOf(type);
  if (content.isRaw)
    return { ...content, check: (bytes, start, end) => checkText(codec, bytes, start, end), direct: null };
  return {
    isRaw: false,
    check: codec.validate.bind(codec),
    direct: type.kind === 'native' && isPlain(options) ? directField(type.name, options.booleanStyle) : null,
    write: (bytes) => (bytes.length === 0 ? EMPTY_VALUE : content.write(bytes)),
    read(text) {
      if (text === EMPTY_VALUE) return emptyValue(type);
      return text === '' ? null : content.read(text);
    },
  };
}

/** A value without bytes, which is not null: as its CQL literal, since other programs quote nulls too. */
const EMPTY_VALUE = '0x';

/** Nothing changes how numbers and times look, and none of their characters needs quotes. */
function isPlain({ csv, ...options }: CopyOptions): boolean {
  const marks = String.fromCharCode(csv.delimiter, csv.quote, csv.escape);
  return (
    !/[\w+\-.: ]/.test(marks) &&
    options.nullText === '' &&
    options.datetimeFormat === undefined &&
    options.decimalSeparator === '.' &&
    options.thousandsSeparator === '' &&
    options.floatPrecision === undefined &&
    options.doublePrecision === undefined
  );
}

type ContentText = Omit<FieldText, 'direct' | 'check'>;

/** Most fields are short and ASCII, which takes no call into the codec. */
function checkText(codec: TypeCodec, bytes: Uint8Array, start: number, end: number): void {
  let at = start;
  while (at < end && bytes[at] < 0x80) at++;
  if (at < end) codec.validate(bytes, start, end);
}

function contentOf(type: CqlType, options: CopyOptions): ContentText {
  const codec = codecOf(type);
  if (type.kind !== 'native') {
    return {
      isRaw: false,
      write: (bytes) => codec.toLiteral(bytes, 0, bytes.length),
      read: (text) => (type.kind === 'custom' ? codec.fromString(text) : textLiteralBytes(text, type)),
    };
  }
  switch (type.name) {
    case 'text':
    case 'ascii':
      return { isRaw: true, write: (bytes) => bytes, read: (text) => codec.fromString(text) };
    case 'blob':
      return {
        isRaw: false,
        write: (bytes) => `0x${Buffer.from(bytes).toString('hex')}`,
        read: (text) => codec.fromString(text.replace(/^0x/i, '')),
      };
    case 'boolean':
      return booleanText(codec, options);
    case 'float':
    case 'double':
      return floatText(type, codec, options);
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'varint':
    case 'decimal':
      return numberText(codec, options);
    case 'counter':
      // The display form of a counter is that of its shards.
      return numberText(codecOf({ kind: 'native', name: 'bigint' }), options);
    case 'duration':
      return {
        isRaw: false,
        write: (bytes) => codec.toDisplayString(bytes, 0, bytes.length) || '0s',
        read: (text) => codec.fromString(text),
      };
    case 'timestamp':
      return timestampText(type, codec, options);
    default:
      return {
        isRaw: false,
        write: (bytes) => codec.toDisplayString(bytes, 0, bytes.length),
        read: (text) => codec.fromString(text),
      };
  }
}

function booleanText(codec: TypeCodec, options: CopyOptions): ContentText {
  const [whenTrue, whenFalse] = options.booleanStyle;
  return {
    isRaw: false,
    write: (bytes) => (bytes[0] !== 0 ? whenTrue : whenFalse),
    read(text) {
      const lower = text.trim().toLowerCase();
      if (lower === whenTrue.toLowerCase()) return codec.fromString('true');
      if (lower === whenFalse.toLowerCase()) return codec.fromString('false');
      return codec.fromString(text);
    },
  };
}

function numberText(codec: TypeCodec, options: CopyOptions): ContentText {
  return {
    isRaw: false,
    write: (bytes) => localized(codec.toDisplayString(bytes, 0, bytes.length), options),
    read: (text) => codec.fromString(plainNumber(text, options)),
  };
}

function floatText(type: CqlType, codec: TypeCodec, options: CopyOptions): ContentText {
  const cut = options.floatPrecision !== undefined || options.doublePrecision !== undefined;
  return {
    isRaw: false,
    write(bytes) {
      const text = cut
        ? formatCqlsh(type, bytes, 0, bytes.length, {
            floatPrecision: options.floatPrecision ?? 9,
            doublePrecision: options.doublePrecision ?? 17,
          })
        : codec.toDisplayString(bytes, 0, bytes.length);
      return localized(text, options);
    },
    read: (text) => codec.fromString(plainNumber(text, options)),
  };
}

function timestampText(type: CqlType, codec: TypeCodec, options: CopyOptions): ContentText {
  const format = options.datetimeFormat;
  return {
    isRaw: false,
    write: (bytes) => formatCqlsh(type, bytes, 0, bytes.length, format === undefined ? {} : { timeFormat: format }),
    // cqlsh writes microseconds, of which Cassandra reads only milliseconds.
    read: (text) => codec.fromString(text.replace(/(\.\d{3})\d+/, '$1')),
  };
}

function localized(text: string, options: CopyOptions): string {
  if (options.decimalSeparator === '.' && options.thousandsSeparator === '') return text;
  const match = /^(-?)(\d+)(\.\d+)?(.*)$/.exec(text);
  if (match === null) return text;
  const [, sign, whole, fraction, rest] = match;
  const grouped =
    options.thousandsSeparator === '' ? whole : whole.replace(/\B(?=(\d{3})+$)/g, options.thousandsSeparator);
  return sign + grouped + (fraction === undefined ? '' : options.decimalSeparator + fraction.slice(1)) + rest;
}

function plainNumber(text: string, options: CopyOptions): string {
  let plain = text.trim();
  if (options.thousandsSeparator !== '') plain = plain.replaceAll(options.thousandsSeparator, '');
  if (options.decimalSeparator !== '.') plain = plain.replace(options.decimalSeparator, '.');
  return plain;
}
