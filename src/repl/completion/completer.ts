import { type ExpectedTokens, expectedTokens, forcedWords } from '../../parser/completion.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import { type CqlType, cqlTypeName } from '../../types/index.ts';
import { findCommand, isCommandLine } from '../commands/index.ts';
import { isCompleteInput } from '../script/shell-input.ts';
import type { Candidate, Completion } from './candidate.ts';
import { type ClausePlace, clauseAt } from './clause.ts';
import { argumentCandidates, commandNameCandidates } from './command-candidates.ts';
import { NATIVE_FUNCTIONS, NATIVE_TYPES, type NativeFunction } from './native-functions.ts';
import { optionCandidates, optionMapCandidates, optionValueCandidates } from './option-values.ts';
import {
  anyColumnCandidates,
  type CompletionScope,
  columnCandidate,
  columnCandidates,
  fieldCandidates,
  indexCandidates,
  keyspaceCandidates,
  resolveTable,
  tableCandidates,
  typeCandidates,
  userFunctionCandidates,
} from './schema-candidates.ts';

const NOTHING: readonly Candidate[] = [];

/** What may stand at the cursor: the grammar says which kinds of words, the schema which names. */
export class Completer {
  private readonly scope: () => CompletionScope;

  constructor(scope: () => CompletionScope) {
    this.scope = scope;
  }

  complete(text: string, cursor: number): Completion {
    const before = text.slice(0, cursor);
    const command = openCommand(before);
    if (command !== null) return this.completeCommand(command, cursor);
    const inMap = optionMapCandidates(before);
    if (inMap !== null) return matching(inMap.prefix, cursor, inMap.candidates);
    const expected = expectedTokens(text, cursor);
    const candidates = this.candidatesFor(before.slice(0, expected.replaceFrom), expected);
    const completion = matching(expected.prefix, cursor, candidates);
    return goOn(completion, text, cursor);
  }

  private completeCommand(line: string, cursor: number): Completion {
    const [, name, argument] = /^\s*(\S+)(?:\s+([\s\S]*))?$/.exec(line) ?? [];
    if (argument === undefined) return matching(name, cursor, commandNameCandidates(name.startsWith('.')));
    const found = findOrNull(line);
    if (found === null) return matching('', cursor, NOTHING);
    const { prefix, candidates } = argumentCandidates(found.command, argument, this.scope());
    return matching(prefix, cursor, candidates);
  }

  private candidatesFor(before: string, expected: ExpectedTokens): Candidate[] {
    const scope = this.scope();
    const candidates: Candidate[] = [];
    const optionValues = optionValueCandidates(expected.opening, before);
    if (optionValues !== null) return optionValues;
    const newName = newNameCandidates(before, scope, expected);
    if (newName !== null) return newName;
    const names = new NameCandidates(scope, expected, clauseAt(before));
    const fields = names.literalFields();
    if (fields.length > 0) return [...fields];
    // Columns stand before the functions that could take them.
    const categories = [...expected.categories].sort((a, b) => Number(b === 'column') - Number(a === 'column'));
    for (const category of categories) candidates.push(...names.of(category));
    candidates.push(...this.keywords(before, expected, names));
    // Punctuation is worth naming only where nothing but it and keywords may stand.
    if (expected.categories.length === 0 && expected.prefix === '') {
      const symbols = expected.symbols.filter((symbol) => '(){},='.includes(symbol));
      candidates.push(
        ...symbols.map((symbol): Candidate => ({ kind: 'symbol', label: symbol, insert: symbol, detail: '' })),
      );
    }
    return unique(candidates);
  }

