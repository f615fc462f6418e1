/**
 * LZ4 blocks decompressed without an object a chunk. The native module gives each chunk as a Buffer of its own: a scan
 * makes thousands, whose memory V8 counts as if it were the heap's, and so begins a full collection every few dozen
 * milliseconds. This is a function of WebAssembly instead, which works in one memory that stays.
 *
 * The block format (lz4_Block_format.md): sequences of
 *
 *   u8    token: upper half the number of literals, lower half the length of the match less 4; 15 goes on in bytes that
 *         are added, up to the first below 255 (literals' behind the token, the match's behind the offset)
 *   n B   literals
 *   u16   little-endian distance back to the match, which may overlap what it makes
 *
 * The last sequence ends behind its literals.
 */
export class Lz4Blocks {
  private readonly memory: Memory = new WebAssembly.Memory({ initial: 1 });
  private readonly decode: Decode;
  private bytes = new Uint8Array(this.memory.buffer);

  constructor() {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()), { m: { m: this.memory } });
    // The one export, whose type the module's text says.
    this.decode = instance.exports['d'] as Decode;
  }

  /**
   * Decompresses `source[start, end)` to `target` from `targetStart` on, at most `maxBytes`; returns their number, or -1
   * for what is no LZ4 block or longer.
   */
  decompress(
    source: Uint8Array,
    start: number,
    end: number,
    target: Uint8Array,
    targetStart: number,
    maxBytes: number,
  ): number {
    const outAt = align(end - start + SLACK_BYTES);
    this.reserve(outAt + maxBytes + SLACK_BYTES);
    const { bytes } = this;
    bytes.set(source.subarray(start, end), 0);
    const length = this.decode(0, end - start, outAt, outAt + maxBytes);
    if (length > 0) target.set(bytes.subarray(outAt, outAt + length), targetStart);
    return length;
  }

  private reserve(length: number): void {
    if (length <= this.bytes.length) return;
    this.memory.grow(Math.ceil((length - this.bytes.length) / PAGE_BYTES));
    this.bytes = new Uint8Array(this.memory.buffer);
  }
}

