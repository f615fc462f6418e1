import type { NativeType, NativeTypeName } from '../../types/index.ts';
import { codecOf } from '../../types/index.ts';

/** The one object of a native type. */
export function nativeType(name: NativeTypeName): NativeType {
  // A native codec's type is the native type that it was asked for.
  return codecOf({ kind: 'native', name }).type as NativeType;
}
