import { readFileSync } from 'node:fs';
import { CqlError } from '../../src/errors/index.ts';
import { codecOf, parseMarshalType, type TypeCodec } from '../../src/types/index.ts';

/** Lines of a file of test-data/types, cut at tabs. `Golden.java` there wrote them with Cassandra's own classes. */
export function goldenLines(name: string): string[][] {
  const text = readFileSync(new URL(`../../test-data/types/${name}`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
}

export function goldenCodec(marshalName: string): TypeCodec {
  return codecOf(parseMarshalType(marshalName).type);
}

/** Hex of what `encode` gives, or `! ` and the message of its CqlError. */
export function hexOrMessage(encode: () => Uint8Array): string {
  try {
    return Buffer.from(encode()).toString('hex');
  } catch (error) {
    if (!(error instanceof CqlError)) throw error;
    return `! ${error.message}`;
  }
}
