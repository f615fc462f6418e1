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
  readonly chunkRows: number;
  readonly maxRows: number;
  readonly skipRows: number;
  readonly skipColumns: readonly string[];
  readonly maxParseErrors: number;
  readonly maxInsertErrors: number;
  readonly errorFile: string | undefined;
  readonly ttlSeconds: number | undefined;
  readonly ingestRate: number;
  readonly pageRows: number;
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

/** Throws CqlError for unknown names and values that cannot be. */
export function copyOptions(direction: 'from' | 'to', given: ReadonlyMap<string, string>): CopyOptions {
  const allowed = new Set([...COMMON, ...(direction === 'from' ? FROM_ONLY : TO_ONLY)]);
  const unknown = [...given.keys()].filter((name) => !allowed.has(name));
  if (unknown.length > 0) {
    throw CqlError.invalidRequest(
      `Unrecognized COPY ${direction.toUpperCase()} options: ${unknown.join(', ').toLowerCase()}`,
    );
  }
  const text = (name: string, otherwise: string): string => given.get(name) ?? otherwise;
  const integer = (name: string, otherwise: number): number => {
    const value = given.get(name);
    if (value === undefined) return otherwise;
    if (!/^-?\d+$/.test(value))
      throw CqlError.invalidRequest(`COPY option ${name} takes a whole number, not '${value}'`);
    return Number(value);
  };
  const number = (name: string, otherwise: number): number => {
    const value = Number(given.get(name) ?? otherwise);
    if (!Number.isFinite(value)) throw CqlError.invalidRequest(`COPY option ${name} takes a number`);
    return value;
  };
  const character = (name: string, otherwise: string): number => {
    const value = text(name, otherwise).replace(/^\\t$/, '\t');
    if (value.length !== 1 || value.charCodeAt(0) > 0x7f) {
      throw CqlError.invalidRequest(`COPY option ${name} takes one ASCII character`);
    }
    return value.charCodeAt(0);
  };
  const token = (name: string): bigint | undefined => {
    const value = given.get(name);
    return value === undefined || value === '' ? undefined : BigInt(integerText(name, value));
  };
  const styles = text('BOOLSTYLE', 'True,False').split(',');
  if (styles.length !== 2 || styles[0].trim() === styles[1].trim()) {
    throw CqlError.invalidRequest(`Invalid boolean styles ${text('BOOLSTYLE', '')}`);
  }
  return {
    csv: {
      delimiter: character('DELIMITER', ','),
      quote: character('QUOTE', '"'),
      escape: character('ESCAPE', '\\'),
    },
    header: /^(true|yes|on|1)$/i.test(text('HEADER', 'false')),
    nullText: text('NULL', ''),
    datetimeFormat: given.get('DATETIMEFORMAT'),
    decimalSeparator: text('DECIMALSEP', '.'),
    thousandsSeparator: text('THOUSANDSSEP', ''),
    booleanStyle: [styles[0].trim(), styles[1].trim()],
    reportFrequencySeconds: number('REPORTFREQUENCY', 0.25),
    chunkRows: integer('CHUNKSIZE', 5000),
    maxRows: integer('MAXROWS', -1),
    skipRows: integer('SKIPROWS', 0),
    skipColumns: text('SKIPCOLS', '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    maxParseErrors: integer('MAXPARSEERRORS', -1),
    maxInsertErrors: integer('MAXINSERTERRORS', 1000),
    errorFile: given.get('ERRFILE'),
    ttlSeconds: given.has('TTL') && integer('TTL', -1) > 0 ? integer('TTL', -1) : undefined,
    ingestRate: integer('INGESTRATE', 0),
    pageRows: integer('PAGESIZE', 1000),
    beginToken: token('BEGINTOKEN'),
    endToken: token('ENDTOKEN'),
    maxOutputRows: integer('MAXOUTPUTSIZE', -1),
    floatPrecision: given.has('FLOATPRECISION') ? integer('FLOATPRECISION', 5) : undefined,
    doublePrecision: given.has('DOUBLEPRECISION') ? integer('DOUBLEPRECISION', 12) : undefined,
    format: given.get('FORMAT')?.toLowerCase(),
  };
}

function integerText(name: string, value: string): string {
  if (!/^-?\d+$/.test(value)) throw CqlError.invalidRequest(`COPY option ${name} takes a token, not '${value}'`);
  return value;
}
