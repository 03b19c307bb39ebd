import { defineConfig } from 'rolldown';

/**
 * Packages that stay outside of the chunks: openpgp, so that it is replaceable as its licence (LGPL) asks, sshpk, and eckey-utils,
 * which openpgp loads by name when a key needs it. Optional packages belong here too.
 */
const external = [
  'openpgp',
  'pg',
  'sshpk',
  'eckey-utils',
  /^@aws-sdk\//,
  /^@azure\//,
  '@grpc/grpc-js',
  '@google-cloud/kms',
  'google-auth-library',
];

/** What opens a file with an age key, and is done most often. */
const opening = /src\/(?:commands\/(?:plain-line|decrypt)|formats\/yaml\/light|keys\/age-unwrap)\.ts$/;

/** The command line: CommonJS, so that the loader of ES modules never starts, and in chunks, so that a start reads only what it runs. */
export default defineConfig({
  input: { sec: 'src/cli.ts' },
  platform: 'node',
  external,
  // The `main` of jsonc-parser is a UMD build, whose requires no bundler can follow.
  resolve: { mainFields: ['module', 'main'] },
  output: {
    dir: 'dist/cli',
    format: 'cjs',
    cleanDir: true,
    // Node reads all of a file before it runs any: this takes half of that time.
    minify: true,
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
    codeSplitting: {
      groups: [
        { debugName: 'packages', test: /node_modules/, name: chunkOfPackage, priority: 1 },
        // Where the runtime lacks one cipher, only that is loaded, and not all of the package that needs it, too.
        { name: 'packages/noble-ciphers', test: /node_modules\/@noble\/ciphers\//, priority: 2 },
        // A file costs more to load than what is in it: what every start takes is one, and what it takes to open a file another.
        { name: 'start', test: /src\/(?:cli|commands\/index)\.ts$/, priority: 3 },
        { name: 'open', test: opening, priority: 2 },
      ],
    },
  },
});

/** One chunk for each package, with what only it needs. */
function chunkOfPackage(module: string): string | null {
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(module.split('/node_modules/').at(-1) ?? '')?.[0];
  return name === undefined ? null : `packages/${name.replace('@', '').replace('/', '-')}`;
}
