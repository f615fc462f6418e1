import { CqlError } from '../../errors/index.ts';
import type { JsonValue } from '../../types/index.ts';

const MAX_TIMESTAMP = 2n ** 63n - 1n;

/** Reads fields of one JSON object, with errors that name the place. */
export class JsonFields {
  private readonly fields: ReadonlyMap<string, JsonValue>;
  readonly place: string;

  constructor(value: JsonValue | undefined, place: string) {
    if (!(value instanceof Map)) throw malformed(place, 'an object is expected');
    this.fields = value;
    this.place = place;
  }

  get(name: string): JsonValue | undefined {
    return this.fields.get(name);
  }

  has(name: string): boolean {
    const value = this.fields.get(name);
    return value !== undefined && value !== null;
  }

  text(name: string): string {
    const value = this.fields.get(name);
    if (typeof value !== 'string') throw malformed(`${this.place}.${name}`, 'a text is expected');
    return value;
  }

  integer(name: string): bigint {
    return integerOf(this.fields.get(name), `${this.place}.${name}`);
  }

  /** Microseconds; the least int64 stands for none. */
  timestamp(name: string): bigint {
    const micros = this.integer(name);
    if (micros > MAX_TIMESTAMP || micros < -MAX_TIMESTAMP) {
      throw malformed(`${this.place}.${name}`, `a number between -${MAX_TIMESTAMP} and ${MAX_TIMESTAMP} is expected`);
    }
    return micros;
  }

  list(name: string): readonly JsonValue[] {
    return listOf(this.fields.get(name) ?? [], `${this.place}.${name}`);
  }

  object(name: string): JsonFields {
    return new JsonFields(this.fields.get(name), `${this.place}.${name}`);
  }

  refuseOthers(known: readonly string[]): void {
    for (const name of this.fields.keys()) {
      if (!known.includes(name)) throw malformed(this.place, `unknown field "${name}" (known: ${known.join(', ')})`);
    }
  }
}

/** The one key of an enum value, and what it holds; a text is a key without anything. */
export function variantOf(
  value: JsonValue,
  place: string,
): { readonly name: string; readonly body: JsonValue | undefined } {
  if (typeof value === 'string') return { name: value, body: undefined };
  if (value instanceof Map && value.size === 1) {
    const [[name, body]] = value;
    return { name, body };
  }
  throw malformed(place, 'a text or an object of one key is expected');
}

/** `[[name, value], …]` of a key. */
export function keyColumns(fields: JsonFields): readonly { readonly name: string; readonly value: JsonValue }[] {
  return fields.list('columns').map((pair, i) => {
    const place = `${fields.place}.columns[${i}]`;
    const [name, value] = listOf(pair, place);
    if (typeof name !== 'string' || value === undefined) throw malformed(place, '[name, value] is expected');
    return { name, value };
  });
}

export function malformed(place: string, what: string): CqlError {
  return CqlError.invalidRequest(`${place}: ${what}`);
}

export function listOf(value: JsonValue | undefined, place: string): readonly JsonValue[] {
  if (!Array.isArray(value)) throw malformed(place, 'a list is expected');
  return value;
}

export function integerOf(value: JsonValue | undefined, place: string): bigint {
  if (!isNumber(value) || !/^-?\d+$/.test(value.text)) throw malformed(place, 'a whole number is expected');
  return BigInt(value.text);
}

export function isNumber(value: JsonValue | undefined): value is Extract<JsonValue, { kind: 'number' }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'number';
}
