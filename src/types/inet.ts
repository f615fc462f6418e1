import { EMPTY_BYTES, toHex, uint16At } from '../bytes/index.ts';
import { CorruptionError, CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue } from './codec.ts';
import { unexpectedJson } from './json.ts';
import { ScalarCodec } from './scalar-codec.ts';
import { quoteLiteral } from './text.ts';

/** inet: the 4 or 16 bytes of an address. IPv6 prints in full (`0:0:0:0:0:0:0:1`), as Java's getHostAddress does. */
class InetCodec extends ScalarCodec {
  constructor() {
    super('inet', -1, true);
  }

  validate(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length === 0 || length === 4 || length === 16) return;
    throw new CorruptionError(`Expected 4 or 16 byte inetaddress; got ${toHex(bytes, start, end)}`);
  }

  decode(bytes: Uint8Array, start: number, end: number): string | null {
    if (start === end) return null;
    this.validate(bytes, start, end);
    return end - start === 4 ? ipv4Text(bytes, start) : ipv6Text(bytes, start);
  }

  encode(value: CqlValue): Uint8Array {
    // Other libraries' InetAddress objects print as their text.
    const text = typeof value === 'object' && value !== null ? String(value) : value;
    const bytes = typeof text === 'string' ? parseInet(text) : null;
    if (bytes === null) this.reject('the text of an IPv4 or IPv6 address', value);
    return bytes;
  }

  fromString(text: string): Uint8Array {
    if (text === '') return EMPTY_BYTES;
    const bytes = parseInet(text);
    if (bytes === null) throw CqlError.invalidRequest(`Unable to make inet address from '${text}'`);
    return bytes;
  }

  fromJson(value: JsonValue): Uint8Array {
    if (typeof value !== 'string') throw unexpectedJson('a string representation of an inet value', value);
    return this.fromString(value);
  }

  override toJson(bytes: Uint8Array, start: number, end: number): string {
    return `"${this.text(bytes, start, end)}"`;
  }

  override toLiteral(bytes: Uint8Array, start: number, end: number): string {
    if (start === end || (end - start === 16 && isMappedIpv4(bytes, start))) {
      return this.bytesLiteral(bytes, start, end);
    }
    return quoteLiteral(this.text(bytes, start, end));
  }

  protected text(bytes: Uint8Array, start: number, end: number): string {
    return this.decode(bytes, start, end) ?? '';
  }
}

/** ::ffff:a.b.c.d, which Java turns into the IPv4 address. */
function isMappedIpv4(bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < 10; i++) if (bytes[start + i] !== 0) return false;
  return bytes[start + 10] === 0xff && bytes[start + 11] === 0xff;
}

function ipv4Text(bytes: Uint8Array, start: number): string {
  return `${bytes[start]}.${bytes[start + 1]}.${bytes[start + 2]}.${bytes[start + 3]}`;
}

function ipv6Text(bytes: Uint8Array, start: number): string {
  if (isMappedIpv4(bytes, start)) return ipv4Text(bytes, start + 12);
  let text = uint16At(bytes, start).toString(16);
  for (let i = 2; i < 16; i += 2) text += `:${uint16At(bytes, start + i).toString(16)}`;
  return text;
}

/**
 * Bytes of an address as `InetAddress.getByName` reads it; null for all else. Names are not looked up, except that
 * `localhost` is 127.0.0.1.
 */
function parseInet(text: string): Uint8Array | null {
  if (text === 'localhost') return Buffer.from([127, 0, 0, 1]);
  const source = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (!source.includes(':')) return source === text ? parseIpv4(source) : null;
  const bytes = parseIpv6(source);
  return bytes !== null && isMappedIpv4(bytes, 0) ? bytes.subarray(12) : bytes;
}

/** One to four parts, of which the last fills all bytes that are left: `127.1` is 127.0.0.1. */
function parseIpv4(text: string): Uint8Array | null {
  if (!/^\d{1,10}(?:\.\d{1,10}){0,3}$/.test(text)) return null;
  const parts = text.split('.').map(Number);
  const last = parts.pop() ?? 0;
  if (parts.some((part) => part > 255) || last >= 256 ** (4 - parts.length)) return null;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(last);
  parts.forEach((part, i) => {
    bytes[i] = part;
  });
  return bytes;
}

function parseIpv6(text: string): Uint8Array | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = groupBytes(halves[0]);
  const tail = halves.length === 2 ? groupBytes(halves[1]) : [];
  if (head === null || tail === null) return null;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 2 ? missing < 2 : missing !== 0) return null;
  return Buffer.from([...head, ...new Array<number>(missing).fill(0), ...tail]);
}

function groupBytes(text: string): number[] | null {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [i, group] of groups.entries()) {
    if (i === groups.length - 1 && /^\d{1,3}(?:\.\d{1,3}){3}$/.test(group)) {
      const address = parseIpv4(group);
      if (address === null) return null;
      bytes.push(...address);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return null;
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    }
  }
  return bytes;
}

export const inetCodec = new InetCodec();
