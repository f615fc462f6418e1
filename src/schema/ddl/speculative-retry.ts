import { parseJavaDouble } from './properties.ts';
import { misconfigured } from './refusal.ts';

type Policy =
  | { readonly kind: 'ALWAYS' | 'NEVER' }
  | { readonly kind: 'PERCENTILE'; readonly percentile: number }
  | { readonly kind: 'FIXED'; readonly milliseconds: number }
  | {
      readonly kind: 'HYBRID';
      readonly of: 'MIN' | 'MAX';
      readonly percentile: number;
      readonly milliseconds: number;
    };

/** A policy as Cassandra keeps and prints it (`service/reads/SpeculativeRetryPolicy.fromString`, 5.0.8). */
export function normalizeRetryPolicy(text: string): string {
  const policy = parsePolicy(text);
  switch (policy.kind) {
    case 'ALWAYS':
    case 'NEVER':
      return policy.kind;
    case 'PERCENTILE':
      return percentileText(policy.percentile);
    case 'FIXED':
      return `${policy.milliseconds}ms`;
    case 'HYBRID':
      return `${policy.of}(${percentileText(policy.percentile)},${policy.milliseconds}ms)`;
  }
}

function parsePolicy(text: string): Policy {
  if (/^always$/i.test(text)) return { kind: 'ALWAYS' };
  if (/^(never|none)$/i.test(text)) return { kind: 'NEVER' };
  const percentile = /^([0-9.]+)p(?:ercentile)?$/i.exec(text);
  if (percentile !== null) return { kind: 'PERCENTILE', percentile: parsePercentile(text, percentile[1]) };
  const fixed = /^([0-9.]+)ms$/i.exec(text);
  if (fixed !== null) return { kind: 'FIXED', milliseconds: Math.trunc(number(text, fixed[1])) };
  const hybrid = /^(min|max)\(([0-9.]+[a-z]+)\s*,\s*([0-9.]+[a-z]+)\)$/i.exec(text);
  if (hybrid === null) throw refused(text);
  return parseHybrid(text, hybrid[1].toUpperCase() === 'MIN' ? 'MIN' : 'MAX', hybrid[2], hybrid[3]);
}

function parseHybrid(text: string, of: 'MIN' | 'MAX', first: string, second: string): Policy {
  const policies = [first, second].map((part) => {
    try {
      return parsePolicy(part);
    } catch {
      throw refused(text);
    }
  });
  if (policies[0].kind === policies[1].kind) {
    throw refused(
      text,
      `: MIN()/MAX() arguments should be of different types, but both are of type ${policies[0].kind}`,
    );
  }
  const percentile = policies.find((policy) => policy.kind === 'PERCENTILE');
  const fixed = policies.find((policy) => policy.kind === 'FIXED');
  if (percentile === undefined || fixed === undefined) throw refused(text);
  return { kind: 'HYBRID', of, percentile: percentile.percentile, milliseconds: fixed.milliseconds };
}

function parsePercentile(text: string, digits: string): number {
  const percentile = number(text, digits);
  if (percentile > 0 && percentile < 100) return percentile;
  throw misconfigured(
    `Invalid value ${text} for PERCENTILE option 'speculative_retry': must be between (0.0 and 100.0)`,
  );
}

function number(text: string, digits: string): number {
  const value = parseJavaDouble(digits);
  if (value === undefined) throw refused(text);
  return value;
}

/** Java's `DecimalFormat("#.####")`: at most four decimals, half to even. */
function percentileText(percentile: number): string {
  const scaled = percentile * 10_000;
  const floor = Math.floor(scaled);
  const tie = scaled - floor === 0.5;
  const rounded = tie ? floor + (floor % 2) : Math.round(scaled);
  const text = (rounded / 10_000).toFixed(4).replace(/\.?0+$/, '');
  return `${text.startsWith('0.') ? text.slice(1) : text}p`;
}

/** Cassandra names `speculative_retry` also where the option was additional_write_policy. */
function refused(text: string, detail = ''): Error {
  return misconfigured(`Invalid value ${text} for option 'speculative_retry'${detail}`);
}
