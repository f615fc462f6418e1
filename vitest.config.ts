import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/interop/**', 'node_modules/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/support/compatibility-reporter.ts'],
    pool: 'forks',
    maxWorkers: 2,
  },
});
