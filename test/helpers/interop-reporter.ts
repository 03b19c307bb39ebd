import type { Reporter, TestModule } from 'vitest/node';

import { printMatrix } from './interop-matrix.ts';

/** Prints the matrix of all interop tests once they have run. */
export const interopReporter: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]) {
    const rows = modules.flatMap((module) => [...module.children.allTests()].flatMap((test) => test.meta().interop ?? []));
    if (rows.length > 0) process.stdout.write(`\n${printMatrix(rows, ['sops-3.12.2', 'sops-3.13.3'])}\n`);
  },
};
