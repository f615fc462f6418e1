import type { NativeType, NativeTypeName } from '../../types/index.ts';
import { codecOf } from '../../types/index.ts';

/** The shared object of a native type: the same one at every call. */
export function nativeType(name: NativeTypeName): NativeType {
  // The codec of a native type has that type, which the compiler cannot know.
  return codecOf({ kind: 'native', name }).type as NativeType;
}