/** What is used here of a global that Node has and its type declarations do not. */
declare const WebAssembly: {
  readonly Memory: new (descriptor: { initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
};

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Source [src, srcEnd) and room for the target [dst, dstEnd), in the memory. */
type Decode = (src: number, srcEnd: number, dst: number, dstEnd: number) => number;

const PAGE_BYTES = 64 * 1024;
/** Copies go 16 bytes at a time, and so up to 15 past their end. */
const SLACK_BYTES = 16;

function align(length: number): number {
  return (length + SLACK_BYTES) & -SLACK_BYTES;
}

// The instructions used, in the binary format of WebAssembly 2.0. An instruction is the bytes of its operands and its own.
type Code = readonly number[];

const SRC = 0;
const SRC_END = 1;
const DST = 2;
const DST_END = 3;
const START = 4;
const TOKEN = 5;
const LENGTH = 6;
const BYTE = 7;
const FROM = 8;
const END = 9;
const LOCALS = 6;

const get = (local: number): Code => [0x20, local];
const set = (local: number, value: Code): Code => [...value, 0x21, local];
const constant = (value: number): Code => [0x41, ...signed(value)];
const binary =
  (opcode: number) =>
  (a: Code, b: Code): Code => [...a, ...b, opcode];
const add = binary(0x6a);
const subtract = binary(0x6b);
const and = binary(0x71);
const shiftRight = binary(0x76);
const equal = binary(0x46);
const less = binary(0x49);
const greater = binary(0x4b);
const atLeast = binary(0x4f);
const or = binary(0x72);
const isZero = (value: Code): Code => [...value, 0x45];
const load8 = (address: Code): Code => [...address, 0x2d, 0, 0];
const load16 = (address: Code): Code => [...address, 0x2f, 0, 0];
const copy8 = (to: Code, from: Code): Code => [...to, ...load8(from), 0x3a, 0, 0];
const copy64 = (to: Code, from: Code): Code => [...to, ...from, 0x29, 0, 0, 0x37, 0, 0];
const copy128 = (to: Code, from: Code): Code => [...to, ...from, 0xfd, 0, 0, 0, 0xfd, 11, 0, 0];
const doIf = (condition: Code, then: Code, otherwise: Code = []): Code => [
  ...condition,
  0x04,
  0x40,
  ...then,
  ...(otherwise.length === 0 ? [] : [0x05, ...otherwise]),
  0x0b,
];
const loop = (body: Code): Code => [0x03, 0x40, ...body, 0x0b];
/** Goes on with the innermost loop. */
const again = (condition: Code): Code => [...condition, 0x0d, 0];
const give = (value: Code): Code => [...value, 0x0f];
const failIf = (condition: Code): Code => doIf(condition, give(constant(-1)));
const advance = (local: number, by: number): Code => set(local, add(get(local), constant(by)));

/** `LENGTH` goes on in bytes when it is 15. */
const restOfLength: Code = doIf(
  equal(get(LENGTH), constant(15)),
  loop([
    ...failIf(atLeast(get(SRC), get(SRC_END))),
    ...set(BYTE, load8(get(SRC))),
    ...advance(SRC, 1),
    ...set(LENGTH, add(get(LENGTH), get(BYTE))),
    ...again(equal(get(BYTE), constant(255))),
  ]),
);

/** Copies from `FROM` to `DST` up to `END` and past it, at least once. */
const copyTo = (copy: (to: Code, from: Code) => Code, step: number): Code =>
  loop([
    ...copy(get(DST), get(FROM)),
    ...advance(FROM, step),
    ...advance(DST, step),
    ...again(less(get(DST), get(END))),
  ]);

/** `FROM` is where the match begins: the step must not be longer than the distance. */
const copyMatch: Code = doIf(
  atLeast(subtract(get(DST), get(FROM)), constant(16)),
  copyTo(copy128, 16),
  doIf(atLeast(subtract(get(DST), get(FROM)), constant(8)), copyTo(copy64, 8), copyTo(copy8, 1)),
);

const body: Code = [
  ...set(START, get(DST)),
  ...loop([
    ...failIf(atLeast(get(SRC), get(SRC_END))),
    ...set(TOKEN, load8(get(SRC))),
    ...advance(SRC, 1),
    ...set(LENGTH, shiftRight(get(TOKEN), constant(4))),
    ...restOfLength,
    ...failIf(
      or(
        greater(get(LENGTH), subtract(get(SRC_END), get(SRC))),
        greater(get(LENGTH), subtract(get(DST_END), get(DST))),
      ),
    ),
    ...set(END, add(get(DST), get(LENGTH))),
    ...set(FROM, get(SRC)),
    ...copyTo(copy128, 16),
    ...set(SRC, add(get(SRC), get(LENGTH))),
    ...set(DST, get(END)),
    ...doIf(atLeast(get(SRC), get(SRC_END)), give(subtract(get(DST), get(START)))),
    ...failIf(less(subtract(get(SRC_END), get(SRC)), constant(2))),
    ...set(BYTE, load16(get(SRC))),
    ...advance(SRC, 2),
    ...set(LENGTH, and(get(TOKEN), constant(15))),
    ...set(FROM, subtract(get(DST), get(BYTE))),
    ...failIf(or(isZero(get(BYTE)), greater(get(BYTE), subtract(get(DST), get(START))))),
    ...restOfLength,
    ...set(LENGTH, add(get(LENGTH), constant(4))),
    ...failIf(greater(get(LENGTH), subtract(get(DST_END), get(DST)))),
    ...set(END, add(get(DST), get(LENGTH))),
    ...copyMatch,
    ...set(DST, get(END)),
    ...again(constant(1)),
  ]),
  ...constant(-1),
];

/** A module that imports the memory `m.m` and exports the function `d`. */
function moduleBytes(): Uint8Array<ArrayBuffer> {
  const int32 = 0x7f;
  const code = sized([1, LOCALS, int32, ...body, 0x0b]);
  return Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 4, int32, int32, int32, int32, 1, int32]),
    ...section(2, [1, 1, 0x6d, 1, 0x6d, 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x64, 0, 0]),
    ...section(10, [1, ...code]),
  );
}

function section(id: number, content: Code): Code {
  return [id, ...sized(content)];
}

function sized(content: Code): Code {
  return [...unsigned(content.length), ...content];
}

/** LEB128. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  return value >= -64 && value < 64 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
