import { randomBytes } from 'node:crypto';
import type { ScalarFunction } from '../../planner/index.ts';
import { scalar } from './define-function.ts';

/** A random (version 4) UUID. */
export const uuidFunction: ScalarFunction = scalar({
  name: 'uuid',
  argumentTypes: [],
  returnType: 'uuid',
  pure: false,
  evaluate: () => {
    const bytes = randomBytes(16);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return bytes;
  },
});
