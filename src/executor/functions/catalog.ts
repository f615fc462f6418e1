import type { FunctionCatalog, FunctionFactory, NativeFunction } from '../../planner/index.ts';
import { NUMERIC_TYPES } from '../../types/index.ts';
import { arithmeticFunctions } from './arithmetic.ts';
import { averageFunction } from './average.ts';
import { blobConversions } from './blob-conversion.ts';
import { castFunctions } from './casts.ts';
import { collectionFactories } from './collections.ts';
import { countFunction, countRowsFunctions } from './count.ts';
import { extremeFactories } from './extremes.ts';
import { jsonFactories } from './json.ts';
import { maskingFactories } from './masking.ts';
import { mathFunctions } from './math.ts';
import { sumFunction } from './sum.ts';
import { timeFunctions } from './time.ts';
import { tokenFactory } from './token.ts';
import { uuidFunction } from './uuid.ts';
import { vectorFactories } from './vectors.ts';

/** Functions by name. Made on first use: starting up costs nothing. */
export class NativeCatalog implements FunctionCatalog {
  private byName: ReadonlyMap<string, readonly NativeFunction[]> | null = null;
  private factoriesByName: ReadonlyMap<string, readonly FunctionFactory[]> | null = null;
  private readonly extensions: CatalogExtensions | null;

  constructor(extensions: CatalogExtensions | null = null) {
    this.extensions = extensions;
  }

  functions(name: string): readonly NativeFunction[] {
    this.byName ??= grouped([...nativeFunctions(), ...(this.extensions?.functions() ?? [])]);
    return this.byName.get(name) ?? [];
  }

  factories(name: string): readonly FunctionFactory[] {
    this.factoriesByName ??= grouped([
      ...nativeFactories(this.extensions === null),
      ...(this.extensions?.factories() ?? []),
    ]);
    return this.factoriesByName.get(name) ?? [];
  }

  isExploreOnly(name: string): boolean {
    const { extensions } = this;
    if (extensions === null || nativeNames().has(name)) return false;
    return [...extensions.functions(), ...extensions.factories()].some((one) => one.name === name);
  }

  names(): Iterable<string> {
    this.functions('');
    this.factories('');
    return [...(this.byName?.keys() ?? []), ...(this.factoriesByName?.keys() ?? [])].filter(
      (name) => !name.startsWith('_'),
    );
  }
}

/** What a dialect adds to Cassandra's functions. */
export interface CatalogExtensions {
  functions(): readonly NativeFunction[];
  factories(): readonly FunctionFactory[];
}

/** Cassandra 5.0.8's functions, and no others. */
export const nativeCatalog: FunctionCatalog = new NativeCatalog();

function nativeFunctions(): NativeFunction[] {
  const numeric = NUMERIC_TYPES;
  return [
    ...countRowsFunctions(),
    countFunction(),
    ...numeric.map(sumFunction),
    ...numeric.map(averageFunction),
    ...arithmeticFunctions(),
    ...mathFunctions(),
    ...timeFunctions(),
    uuidFunction,
    ...blobConversions(),
    ...castFunctions(),
  ];
}

function nativeFactories(likeCassandra: boolean): FunctionFactory[] {
  return [
    ...extremeFactories(likeCassandra),
    ...collectionFactories(),
    ...jsonFactories(),
    ...maskingFactories(),
    ...vectorFactories(),
    tokenFactory,
  ];
}

let knownNames: ReadonlySet<string> | null = null;

function nativeNames(): ReadonlySet<string> {
  knownNames ??= new Set([...nativeFunctions(), ...nativeFactories(true)].map(({ name }) => name));
  return knownNames;
}

function grouped<T extends { readonly name: string }>(all: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(one.name);
    if (group === undefined) groups.set(one.name, [one]);
    else group.push(one);
  }
  return groups;
}
