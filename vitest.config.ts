import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/interop/**'],
    setupFiles: ['test/helpers/seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Not the machine's zone, and one with half an hour, so that a local time where UTC belongs is seen.
    env: { TZ: 'Asia/Kolkata' },
    reporters: process.env['CI'] === 'true' ? ['default', ['json', { outputFile: 'reports/test.json' }]] : ['default'],
    coverage: { include: ['src/**'] },
  },
});
