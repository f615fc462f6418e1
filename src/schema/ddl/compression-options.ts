import { doubleToString } from '../../types/index.ts';
import { hashMapOrder } from '../java-order.ts';
import { parseJavaDouble, parseJavaInt } from './properties.ts';
import { misconfigured } from './refusal.ts';

const PACKAGE = 'org.apache.cassandra.io.compress.';
const DEFAULT_CHUNK_LENGTH_KIB = 16;

type OptionCheck = (options: ReadonlyMap<string, string>) => void;

/** Compressors with the options of their own, and the check of these. */
const COMPRESSORS: ReadonlyMap<string, { readonly options: readonly string[]; readonly check: OptionCheck }> = new Map([
  ['LZ4Compressor', { options: ['lz4_high_compressor_level', 'lz4_compressor_type'], check: checkLz4 }],
  ['ZstdCompressor', { options: ['compression_level'], check: checkZstd }],
  ['SnappyCompressor', { options: [], check: () => {} }],
  ['DeflateCompressor', { options: [], check: () => {} }],
  ['NoopCompressor', { options: [], check: () => {} }],
]);

/**
 * The `compression` option as Cassandra keeps it (`schema/CompressionParams.fromMap`, 5.0.8): the class's whole name,
 * chunk length always present, min_compress_ratio only when not 0; `{enabled: false}` for none. A trusted schema may
 * use options of older versions and classes of its own.
 */
export function compressionOptions(given: ReadonlyMap<string, string>, trusted: boolean): ReadonlyMap<string, string> {
  const options = new Map(given);
  if (trusted) renameLegacyOptions(options);
  const enabled = isTrue(options.get('enabled') ?? 'true');
  if (given.size > 0 && enabled && !options.has('class')) {
    throw misconfigured("Missing sub-option 'class' for the 'compression' option.");
  }
  options.delete('enabled');
  if (!enabled && options.size > 0) {
    throw misconfigured("If the 'enabled' option is set to false no other options must be specified");
  }
  const className = options.get('class');
  if (className === '') {
    throw misconfigured("The 'class' option must not be empty. To disable compression use 'enabled' : false");
  }
  options.delete('class');
  const chunkLengthKib = takeChunkLength(options);
  const minCompressRatio = takeMinCompressRatio(options);
  if (className === undefined) return new Map([['enabled', 'false']]);
  const wholeName = className.includes('.') ? className : PACKAGE + className;
  if (!trusted) checkCompressor(wholeName, options);
  checkRatio(chunkLengthKib, minCompressRatio);
  const kept = new Map(options).set('class', wholeName).set('chunk_length_in_kb', String(chunkLengthKib));
  if (minCompressRatio !== 0) kept.set('min_compress_ratio', doubleToString(minCompressRatio));
  return kept;
}

/** Names of Cassandra 2.x; its crc_check_chance has become a table option. */
function renameLegacyOptions(options: Map<string, string>): void {
  const className = options.get('sstable_compression');
  const chunkLength = options.get('chunk_length_kb');
  options.delete('sstable_compression');
  options.delete('chunk_length_kb');
  options.delete('crc_check_chance');
  if (className !== undefined && className !== '') options.set('class', className);
  else if (className === '') options.set('enabled', 'false');
  if (chunkLength !== undefined) options.set('chunk_length_in_kb', chunkLength);
}

function takeChunkLength(options: Map<string, string>): number {
  const text = options.get('chunk_length_in_kb');
  if (text === undefined) return DEFAULT_CHUNK_LENGTH_KIB;
  options.delete('chunk_length_in_kb');
  const kib = parseJavaInt(text);
  if (kib === undefined) throw misconfigured('Invalid value for chunk_length_in_kb');
  if (kib > 0x7fffffff / 1024) throw misconfigured(`Value of chunk_length_in_kb is too large (${kib})`);
  return kib;
}

function takeMinCompressRatio(options: Map<string, string>): number {
  const text = options.get('min_compress_ratio');
  if (text === undefined) return 0;
  options.delete('min_compress_ratio');
  const ratio = parseJavaDouble(text);
  if (ratio === undefined) throw misconfigured(`Invalid value for min_compress_ratio: ${text}`);
  return ratio;
}

function checkCompressor(wholeName: string, options: ReadonlyMap<string, string>): void {
  const compressor = wholeName.startsWith(PACKAGE) ? COMPRESSORS.get(wholeName.slice(PACKAGE.length)) : undefined;
  if (compressor === undefined) throw misconfigured(`Could not create Compression for type ${wholeName}`);
  compressor.check(options);
  for (const option of hashMapOrder(options.keys())) {
    if (!compressor.options.includes(option)) throw misconfigured(`Unknown compression options ${option}`);
  }
}

function checkRatio(chunkLengthKib: number, minCompressRatio: number): void {
  const chunkBytes = chunkLengthKib * 1024;
  if (chunkBytes <= 0) throw misconfigured('Invalid negative or null chunk_length_in_kb');
  if ((chunkBytes & (chunkBytes - 1)) !== 0) throw misconfigured('chunk_length_in_kb must be a power of 2');
  const maxCompressedBytes = Math.ceil(Math.min(chunkBytes / minCompressRatio, 0x7fffffff));
  if (maxCompressedBytes < 0) throw misconfigured('Invalid negative min_compress_ratio');
  if (maxCompressedBytes > chunkBytes && maxCompressedBytes < 0x7fffffff) {
    throw misconfigured('min_compress_ratio can either be 0 or greater than or equal to 1');
  }
}

function checkLz4(options: ReadonlyMap<string, string>): void {
  const type = options.get('lz4_compressor_type');
  if (type !== undefined && type !== 'fast' && type !== 'high') {
    throw misconfigured(
      `Invalid compressor type '${type}' specified for LZ4 parameter 'lz4_compressor_type'. ` +
        'Valid options are [high, fast].',
    );
  }
  const level = options.get('lz4_high_compressor_level');
  if (level === undefined) return;
  const parsed = parseJavaInt(level);
  if (parsed === undefined || parsed < 1 || parsed > 17) {
    throw misconfigured(
      `Invalid value [${level}] for parameter 'lz4_high_compressor_level'. Value must be between 1 and 17.`,
    );
  }
}

/** zstd's own range of levels. */
const MIN_ZSTD_LEVEL = -131_072;
const MAX_ZSTD_LEVEL = 22;

function checkZstd(options: ReadonlyMap<string, string>): void {
  const level = options.get('compression_level');
  if (level === undefined) return;
  const failed = 'ZstdCompressor.create() threw an error: java.lang.';
  const parsed = parseJavaInt(level);
  if (parsed === undefined) throw misconfigured(`${failed}NumberFormatException For input string: "${level}"`);
  if (parsed < MIN_ZSTD_LEVEL || parsed > MAX_ZSTD_LEVEL) {
    throw misconfigured(`${failed}IllegalArgumentException compression_level=${parsed} is invalid`);
  }
}

/** `Boolean.parseBoolean` */
function isTrue(text: string): boolean {
  return text.toLowerCase() === 'true';
}
