import { describe, expect, it } from 'vitest';
import { parseDescriptor } from '../../../../src/storage/sstable/descriptor.ts';
import { nextSequenceId, timeBasedId } from '../../../../src/storage/sstable/write/sstable-id.ts';

describe('identifiers of SSTables', () => {
  it('count on from the greatest, whatever the format', () => {
    expect(nextSequenceId([])).toBe('1');
    expect(
      nextSequenceId(['nb-9-big-Data.db', 'oa-12-big-TOC.txt', 'da-3h5p_02zk_06ux629evwsttol6qk-bti-Data.db']),
    ).toBe('13');
  });

  it('made of a time have the text that Cassandra gives them', () => {
    // The corpus: da-3h5p_02zk_06ux629evwsttol6qk; its time and low bits, decoded.
    const units = (BigInt(Number.parseInt('3h5p', 36)) * 86400n + BigInt(Number.parseInt('02zk', 36))) * 10_000_000n;
    const micros = (units + BigInt(Number.parseInt('06ux6', 36)) - 122_192_928_000_000_000n) / 10n;
    const low = [...'29evwsttol6qk'].reduce((value, digit) => value * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
    const text = timeBasedId(micros, low);
    // Ten units are lost: the time is kept in microseconds.
    expect(text.slice(0, 9)).toBe('3h5p_02zk');
    expect(text.slice(15)).toBe('29evwsttol6qk');
  });

  it('sort by their time and are names that are understood', () => {
    const ids = [0n, 1n, 999_999n, 1_000_000n, 1_795_222_854_000_000n].map((micros) => timeBasedId(micros, 42n));
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids) expect(parseDescriptor(`/x/da-${id}-bti-Data.db`)?.descriptor.id).toBe(id);
  });
});
