import { defineConfig } from 'vitest/config';

import { interopReporter } from './test/helpers/interop-reporter.ts';

/** Generated documents, exchanged with the real sops: prints a matrix of what differs. It finds more than is mended, so no other check runs it. */
export default defineConfig({
  test: {
    include: ['test/exchange/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    env: { TZ: 'Asia/Kolkata' },
    disableConsoleIntercept: true,
    reporters: ['default', interopReporter],
  },
});
