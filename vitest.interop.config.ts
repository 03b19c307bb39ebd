import { defineConfig } from 'vitest/config';

import { interopReporter } from './test/helpers/interop-reporter.ts';

const asJson: ['json', { outputFile: string }] = ['json', { outputFile: 'reports/interop.json' }];

/** The suites that run the real sops beside ours: minutes, so they have a run of their own. Prints a matrix of the generated documents. */
export default defineConfig({
  test: {
    include: ['test/interop/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    env: { TZ: 'Asia/Kolkata' },
    disableConsoleIntercept: true,
    reporters: process.env['CI'] === 'true' ? ['default', interopReporter, asJson] : ['default', interopReporter],
  },
});
