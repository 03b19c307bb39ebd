// Prints the sum of test reports as `N passed, N failed`: count-tests.mjs FAILED_STEPS REPORT…
// A file whose tests could not even be collected is one failure. A failed step whose tests are all counted is none of its own.

import { existsSync, readFileSync } from 'node:fs';

const [failedSteps = '0', ...paths] = process.argv.slice(2);
const reports = paths.filter(existsSync).map((path) => JSON.parse(readFileSync(path, 'utf8')));

const passed = sum(reports.map((report) => report.numPassedTests));
const failures = reports.map((report) => report.numFailedTests + report.testResults.filter(isUncollected).length);
const failedRuns = failures.filter((count) => count > 0).length;
console.log(`${passed} passed, ${sum(failures) + Math.max(0, Number(failedSteps) - failedRuns)} failed`);

function isUncollected({ status, assertionResults }) {
  return status === 'failed' && assertionResults.every((result) => result.status !== 'failed');
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
