import { int32At } from '../bytes/index.ts';
import { CorruptionError, CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue, TypeCodec } from './codec.ts';
import {
  type ComponentVisitor,
  compareValues,
  componentRanges,
  endOfValue,
  NULL_END,
  packValues,
  type ValueRanges,
} from './collection-bytes.ts';
import { ContainerCodec, isPlainObject } from './container-codec.ts';
import type { TupleType, UserType } from './cql-type.ts';
import { cqlTypeName } from './cql-type-name.ts';
import { jsonColumnName, quoteIdentifier } from './identifier.ts';
import { isJsonArray, isJsonObject, javaText, parseJson, quoteJson, unexpectedJson } from './json.ts';

/** Tuples and UDTs, which have the same bytes and the same order. */
abstract class ComponentsCodec extends ContainerCodec {
  protected readonly components: readonly TypeCodec[];

  constructor(components: readonly TypeCodec[]) {
    super();
    this.components = components;
  }

  /** Component by component, nulls first; components that are missing at the end are nulls. */
  compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    if (aStart === aEnd) return bStart === bEnd ? 0 : -1;
    if (bStart === bEnd) return 1;
    let aAt = aStart;
    let bAt = bStart;
    for (let i = 0; aAt < aEnd && bAt < bEnd && i < this.components.length; i++) {
      const difference = compareValues(this.components[i], a, aAt, b, bAt);
      if (difference !== 0) return difference;
      aAt = endOfValue(a, aAt);
      bAt = endOfValue(b, bAt);
    }
    return (hasValue(a, aAt, aEnd) ? 1 : 0) - (hasValue(b, bAt, bEnd) ? 1 : 0);
  }

  validate(bytes: Uint8Array, start: number, end: number): void {
    this.ranges(bytes, start, end, (i, from, to) => this.validateComponent(i, bytes, from, to));
  }

  protected validateComponent(i: number, bytes: Uint8Array, start: number, end: number): void {
    this.components[i].validate(bytes, start, end);
  }

  protected abstract ranges(bytes: Uint8Array, start: number, end: number, visit?: ComponentVisitor): ValueRanges;

  protected decodeComponent(i: number, bytes: Uint8Array, ranges: ValueRanges): CqlValue {
    return isNull(ranges, i) ? null : this.components[i].decode(bytes, ranges[2 * i], ranges[2 * i + 1]);
  }

  protected componentJson(i: number, bytes: Uint8Array, ranges: ValueRanges): string {
    return isNull(ranges, i) ? 'null' : this.components[i].toJson(bytes, ranges[2 * i], ranges[2 * i + 1]);
  }

  protected componentLiteral(i: number, bytes: Uint8Array, ranges: ValueRanges): string {
    return isNull(ranges, i) ? 'null' : this.components[i].toLiteral(bytes, ranges[2 * i], ranges[2 * i + 1]);
  }

  /** `a:b:@`: colons between, `@` for null; both are escaped by a backslash inside. */
  override toDisplayString(bytes: Uint8Array, start: number, end: number): string {
    const ranges = this.ranges(bytes, start, end);
    const parts: string[] = [];
    for (let i = 0; i < ranges.length / 2; i++) {
      if (isNull(ranges, i)) {
        parts.push('@');
        continue;
      }
      const text = this.components[i].toDisplayString(bytes, ranges[2 * i], ranges[2 * i + 1]);
      parts.push(text.replaceAll(':', '\\:').replaceAll('@', '\\@'));
    }
    return parts.join(':');
  }

  override fromString(text: string): Uint8Array {
    const parts = text === '' ? [] : text.split(/(?<!\\):/);
    if (parts.length > this.components.length) {
      throw CqlError.invalidRequest(
        `Invalid tuple literal: too many elements. Type ${cqlTypeName(this.type)} ` +
          `expects ${this.components.length} but got ${parts.length}`,
      );
    }
    return packValues(
      parts.map((part, i) => {
        if (part === '@') return null;
        return this.components[i].fromString(part.replaceAll('\\:', ':').replaceAll('\\@', '@'));
      }),
    );
  }
}

function isNull(ranges: ValueRanges, i: number): boolean {
  return 2 * i >= ranges.length || ranges[2 * i + 1] === NULL_END;
}

/** Whether any value from `at` on is not null. */
function hasValue(bytes: Uint8Array, at: number, end: number): boolean {
  for (let position = at; position < end; position = endOfValue(bytes, position)) {
    if (int32At(bytes, position) >= 0) return true;
  }
  return false;
}

class TupleCodec extends ComponentsCodec {
  readonly type: TupleType;

  constructor(type: TupleType, components: readonly TypeCodec[]) {
    super(components);
    this.type = type;
  }

  /** An Array of all components; those missing at the end are null. */
  decode(bytes: Uint8Array, start: number, end: number): CqlValue {
    const ranges = this.ranges(bytes, start, end);
    return this.components.map((_, i) => this.decodeComponent(i, bytes, ranges));
  }

  /** Takes an Array of at most as many components as the type has; the rest become null. */
  encode(value: CqlValue): Uint8Array {
    if (!Array.isArray(value) || value.length > this.components.length) {
      this.reject(`an Array of at most ${this.components.length}`, value);
    }
    return packValues(
      this.components.map((codec, i) => {
        const component: CqlValue = value[i] ?? null;
        return component === null ? null : codec.encode(component);
      }),
    );
  }

  toJson(bytes: Uint8Array, start: number, end: number): string {
    const ranges = this.ranges(bytes, start, end);
    return `[${this.components.map((_, i) => this.componentJson(i, bytes, ranges)).join(', ')}]`;
  }

