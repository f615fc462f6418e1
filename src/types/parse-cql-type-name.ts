import { CqlError } from '../errors/index.ts';
import { type CqlType, NATIVE_TYPE_NAMES, type NativeTypeName, type UserType } from './cql-type.ts';
import { freezeType } from './freeze.ts';
import { parseMarshalType } from './marshal-name.ts';

const NATIVE: ReadonlySet<string> = new Set(NATIVE_TYPE_NAMES);

/** Whether the bare word means a native type, so that a user type of this name must be quoted. */
export function isNativeTypeName(name: string): name is NativeTypeName {
  return NATIVE.has(name);
}

/**
 * Reads what `cqlTypeName` and `system_schema` write. `resolveUdt` finds a UDT of the keyspace at hand by its name (and by
 * its keyspace, should the text have one); null when there is none. Throws CqlError: SyntaxException for other texts,
 * InvalidRequest for UDTs not found.
 *
 * A name stands for a native type unless it is quoted. Tuples and vectors are frozen whether or not the text says so.
 */
export function parseCqlTypeName(
  text: string,
  resolveUdt: (name: string, keyspace: string | null) => UserType | null,
): CqlType {
  return new TypeNameParser(text, resolveUdt).whole();
}

/** Deeper nesting than any schema has: a limit against damage. */
const MAX_DEPTH = 200;

const TOKEN = /\s*(?:([A-Za-z][A-Za-z0-9_]*)|"((?:[^"]|"")+)"|'((?:[^']|'')*)'|(\d+)|([<>,.]))/y;

class TypeNameParser {
  private readonly text: string;
  private readonly resolveUdt: (name: string, keyspace: string | null) => UserType | null;
  private position = 0;

  constructor(text: string, resolveUdt: (name: string, keyspace: string | null) => UserType | null) {
    this.text = text;
    this.resolveUdt = resolveUdt;
  }

  whole(): CqlType {
    const type = this.type(0);
    if (this.text.slice(this.position).trim() !== '') this.fail('the end');
    return type;
  }

  private type(depth: number): CqlType {
    if (depth > MAX_DEPTH) this.fail(`at most ${MAX_DEPTH} levels`);
    const token = this.next();
    if (token === null) return this.fail('a type');
    const [, word, quoted, className] = token;
    if (className !== undefined) return parseMarshalType(className.replaceAll("''", "'")).type;
    if (quoted !== undefined) return this.userType(quoted.replaceAll('""', '"'));
    if (word === undefined) return this.fail('a type');
    const lower = word.toLowerCase();
    if (this.peek('<')) return this.parameterized(lower, depth);
    if (this.peek('.')) return this.userType(lower);
    if (lower === 'varchar') return { kind: 'native', name: 'text' };
    return isNativeTypeName(lower) ? { kind: 'native', name: lower } : this.userType(lower);
  }

  private parameterized(name: string, depth: number): CqlType {
    this.expect('<');
    const type = this.parameters(name, depth + 1);
    this.expect('>');
    return type;
  }

  private parameters(name: string, depth: number): CqlType {
    switch (name) {
      case 'frozen':
        return freezeType(this.type(depth));
      case 'list':
      case 'set':
        return { kind: name, element: this.type(depth), frozen: false };
      case 'map': {
        const key = this.type(depth);
        this.expect(',');
        return { kind: 'map', key, value: this.type(depth), frozen: false };
      }
      case 'tuple': {
        const elements = [freezeType(this.type(depth))];
        while (this.accept(',')) elements.push(freezeType(this.type(depth)));
        return { kind: 'tuple', elements };
      }
      case 'vector': {
        const element = freezeType(this.type(depth));
        this.expect(',');
        const dimensions = this.next()?.[4] ?? this.fail('the number of dimensions');
        return { kind: 'vector', element, dimensions: Number(dimensions) };
      }
      default:
        return this.fail('frozen, list, set, map, tuple or vector');
    }
  }

  private userType(first: string): UserType {
    let keyspace: string | null = null;
    let name = first;
    if (this.accept('.')) {
      const token = this.next();
      keyspace = first;
      name = token?.[1]?.toLowerCase() ?? token?.[2]?.replaceAll('""', '"') ?? this.fail('the name of a type');
    }
    const type = this.resolveUdt(name, keyspace);
    if (type === null) {
      throw CqlError.invalidRequest(`Unknown type ${keyspace === null ? '' : `${keyspace}.`}${name}`);
    }
    return type;
  }

  private next(): RegExpExecArray | null {
    TOKEN.lastIndex = this.position;
    const match = TOKEN.exec(this.text);
    if (match !== null) this.position = TOKEN.lastIndex;
    return match;
  }

  private peek(mark: string): boolean {
    return this.text.slice(this.position).trimStart().startsWith(mark);
  }

  private accept(mark: string): boolean {
    if (!this.peek(mark)) return false;
    this.next();
    return true;
  }

  private expect(mark: string): void {
    if (!this.accept(mark)) this.fail(`'${mark}'`);
  }

  private fail(expected: string): never {
    throw new CqlError('SyntaxException', `type '${this.text}', char ${this.position}: ${expected} expected`);
  }
}
