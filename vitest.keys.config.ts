import { defineConfig } from 'vitest/config';

import { kindsReporter } from './test/helpers/kinds-reporter.ts';

const ofKeys = ['age-plugin', 'aws*', 'azure*', 'ci-example', 'gcp*', 'keyservice', 'policies', 'proxies', 'vault*'];
const throughCommands = ['keyservice', 'many-files', 'rotate', 'trust', 'unlock-report'];

/** All that is tested of keys, with every peer that there is. Prints a line for each kind of key. */
export default defineConfig({
  test: {
    include: [
      'test/keys/*.test.ts',
      ...ofKeys.map((name) => `test/interop/${name}.test.ts`),
      ...throughCommands.map((name) => `test/commands/${name}.test.ts`),
      'test/cli/abandoned.test.ts',
    ],
    setupFiles: ['test/helpers/seed.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    env: { TZ: 'Asia/Kolkata' },
    reporters: ['default', kindsReporter],
  },
});
