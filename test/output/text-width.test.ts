import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { textWidth } from '../../src/output/text-width.ts';

describe('textWidth', () => {
  it.each([
    'abc',
    'é',
    'e\u0301',
    '日本語',
    '👩‍🚀',
    '🇵🇹',
    '❤️',
    '❤',
    'ｆｕｌｌ',
    'ﾊﾝ',
    'שלום',
    'a\u200bb',
    '１',
    '한국',
    '👍🏽',
  ])('%s as string-width has it', (text) => {
    expect(textWidth(text)).toBe(stringWidth(text));
  });

  it('agrees with string-width on letters of any script', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'aé日本語ñ한국Жשλ１ｆ _|'), maxLength: 20 });
    fc.assert(
      fc.property(letters, (text) => textWidth(text) === stringWidth(text)),
      { numRuns: 1000 },
    );
  });
});