  private keywords(before: string, expected: ExpectedTokens, names: NameCandidates): Candidate[] {
    const lower = prefersLowerCase(expected.prefix, before);
    // Where no name may stand, no expression begins: what is a value's or a function's word elsewhere is the clause's own.
    const isTerm = expected.categories.length > 0;
    const isListed = (word: string): boolean =>
      names.isValuePlace ? VALUE_KEYWORDS.has(word) : !FUNCTION_KEYWORDS.has(word) && !names.hides(word);
    const words = isTerm ? expected.keywords.filter(isListed) : expected.keywords;
    const candidates = words.map((word): Candidate => {
      const text = lower ? word.toLowerCase() : word;
      return { kind: 'keyword', label: text, insert: `${text} ` };
    });
    // At the beginning of a statement a command of the shell may stand as well.
    if (expected.opening === '' && before.trim() === '') candidates.push(...commandNameCandidates(false));
    return candidates;
  }
}

/** What CREATE makes has a name of its own: none of those that there are. */
const CREATED =
  /\bcreate\s+(?:or\s+replace\s+)?(?:custom\s+)?(\w+|materialized\s+view)\s+(?:if\s+not\s+exists\s+)?(?:"?\w+"?\s*\.\s*)?$/i;
const QUALIFIED = /^(table|columnfamily|type|function|aggregate|materialized)/i;

function newNameCandidates(before: string, scope: CompletionScope, expected: ExpectedTokens): Candidate[] | null {
  const match = CREATED.exec(before);
  if (match === null || expected.categories.length === 0) return null;
  const ifNotExists: Candidate[] = expected.keywords.map((word) => ({
    kind: 'keyword',
    label: word,
    insert: `${word} `,
  }));
  const spaces = QUALIFIED.test(match[1]) && expected.qualifier === undefined ? keyspaceCandidates(scope, '.') : [];
  return [placeholder('name'), ...ifNotExists, ...spaces];
}

/** Grammar keywords that stand for calls, which the list of functions holds with their signatures. */
const FUNCTION_KEYWORDS = new Set(['COUNT']);
/** What any expression may begin with: listed only once a letter of it is typed. */
const EXPRESSION_KEYWORDS = new Set(['NOT', 'NULL', 'CAST', 'WRITETIME', 'MAXWRITETIME', 'TTL']);
const VALUE_KEYWORDS = new Set(['NULL', 'TOKEN', 'CAST']);

/** Candidates of each category at one place. */
class NameCandidates {
  /** A value of a known column belongs here: other columns do not. */
  readonly isValuePlace: boolean;
  private readonly scope: CompletionScope;
  private readonly expected: ExpectedTokens;
  private readonly place: ClausePlace;
  private readonly table: TableMetadata | undefined;
  private readonly target: ColumnMetadata | undefined;

  constructor(scope: CompletionScope, expected: ExpectedTokens, place: ClausePlace) {
    this.scope = scope;
    this.expected = expected;
    this.place = place;
    this.table = resolveTable(scope, expected.table);
    this.target = place.valueOf === null ? undefined : this.table?.columns.get(place.valueOf);
    this.isValuePlace = place.valueOf !== null || place.clause === 'values';
  }

  of(category: ExpectedTokens['categories'][number]): readonly Candidate[] {
    const { scope, expected } = this;
    const { qualifier } = expected;
    switch (category) {
      case 'keyspace':
        return keyspaceCandidates(scope);
      case 'table':
        return tableCandidates(scope, qualifier, !/^(INSERT|UPDATE|DELETE|TRUNCATE|ALTER|DROP)/.test(expected.opening));
      case 'view':
        return tableCandidates(scope, qualifier, true).filter(({ kind }) => kind !== 'table');
      case 'index':
        return indexCandidates(scope, qualifier);
      case 'column':
        return this.columns();
      case 'field':
        return this.fields();
      case 'type':
        return [...typeCandidates(scope, qualifier), ...nativeTypes(qualifier)];
      case 'function':
        return this.functions();
      case 'aggregate':
        return userFunctionCandidates(scope, qualifier);
      case 'trigger':
        return Array.from(this.table?.triggers.keys() ?? [], (name) => ({ kind: 'value', label: name, insert: name }));
      case 'role':
        return Array.from(scope.schema.roles.keys(), (name) => ({ kind: 'role', label: name, insert: name }));
      case 'option':
        return optionCandidates(expected.opening);
      case 'new-name':
        return [placeholder('name')];
      case 'value':
        return this.values();
      case 'string':
        return expected.categories.includes('type') ? NOTHING : [placeholder("'string'")];
      case 'integer':
        return [placeholder('integer')];
      default:
        return NOTHING;
    }
  }

