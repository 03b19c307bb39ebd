import type { Reporter, TestModule } from 'vitest/node';

/** The kinds of keys, and the beginnings of the files that test them. What begins with none of them is for all kinds. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  age: ['age', 'ssh', 'bech32', 'chacha', 'ask'],
  OpenPGP: ['pgp', 'gpg'],
  'AWS KMS': ['aws', 'ci-example'],
  'Google Cloud KMS': ['gcp', 'crc32c'],
  'Azure Key Vault': ['azure'],
  'Vault and OpenBao': ['vault'],
  'HuaweiCloud KMS': ['unusable'],
  'key groups': ['groups'],
  'key services': ['service', 'keyservice'],
};
const ofAll = 'all kinds together';

/** Prints what became of the tests of each kind of key. */
export const kindsReporter: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]) {
    const lines = [...Object.keys(kinds), ofAll].map((kind) => lineOf(kind, modules));
    process.stdout.write(`\n${lines.join('\n')}\n`);
  },
};

function lineOf(kind: string, modules: readonly TestModule[]): string {
  const own = modules.filter(({ moduleId }) => kindOf(moduleId) === kind);
  const states = own.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
  const count = (wanted: string): number => states.filter((state) => state === wanted).length;
  const isWhole = own.length > 0 && own.every((module) => module.ok()) && count('passed') === states.length;
  return `${kind.padEnd(20)} ${isWhole ? 'ok    ' : 'NOT OK'} ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped, of ${own.length} files`;
}

function kindOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return Object.entries(kinds).find(([, begins]) => begins.some((begin) => name.startsWith(begin)))?.[0] ?? ofAll;
}
