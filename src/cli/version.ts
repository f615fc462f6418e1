import { readFileSync } from 'node:fs';

/** `cassette 0.1.0 (node v20.20.2)`. */
export function versionText(): string {
  return `cassette ${packageVersion()} (node ${process.version})`;
}

function packageVersion(): string {
  // Both dist/ and dist/chunks/ stand below the package's root.
  for (const relative of ['../package.json', '../../package.json']) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(new URL(relative, import.meta.url), 'utf8'));
      if (typeof parsed === 'object' && parsed !== null && 'version' in parsed) return String(parsed.version);
    } catch {
      // The other place.
    }
  }
  return 'unknown';
}
