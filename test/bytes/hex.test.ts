import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/bytes/index.ts';

describe('hex', () => {
  const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31 + (i >>> 8)) & 0xff);

  it.each([0, 1, 32_767, 32_768, 32_769, 65_536, 199_990])('of %i bytes reads back', (length) => {
    const text = toHex(bytes, 7, 7 + length);
    expect(text).toBe(Buffer.from(bytes.slice(7, 7 + length)).toString('hex'));
    expect(fromHex(text)).toEqual(Buffer.from(bytes.slice(7, 7 + length)));
  });

  it.each(['0', 'abc', 'zz', '0x00'])('%s is none', (text) => expect(fromHex(text)).toBeNull());
});