  /** The fields of the UDT whose literal is being written; empty where none is. */
  literalFields(): readonly Candidate[] {
    const { fieldsOf } = this.place;
    return fieldsOf === null ? NOTHING : fieldCandidates(this.table?.columns.get(fieldsOf)?.type, ': ');
  }

  /** Whether a keyword would only lengthen a list of columns. */
  hides(keyword: string): boolean {
    return this.expected.prefix === '' && this.table !== undefined && EXPRESSION_KEYWORDS.has(keyword);
  }

  private columns(): readonly Candidate[] {
    const { place, table } = this;
    if (place.clause === 'primary-key' || this.expected.opening === 'CREATE TABLE') {
      const given = new Set(place.given);
      const defined = place.defined.filter((name) => !given.has(name));
      return defined.map((name) => ({ kind: 'column', label: name, insert: name }));
    }
    if (table === undefined) {
      const { prefix } = this.expected;
      const isOpen = place.clause === 'select' && this.expected.table === undefined && prefix !== '';
      return isOpen ? anyColumnCandidates(this.scope, prefix) : NOTHING;
    }
    if (!this.isValuePlace) {
      const columns = columnCandidates(table, place);
      return place.clause === 'select'
        ? [{ kind: 'symbol', label: '*', insert: '* ', detail: 'all columns' }, ...columns]
        : columns;
    }
    // SET c = c + …: only for what can be added to.
    const addable = this.target !== undefined && place.clause === 'set' && isAddable(this.target.type);
    return addable && this.target !== undefined ? [columnCandidate(this.target)] : NOTHING;
  }

  private fields(): readonly Candidate[] {
    const { qualifier } = this.expected;
    const column = qualifier === undefined ? undefined : this.table?.columns.get(qualifier);
    return fieldCandidates(column?.type, '');
  }

  private functions(): readonly Candidate[] {
    const { place, scope, expected } = this;
    if (expected.qualifier !== undefined) return userFunctionCandidates(scope, expected.qualifier);
    let natives = NATIVE_FUNCTIONS;
    if (this.isValuePlace) {
      const wanted = this.valueType();
      const type = wanted === undefined ? null : cqlTypeName(wanted);
      natives = natives.filter(
        ({ isSource, returns }) => isSource && (type === null || returns === null || returns === type),
      );
    } else if (place.clause !== 'select') natives = natives.filter(({ isAggregate }) => !isAggregate);
    // Without a letter typed the list is of columns; functions come when they are looked for.
    const isAskedFor = this.isValuePlace || expected.prefix !== '' || this.table === undefined;
    return isAskedFor ? [...userFunctionCandidates(scope, undefined), ...natives.map(functionCandidate)] : NOTHING;
  }

  private values(): readonly Candidate[] {
    if (!this.isValuePlace) return NOTHING;
    const type = this.valueType();
    if (type === undefined) return [placeholder('value')];
    if (type.kind === 'native' && type.name === 'boolean') {
      return ['true', 'false'].map((text) => ({ kind: 'value', label: text, insert: text, detail: 'boolean' }));
    }
    return [placeholder(cqlTypeName(type))];
  }

  /** The type of the value that is wanted at the cursor. */
  private valueType(): CqlType | undefined {
    const type = this.target?.type;
    if (type === undefined || !this.place.isElement) return type;
    if (type.kind === 'list' || type.kind === 'set') return type.element;
    return type.kind === 'map' ? type.value : type;
  }
}

function placeholder(what: string): Candidate {
  return { kind: 'placeholder', label: `<${what}>`, insert: null, detail: '' };
}

function functionCandidate({ name, signature }: NativeFunction): Candidate {
  return {
    kind: 'function',
    label: name,
    insert: signature.startsWith('()') ? `${name}()` : `${name}(`,
    detail: signature,
  };
}

