import { defineConfig } from 'vitest/config';

/** The suites that run the real sops beside ours: minutes, so they have a run of their own. */
export default defineConfig({
  test: {
    include: ['test/interop/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    env: { TZ: 'Asia/Kolkata' },
    disableConsoleIntercept: true,
    reporters: process.env['CI'] === 'true' ? ['default', ['json', { outputFile: 'reports/interop.json' }]] : ['default'],
  },
});
