/**
 * CQL's types: what they are, their bytes, their order, their texts. Depends on `bytes` and `errors` only.
 */
export type { CqlValue, JsonNumber, JsonValue, TypeCodec } from './codec.ts';
export { codecOf } from './codec-of.ts';
export {
  collectionRanges,
  compareValues,
  componentRanges,
  endOfValue,
  NULL_END,
  packCollection,
  packValues,
  sortedUnique,
  type ValueRanges,
} from './collection-bytes.ts';
export { CONSTANT_TYPES } from './constant-types.ts';
export { type CqlType, NATIVE_TYPE_NAMES, type NativeType, type NativeTypeName, type UserType } from './cql-type.ts';
export { cqlTypeName } from './cql-type-name.ts';
export { formatCqlsh } from './cqlsh-format.ts';
export { compositeBytes } from './custom.ts';
export { type EqualityForm, equalityFormOf } from './equality-form.ts';
export { freezeType } from './freeze.ts';
export { jsonColumnName, quoteIdentifier } from './identifier.ts';
export { doubleToString, floatToString } from './java-numbers.ts';
export { escapeJson, isJsonNumber, PlainJsonError, parseJson, quoteJson } from './json.ts';
export { parseMarshalType, toMarshalName } from './marshal-name.ts';
export { isNumeric, NUMERIC_TYPES, type NumericTypeName } from './numeric-types.ts';
export { isNativeTypeName, parseCqlTypeName } from './parse-cql-type-name.ts';
export {
  plainBigintReader,
  plainDoubleReader,
  plainIntReader,
  plainTimestampReader,
  plainUuidReader,
} from './plain-text.ts';
export { roughNumber } from './rough-number.ts';
export { timeUuid, timeUuidMillis, uuidUnitsOfMicros, uuidUnitsOfMillis } from './time-uuid.ts';
export { withCqlNames } from './tuple.ts';
export { Decimal } from './values/decimal.ts';
export { Duration } from './values/duration.ts';
export { LocalDate } from './values/local-date.ts';
export { LocalTime } from './values/local-time.ts';
export { NullInVectorError } from './vector.ts';
