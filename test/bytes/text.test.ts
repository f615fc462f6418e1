import fc from 'fast-check';
import { expect, it } from 'vitest';
import { utf8At } from '../../src/bytes/index.ts';

it('reads text as Buffer does, whatever the bytes and their range', () => {
  const pieces = fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 6 }), fc.nat(20), fc.nat(20), (parts, before, after) => {
      const all = Buffer.concat(parts);
      const bytes = new Uint8Array(all);
      const start = Math.min(before, bytes.length);
      const end = Math.max(start, bytes.length - after);
      expect(utf8At(bytes, start, end)).toBe(all.toString('utf8', start, end));
      expect(utf8At(all, start, end)).toBe(all.toString('utf8', start, end));
    }),
  );
  const marked = Buffer.from('\ufeffx');
  expect(utf8At(new Uint8Array(marked), 0, marked.length)).toBe('\ufeffx');
});