function nativeTypes(qualifier: string | undefined): readonly Candidate[] {
  if (qualifier !== undefined) return NOTHING;
  return NATIVE_TYPES.map((name) => ({ kind: 'type', label: name, insert: name, detail: '' }));
}

function isAddable(type: CqlType): boolean {
  return (
    type.kind === 'list' ||
    type.kind === 'set' ||
    type.kind === 'map' ||
    (type.kind === 'native' && type.name === 'counter')
  );
}

/** The command of the shell that the text ends in, or null where it ends in CQL. DESCRIBE is completed by the grammar. */
function openCommand(before: string): string | null {
  const start = Math.max(before.lastIndexOf('\n'), before.lastIndexOf(';')) + 1;
  const line = before.slice(start);
  if (!/^\s*\.|^\s*\\/.test(line) && (!isCommandLine(line) || /^\s*desc(ribe)?\b/i.test(line))) return null;
  return isCompleteInput(before.slice(0, start)) ? line : null;
}

function findOrNull(line: string): ReturnType<typeof findCommand> {
  try {
    return findCommand(line);
  } catch {
    // An ambiguous abbreviation.
    return null;
  }
}

/** Candidates that begin with what was typed, whatever the case; failing that, those that contain it. */
function matching(prefix: string, cursor: number, candidates: readonly Candidate[]): Completion {
  const isQuoted = prefix.startsWith('"');
  const wanted = prefix.slice(isQuoted ? 1 : 0).toLowerCase();
  const from = cursor - prefix.length;
  if (isQuoted) {
    const names = candidates.filter(
      ({ label, kind }) => NAME_KINDS.has(kind) && label.toLowerCase().startsWith(wanted),
    );
    return { from, to: cursor, candidates: names.map(inQuotes) };
  }
  const starting = candidates.filter(({ label, kind }) =>
    kind === 'placeholder'
      ? wanted === ''
      : label
          .toLowerCase()
          .replace(/^[('"]/, '')
          .startsWith(wanted.replace(/^'/, '')) || label.toLowerCase().startsWith(wanted),
  );
  // A file's label is only its last part.
  if (candidates.some(({ kind }) => kind === 'file')) return { from, to: cursor, candidates };
  if (starting.length > 0 || wanted.length < 2) return { from, to: cursor, candidates: starting };
  const named = candidates.filter(({ label, kind }) => NAME_KINDS.has(kind) && label.toLowerCase().includes(wanted));
  return { from, to: cursor, candidates: named };
}

const NAME_KINDS: ReadonlySet<Candidate['kind']> = new Set([
  'keyspace',
  'table',
  'view',
  'column',
  'field',
  'type',
  'index',
]);

function inQuotes(candidate: Candidate): Candidate {
  const { insert } = candidate;
  return insert === null || insert.startsWith('"') ? candidate : { ...candidate, insert: `"${candidate.label}"` };
}

/** A single keyword goes on through every word that must follow it: ORDER as ORDER BY. */
function goOn(completion: Completion, text: string, cursor: number): Completion {
  const [only] = completion.candidates;
  if (completion.candidates.length !== 1 || only.kind !== 'keyword' || only.insert === null) return completion;
  const words = forcedWords(text.slice(0, cursor), cursor, only.label.toUpperCase());
  const cased = only.label === only.label.toLowerCase() ? words.toLowerCase() : words;
  return { ...completion, candidates: [{ ...only, insert: `${cased} ` }] };
}

/** Keywords follow the hand: small when the word typed, or else the statement's first, is small. */
function prefersLowerCase(prefix: string, before: string): boolean {
  const sample = prefix !== '' ? prefix : (/(?:^|;)\s*([A-Za-z]+)[^;]*$/.exec(before)?.[1] ?? '');
  return sample !== '' && sample === sample.toLowerCase();
}

function unique(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ label, kind }) => {
    const key = `${kind === 'keyword' || kind === 'command' ? '' : kind} ${label.toUpperCase()}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