  toLiteral(bytes: Uint8Array, start: number, end: number): string {
    const ranges = this.ranges(bytes, start, end);
    const parts: string[] = [];
    for (let i = 0; i < ranges.length / 2; i++) parts.push(this.componentLiteral(i, bytes, ranges));
    return `(${parts.join(', ')})`;
  }

  fromJson(value: JsonValue): Uint8Array {
    const parsed = typeof value === 'string' ? parseJson(value) : value;
    if (!isJsonArray(parsed)) throw unexpectedJson('a list representation of a tuple', parsed);
    const expected = this.components.length;
    if (parsed.length !== expected) {
      const problem = parsed.length > expected ? 'contains extra items' : 'is missing items';
      throw CqlError.invalidRequest(`Tuple ${problem} (expected ${expected}): ${javaText(parsed)}`);
    }
    return packValues(parsed.map((item, i) => (item === null ? null : this.components[i].fromJson(item))));
  }

  protected ranges(bytes: Uint8Array, start: number, end: number, visit?: ComponentVisitor): ValueRanges {
    return componentRanges(bytes, start, end, this.components.length, 'tuple', (i) => `${i}th component`, visit);
  }
}

class UserTypeCodec extends ComponentsCodec {
  readonly type: UserType;
  /** Field names as JSON keys, quoted. */
  private readonly jsonKeys: readonly string[];

  constructor(type: UserType, components: readonly TypeCodec[]) {
    super(components);
    this.type = type;
    this.jsonKeys = type.fields.map(({ name }) => quoteJson(jsonColumnName(name)));
  }

  /** A plain object with all fields; those missing at the end are null. */
  decode(bytes: Uint8Array, start: number, end: number): CqlValue {
    const ranges = this.ranges(bytes, start, end);
    return Object.fromEntries(this.type.fields.map(({ name }, i) => [name, this.decodeComponent(i, bytes, ranges)]));
  }

  /** Takes a plain object; fields left out become null, fields the type does not have are rejected. */
  encode(value: CqlValue): Uint8Array {
    if (!isPlainObject(value)) this.reject('a plain object', value);
    const unknown = Object.keys(value).find((key) => !this.type.fields.some(({ name }) => name === key));
    if (unknown !== undefined) this.reject(`no field ${JSON.stringify(unknown)}`, value);
    return packValues(
      this.type.fields.map(({ name }, i) => {
        const field: CqlValue = Object.hasOwn(value, name) ? (value[name] ?? null) : null;
        return field === null ? null : this.components[i].encode(field);
      }),
    );
  }

  toJson(bytes: Uint8Array, start: number, end: number): string {
    const ranges = this.ranges(bytes, start, end);
    const parts = this.jsonKeys.map((key, i) => `${key}: ${this.componentJson(i, bytes, ranges)}`);
    return `{${parts.join(', ')}}`;
  }

  toLiteral(bytes: Uint8Array, start: number, end: number): string {
    const ranges = this.ranges(bytes, start, end);
    const parts: string[] = [];
    for (let i = 0; i < ranges.length / 2; i++) {
      parts.push(`${quoteIdentifier(this.type.fields[i].name)}: ${this.componentLiteral(i, bytes, ranges)}`);
    }
    return `{${parts.join(', ')}}`;
  }

  fromJson(value: JsonValue): Uint8Array {
    const parsed = typeof value === 'string' ? parseJson(value) : value;
    if (!isJsonObject(parsed)) throw unexpectedJson('a map', parsed);
    const byName = withCqlNames(parsed);
    const unknown = [...byName.keys()].find((key) => !this.type.fields.some(({ name }) => name === key));
    if (unknown !== undefined) {
      throw CqlError.invalidRequest(`Unknown field '${unknown}' in value of user defined type ${this.type.name}`);
    }
    return packValues(
      this.type.fields.map(({ name }, i) => {
        const field = byName.get(name) ?? null;
        return field === null ? null : this.components[i].fromJson(field);
      }),
    );
  }

  protected ranges(bytes: Uint8Array, start: number, end: number, visit?: ComponentVisitor): ValueRanges {
    const describe = (i: number): string => `${i}th field ${this.type.fields[i].name}`;
    return componentRanges(bytes, start, end, this.components.length, 'UDT', describe, visit);
  }

  protected override validateComponent(i: number, bytes: Uint8Array, start: number, end: number): void {
    try {
      this.components[i].validate(bytes, start, end);
    } catch (error) {
      if (!(error instanceof CorruptionError)) throw error;
      const field = `${i}th field ${this.type.fields[i].name}`;
      throw new CorruptionError(`Failure validating the ${field}; ${error.detail}`, error.place, error);
    }
  }
}

/** Names in JSON follow CQL: in double quotes as they stand, else in lower case (`JsonUtils.handleCaseSensitivity`). */
export function withCqlNames(object: ReadonlyMap<string, JsonValue>): Map<string, JsonValue> {
  const named = new Map<string, JsonValue>();
  for (const [key, value] of object) {
    const quoted = key.length > 1 && key.startsWith('"') && key.endsWith('"');
    named.set(quoted ? key.slice(1, -1) : key.toLowerCase(), value);
  }
  return named;
}

export function tupleCodec(type: TupleType, components: readonly TypeCodec[]): TypeCodec {
  return new TupleCodec(type, components);
}

export function userTypeCodec(type: UserType, components: readonly TypeCodec[]): TypeCodec {
  return new UserTypeCodec(type, components);
}
