import type { Expression, MapLiteral, Property } from '../../parser/ast/index.ts';
import { didYouMean } from '../nearest-name.ts';
import { malformed } from './refusal.ts';

type PropertyValue = string | ReadonlyMap<string, string>;

/** The properties of a WITH clause (`cql3/statements/PropertyDefinitions`, 5.0.8). */
export class Properties {
  private readonly values = new Map<string, PropertyValue>();
  private readonly written: readonly Property[];

  /** Throws a SyntaxException when one is given twice. */
  constructor(properties: readonly Property[]) {
    this.written = properties;
    for (const { name, value, position } of properties) {
      if (this.values.has(name.text)) {
        throw malformed(`Multiple definitions for property '${name.text}'`, { position });
      }
      this.values.set(name.text, value.kind === 'map' ? stringMap(value) : value.text);
    }
  }

  get isEmpty(): boolean {
    return this.values.size === 0;
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  raw(name: string): PropertyValue | undefined {
    return this.values.get(name);
  }

  /** Throws a SyntaxException for the first property that is none of `known`. */
  checkKnown(known: readonly string[]): void {
    for (const { name, position } of this.written) {
      if (known.includes(name.text)) continue;
      throw malformed(`Unknown property '${name.text}'`, { position, suggestion: didYouMean(name.text, known) });
    }
  }

  string(name: string): string | undefined {
    const value = this.values.get(name);
    if (value === undefined || typeof value === 'string') return value;
    throw malformed(`Invalid value for property '${name}'. It should be a string`, this.where(name));
  }

  map(name: string): ReadonlyMap<string, string> | undefined {
    const value = this.values.get(name);
    if (value === undefined || typeof value !== 'string') return value;
    throw malformed(`Invalid value for property '${name}'. It should be a map.`, this.where(name));
  }

  boolean(name: string): boolean | undefined {
    const value = this.string(name);
    if (value === undefined) return undefined;
    if (/^(1|true|yes)$/i.test(value)) return true;
    if (/^(0|false|no)$/i.test(value)) return false;
    throw malformed(
      `Invalid boolean value ${value} for '${name}'. Positive values can be '1', 'true' or 'yes'. ` +
        "Negative values can be '0', 'false' or 'no'.",
      this.where(name),
    );
  }

  integer(name: string): number | undefined {
    const value = this.string(name);
    if (value === undefined) return undefined;
    const parsed = parseJavaInt(value);
    if (parsed === undefined) throw malformed(`Invalid integer value ${value} for '${name}'`, this.where(name));
    return parsed;
  }

  double(name: string): number | undefined {
    const value = this.string(name);
    if (value === undefined) return undefined;
    const parsed = parseJavaDouble(value);
    if (parsed === undefined) throw malformed(`Invalid double value ${value} for '${name}'`, this.where(name));
    return parsed;
  }

  private where(name: string): { position: Property['position'] } | undefined {
    const property = this.written.find((each) => each.name.text === name);
    return property === undefined ? undefined : { position: property.position };
  }
}

/** `Integer.parseInt` */
export function parseJavaInt(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = Number(text);
  return value >= -0x80000000 && value <= 0x7fffffff ? value : undefined;
}

/** `Long.parseLong` */
export function parseJavaLong(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return value === BigInt.asIntN(64, value) ? value : undefined;
}

/** `Double.parseDouble` of decimal notation */
export function parseJavaDouble(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[fd]?$/i.test(trimmed)) return Number(trimmed.replace(/[fd]$/i, ''));
  if (/^[+-]?NaN$/.test(trimmed)) return Number.NaN;
  if (/^[+-]?Infinity$/.test(trimmed)) return trimmed.startsWith('-') ? -Infinity : Infinity;
  return undefined;
}

/** Entries of a map of constants as their texts; strings without their quotes. */
function stringMap(map: MapLiteral): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const { key, value } of map.entries) {
    const name = constantText(key, 'name');
    if (entries.has(name)) throw malformed(`Multiple definition for property ${name}`, { position: key.position });
    entries.set(name, constantText(value, 'value'));
  }
  return entries;
}

function constantText(expression: Expression, what: 'name' | 'value'): string {
  if (expression.kind === 'literal') return expression.text;
  const bound = expression.kind === 'bindMarker' ? ' (bind variables are not supported in DDL queries)' : '';
  throw malformed(`Invalid property ${what}: a constant is expected${bound}`, { position: expression.position });
}
