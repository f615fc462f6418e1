import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CQLSH_CSV, type CsvDialect, RFC_4180 } from '../../../src/transfer/csv/csv-dialect.ts';
import { CsvReader } from '../../../src/transfer/csv/csv-reader.ts';
import { CsvWriter } from '../../../src/transfer/csv/csv-writer.ts';

interface ReadRecord {
  readonly line: number;
  readonly fields: string[];
}

function read(dialect: CsvDialect, chunks: readonly Uint8Array[]): ReadRecord[] {
  const reader = new CsvReader(dialect);
  const records: ReadRecord[] = [];
  const drain = (): void => {
    while (reader.next()) {
      records.push({
        line: reader.line,
        fields: Array.from({ length: reader.fieldCount }, (_, i) => reader.text(i)),
      });
    }
  };
  for (const chunk of chunks) {
    reader.push(chunk);
    drain();
  }
  reader.end();
  drain();
  return records;
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [0, ...[...places].sort((a, b) => a - b), bytes.length];
  return ends.slice(1).map((end, i) => bytes.subarray(ends[i], end));
}

const fieldText = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', ',', '"', '\\', '\n', '\r', ' ', 'é', '日') }),
  fc.string(),
);
const recordsOf = fc.array(fc.array(fieldText, { minLength: 1, maxLength: 6 }), { maxLength: 20 });

describe('CSV', () => {
  it.each([
    [
      'plain',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['no last line end', 'a,b', [['a', 'b']]],
    [
      'CRLF',
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['CR', 'a\rb\r', [['a'], ['b']]],
    ['quotes', '"a","b,c"\n', [['a', 'b,c']]],
    ['doubled quotes', '"a""b"\n', [['a"b']]],
    ['line end in quotes', '"a\nb",c\n', [['a\nb', 'c']]],
    ['empty fields', ',,\n', [['', '', '']]],
    ['empty lines are passed over', 'a\n\n\nb\n', [['a'], ['b']]],
    ['a quoted empty field is a record', '""\n', [['']]],
  ])('RFC 4180: %s', (_name, text, expected) => {
    expect(read(RFC_4180, [Buffer.from(text)]).map((record) => record.fields)).toEqual(expected);
  });

  it.each([
    ['escaped quote', '"a\\"b"\n', [['a"b']]],
    ['escaped backslash', '"a\\\\b"\n', [['a\\b']]],
    ['escape outside quotes', 'a\\,b,c\n', [['a,b', 'c']]],
  ])('cqlsh: %s', (_name, text, expected) => {
    expect(read(CQLSH_CSV, [Buffer.from(text)]).map((record) => record.fields)).toEqual(expected);
  });

  it('tells lines, also after line ends in quotes', () => {
    expect(read(RFC_4180, [Buffer.from('a\n"b\nc"\nd\n')]).map((record) => record.line)).toEqual([1, 2, 4]);
  });

  it('reads what it writes, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(
        recordsOf,
        fc.array(fc.nat(400)),
        fc.constantFrom(RFC_4180, CQLSH_CSV),
        (records, places, dialect) => {
          const writer = new CsvWriter(dialect);
          for (const record of records) {
            for (const field of record) {
              const bytes = Buffer.from(field);
              writer.field(bytes, 0, bytes.length, field === '');
            }
            writer.endRecord();
          }
          const bytes = writer.sink.copy();
          const read1 = read(
            dialect,
            cut(
              bytes,
              places.map((place) => place % (bytes.length + 1)),
            ),
          );
          expect(read1.map((record) => record.fields)).toEqual(records.map((record) => record.map(wellFormed)));
        },
      ),
    );
  });

  it('reads as csv-parse does', () => {
    fc.assert(
      fc.property(recordsOf, (records) => {
        const text = records
          .map((record) => record.map((field) => `"${wellFormed(field).replaceAll('"', '""')}"`).join(','))
          .join('\n');
        const expected: string[][] = parse(text, { relax_column_count: true });
        expect(read(RFC_4180, [Buffer.from(text)]).map((record) => record.fields)).toEqual(expected);
      }),
    );
  });
});

/** Lone surrogates have no UTF-8. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
