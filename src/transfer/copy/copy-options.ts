import { CqlError } from '../../errors/index.ts';
import type { CsvDialect } from '../csv/csv-dialect.ts';

/** Options of COPY as cqlsh 6.2.2 names them, with its defaults; those that only concern a cluster are accepted. */
export interface CopyOptions {
  readonly csv: CsvDialect;
  readonly header: boolean;
  readonly nullText: string;
  readonly datetimeFormat: string | undefined;
  readonly decimalSeparator: string;
  readonly thousandsSeparator: string;
  readonly booleanStyle: readonly [whenTrue: string, whenFalse: string];
  readonly reportFrequencySeconds: number;
  readonly maxRows: number;
  readonly skipRows: number;
  readonly skipColumns: readonly string[];
  readonly maxParseErrors: number;
  readonly errorFile: string | undefined;
  readonly ttlSeconds: number | undefined;
  readonly beginToken: bigint | undefined;
  readonly endToken: bigint | undefined;
  readonly maxOutputRows: number;
  readonly floatPrecision: number | undefined;
  readonly doublePrecision: number | undefined;
  /** `csv`, `json`, `jsonl`, `parquet`, `arrow`; undefined: by the file's name. */
  readonly format: string | undefined;
}

const COMMON = [
  'DELIMITER',
  'QUOTE',
  'ESCAPE',
  'HEADER',
  'NULL',
  'DATETIMEFORMAT',
  'MAXATTEMPTS',
  'REPORTFREQUENCY',
  'DECIMALSEP',
  'THOUSANDSSEP',
  'BOOLSTYLE',
  'NUMPROCESSES',
  'CONFIGFILE',
  'RATEFILE',
  'FORMAT',
];
const FROM_ONLY = [
  'CHUNKSIZE',
  'INGESTRATE',
  'MINBATCHSIZE',
  'MAXBATCHSIZE',
  'MAXROWS',
  'SKIPROWS',
  'SKIPCOLS',
  'MAXPARSEERRORS',
  'MAXINSERTERRORS',
  'ERRFILE',
  'PREPAREDSTATEMENTS',
  'TTL',
  'MAXINFLIGHTMESSAGES',
  'MAXBACKOFFATTEMPTS',
  'MAXPENDINGCHUNKS',
];
const TO_ONLY = [
  'ENCODING',
  'PAGESIZE',
  'PAGETIMEOUT',
  'BEGINTOKEN',
  'ENDTOKEN',
  'MAXREQUESTS',
  'MAXOUTPUTSIZE',
  'FLOATPRECISION',
  'DOUBLEPRECISION',
];

/** Names of the options, for completion. */
export function copyOptionNames(direction: 'from' | 'to'): readonly string[] {
  return [...COMMON, ...(direction === 'from' ? FROM_ONLY : TO_ONLY)];
}

/** Options that change nothing here but must still be whole numbers, as in cqlsh. */
const IGNORED_INTEGERS = ['CHUNKSIZE', 'INGESTRATE', 'MAXINSERTERRORS', 'PAGESIZE'];

/** Throws CqlError for unknown names and values that cannot be. */
export function copyOptions(direction: 'from' | 'to', given: ReadonlyMap<string, string>): CopyOptions {
  const allowed = new Set(copyOptionNames(direction));
  const unknown = [...given.keys()].filter((name) => !allowed.has(name));
  if (unknown.length > 0) {
    throw CqlError.invalidRequest(
      `Unrecognized COPY ${direction.toUpperCase()} options: ${unknown.join(', ').toLowerCase()}`,
    );
  }
  const values = new OptionValues(given);
  for (const name of IGNORED_INTEGERS) values.integer(name, 0);
  const ttlSeconds = values.integer('TTL', -1);
  return {
    csv: {
      delimiter: values.character('DELIMITER', ','),
      quote: values.character('QUOTE', '"'),
      escape: values.character('ESCAPE', '\\'),
    },
    header: /^(true|yes|on|1)$/i.test(values.text('HEADER', 'false')),
    nullText: values.text('NULL', ''),
    datetimeFormat: given.get('DATETIMEFORMAT'),
    decimalSeparator: values.text('DECIMALSEP', '.'),
    thousandsSeparator: values.text('THOUSANDSSEP', ''),
    booleanStyle: values.booleanStyle(),
    reportFrequencySeconds: values.number('REPORTFREQUENCY', 0.25),
    maxRows: values.integer('MAXROWS', -1),
    skipRows: values.integer('SKIPROWS', 0),
    skipColumns: values
      .text('SKIPCOLS', '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    maxParseErrors: values.integer('MAXPARSEERRORS', -1),
    errorFile: given.get('ERRFILE'),
    ttlSeconds: ttlSeconds > 0 ? ttlSeconds : undefined,
    beginToken: values.token('BEGINTOKEN'),
    endToken: values.token('ENDTOKEN'),
    maxOutputRows: values.integer('MAXOUTPUTSIZE', -1),
    floatPrecision: given.has('FLOATPRECISION') ? values.integer('FLOATPRECISION', 5) : undefined,
    doublePrecision: given.has('DOUBLEPRECISION') ? values.integer('DOUBLEPRECISION', 12) : undefined,
    format: given.get('FORMAT')?.toLowerCase(),
  };
}

/** Reads the options that were given; each throws a CqlError that names the option whose value it cannot read. */
class OptionValues {
  private readonly given: ReadonlyMap<string, string>;

  constructor(given: ReadonlyMap<string, string>) {
    this.given = given;
  }

  text(name: string, otherwise: string): string {
    return this.given.get(name) ?? otherwise;
  }

  integer(name: string, otherwise: number): number {
    const value = this.given.get(name);
    if (value === undefined) return otherwise;
    if (!INTEGER.test(value)) {
      throw CqlError.invalidRequest(`COPY option ${name} takes a whole number, not '${value}'`);
    }
    return Number(value);
  }

  number(name: string, otherwise: number): number {
    const value = Number(this.given.get(name) ?? otherwise);
    if (!Number.isFinite(value)) throw CqlError.invalidRequest(`COPY option ${name} takes a number`);
    return value;
  }

  /** The code of one ASCII character. */
  character(name: string, otherwise: string): number {
    const value = this.text(name, otherwise).replace(/^\\t$/, '\t');
    if (value.length !== 1 || value.charCodeAt(0) > 0x7f) {
      throw CqlError.invalidRequest(`COPY option ${name} takes one ASCII character`);
    }
    return value.charCodeAt(0);
  }

  token(name: string): bigint | undefined {
    const value = this.text(name, '');
    if (value === '') return undefined;
    if (!INTEGER.test(value)) throw CqlError.invalidRequest(`COPY option ${name} takes a token, not '${value}'`);
    return BigInt(value);
  }

  booleanStyle(): readonly [whenTrue: string, whenFalse: string] {
    const styles = this.text('BOOLSTYLE', 'True,False')
      .split(',')
      .map((style) => style.trim());
    if (styles.length !== 2 || styles[0] === styles[1]) {
      throw CqlError.invalidRequest(`Invalid boolean styles ${this.text('BOOLSTYLE', '')}`);
    }
    return [styles[0], styles[1]];
  }
}

const INTEGER = /^-?\d+$/;
