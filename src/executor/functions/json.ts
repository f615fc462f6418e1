import { CorruptionError, CqlError } from '../../errors/index.ts';
import type { FunctionFactory } from '../../planner/index.ts';
import { type CqlType, codecOf, type JsonValue, PlainJsonError, parseJson, type TypeCodec } from '../../types/index.ts';
import { scalar } from './define-function.ts';
import { anyType, factory } from './parameters.ts';

/** to_json, and from_json for a receiver of known type; each under its old name too. */
export function jsonFactories(): FunctionFactory[] {
  const toJson = (name: string): FunctionFactory =>
    factory(name, [anyType(false)], ([type]) => {
      const codec = codecOf(type);
      return scalar({
        name,
        argumentTypes: [type],
        returnType: 'text',
        evaluate: ([bytes]) =>
          Buffer.from(bytes === null || isMeaningless(type, bytes) ? 'null' : codec.toJson(bytes, 0, bytes.length)),
      });
    });
  return [toJson('to_json'), toJson('tojson'), fromJson('from_json'), fromJson('fromjson')];
}

/** Empty values of types that have no use for them count as null. */
function isMeaningless(type: CqlType, bytes: Uint8Array): boolean {
  return bytes.length === 0 && type.kind === 'native' && !['text', 'ascii', 'blob'].includes(type.name);
}

function fromJson(name: string): FunctionFactory {
  return {
    keyspace: 'system',
    name,
    create: (args, receiver) => {
      if (args.length !== 1) {
        throw CqlError.invalidRequest(`Invalid number of arguments for function system.${name}(text)`);
      }
      if (receiver === null)
        throw CqlError.invalidRequest(`${name}() cannot be used in the selection clause of a SELECT statement`);
      const codec = codecOf(receiver);
      return scalar({
        name,
        argumentTypes: ['text'],
        returnType: receiver,
        fromFactory: true,
        evaluate: ([bytes]) => {
          if (bytes === null) return null;
          const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
          const value = parsed(name, text);
          return value === null ? null : read(codec, value);
        },
      });
    },
  };
}

function parsed(name: string, text: string): JsonValue {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof CqlError)) throw error;
    const what = `execution of 'system.${name}[text]' failed: Could not decode JSON string '${text}'`;
    throw new CqlError('FunctionFailure', `${what}: ${error.message}`);
  }
}

function read(codec: TypeCodec, value: JsonValue): Uint8Array {
  try {
    return codec.fromJson(value);
  } catch (error) {
    if (error instanceof PlainJsonError) throw error;
    if (!(error instanceof CqlError) && !(error instanceof CorruptionError)) throw error;
    throw new CqlError('FunctionFailure', `org.apache.cassandra.serializers.MarshalException: ${error.message}`);
  }
}
