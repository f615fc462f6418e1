const PREFIXES = 'qryzafpnum KMGTPEZYRQ';
const BASE = PREFIXES.indexOf(' ');

/**
 * Bytes of a size like `100MiB` or `1.5GB` (`FBUtilities.parseHumanReadable` with unit B); a text that says what is wrong
 * with it when it is none.
 */
export function parseHumanReadableBytes(text: string): number | string {
  if (!text.endsWith('B')) return `${text} does not end in unit B`;
  const body = text.slice(0, -1);
  const number = /^(?:NaN|[+-]?Infinity|[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/.exec(body)?.[0];
  if (number === undefined) return 'null';
  let value = Number(number);
  let position = number.length;
  const power = /^\*2\^([+-]?\d+)/.exec(body.slice(position));
  if (power !== null) {
    value *= 2 ** Number(power[1]);
    position += power[0].length;
  }
  while (position < body.length && /\s/.test(body[position])) position++;
  const prefix = position < body.length ? PREFIXES.indexOf(body[position]) : -1;
  if (prefix >= 0) {
    position++;
    if (body[position] === 'i') {
      position++;
      value *= 1024 ** (prefix - BASE);
    } else {
      value *= 1000 ** (prefix - BASE);
    }
  }
  if (position === body.length) return value;
  return `Unexpected characters between pos ${position} and ${body.length} in ${text}`;
}

/** `FBUtilities.prettyPrintMemory`: `1.000MiB` */
export function prettyPrintMemory(bytes: number): string {
  const index = bytes === 0 ? 0 : Math.floor(Math.log2(Math.abs(bytes)) / 10);
  return index === 0 ? `${bytes}B` : `${(bytes / 1024 ** index).toFixed(3)}${PREFIXES[BASE + index]}iB`;
}
