import { createHash, getHashes } from 'node:crypto';
import { int32At, utf8At } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import type { FunctionFactory, ScalarFunction } from '../../planner/index.ts';
import { type CqlType, codecOf, Decimal } from '../../types/index.ts';
import { asType, scalar } from './define-function.ts';
import { millisToDate } from './duration-arithmetic.ts';
import { anyType, factory, fixedType, optional, sameAs } from './parameters.ts';
import { minTimeUuid } from './time-uuid.ts';

/** The mask_* functions (`cql3/functions/masking`, 5.0.8). */
export function maskingFactories(): FunctionFactory[] {
  const text = { ...fixedType('text', 'ascii'), text: '[text|varchar|ascii]' };
  const int = fixedType('int');
  const padding = optional(fixedType('text'));
  return [
    factory('mask_default', [anyType(false)], ([type], name) => constantMask(name, type, maskedValue(type))),
    factory('mask_null', [anyType(false)], ([type], name) => constantMask(name, type, null)),
    factory('mask_replace', [anyType(true), sameAs(0, true, anyType(true))], ([type, replacement], name) =>
      scalar({
        name,
        argumentTypes: [type, replacement],
        returnType: replacement,
        evaluate: ([, value]) => value,
      }),
    ),
    factory('mask_inner', [text, int, int, padding], (types, name) => partialMask(name, types, true)),
    factory('mask_outer', [text, int, int, padding], (types, name) => partialMask(name, types, false)),
    factory('mask_hash', [anyType(false), padding], (types, name) =>
      scalar({
        name,
        argumentTypes: types,
        returnType: 'blob',
        evaluate: ([value, algorithm]) => (value === null ? null : hashed(value, algorithm ?? null)),
      }),
    ),
  ];
}

function constantMask(name: string, type: CqlType, value: Uint8Array | null): ScalarFunction {
  return scalar({ name, argumentTypes: [type], returnType: type, evaluate: () => value });
}

/** `AbstractType.getMaskedValue`: a fixed value for each type. */
function maskedValue(type: CqlType): Uint8Array {
  const zeros = (length: number): Uint8Array => new Uint8Array(length);
  switch (type.kind) {
    case 'native':
      switch (type.name) {
        case 'ascii':
        case 'text':
          return Buffer.from('****');
        case 'decimal':
          return codecOf(type).encode(new Decimal(0n, 0));
        case 'date':
          return millisToDate(0n);
        case 'timeuuid':
          return minTimeUuid(0n);
        case 'duration':
          return zeros(3);
        case 'inet':
          return zeros(4);
        case 'varint':
        case 'tinyint':
        case 'boolean':
          return zeros(1);
        case 'smallint':
          return zeros(2);
        case 'int':
        case 'float':
          return zeros(4);
        case 'uuid':
          return zeros(16);
        case 'blob':
        case 'empty':
          return zeros(0);
        default:
          return zeros(8);
      }
    case 'list':
    case 'set':
    case 'map':
      return zeros(4);
    case 'tuple':
      return sized(type.elements.map(maskedValue));
    case 'udt':
      return sized(type.fields.map((field) => maskedValue(field.type)));
    case 'vector':
      return Buffer.concat(Array.from({ length: type.dimensions }, () => maskedValue(type.element)));
    case 'custom':
      return zeros(0);
  }
}

function sized(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeInt32BE(part.length);
      return [length, part];
    }),
  );
}

/** UTF-16 units from `begin` to `end` before the last are masked, or all others: of a pair cut in two a `?` is left. */
function partialMask(name: string, types: readonly CqlType[], inner: boolean): ScalarFunction {
  return scalar({
    name,
    argumentTypes: types,
    returnType: types[0],
    evaluate: ([value, begin, end, padding]) => {
      if (value === null) return null;
      const text = utf8At(value, 0, value.length);
      const first = begin === null || begin.length === 0 ? 0 : int32At(begin, 0);
      const last = text.length - 1 - (end === null || end.length === 0 ? 0 : int32At(end, 0));
      const mask = paddingOf(name, padding ?? null);
      let masked = '';
      for (let i = 0; i < text.length; i++) {
        const isInner = i >= first && i <= last;
        masked += isInner === inner ? mask : text[i];
      }
      return codecOf(asType('text')).encode(masked);
    },
  });
}

function paddingOf(name: string, bytes: Uint8Array | null): string {
  if (bytes === null) return '*';
  const text = utf8At(bytes, 0, bytes.length);
  if (text.length === 1) return text;
  throw CqlError.invalidRequest(
    `The padding argument for function system.${name} should be single-character, but '${text}' has ${text.length} characters.`,
  );
}

function hashed(value: Uint8Array, algorithm: Uint8Array | null): Uint8Array {
  const name = algorithm === null ? 'SHA-256' : utf8At(algorithm, 0, algorithm.length);
  const known = getHashes().find((hash) => hash.toLowerCase() === name.replace(/^SHA-/i, 'sha').toLowerCase());
  if (known === undefined) throw CqlError.invalidRequest(`Hash algorithm not found: ${name}`);
  return createHash(known).update(value).digest();
}
