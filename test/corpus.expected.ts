import type { CorpusOutcome } from './helpers/corpus.ts';

/** Where we do something else than sops with a file of the corpus, on purpose. */
export const otherwise: Readonly<Record<string, CorpusOutcome>> = {
  'derived/env-crlf.env': { exit: 0, plaintext: 'expected/derived/env-blank-lines.env', why: 'CRLF ends a line of a .env file too' },
  'getsops__sops@51e13b1589a5/example.json': {
    exit: 0,
    plaintext: 'expected/getsops__sops@e99a5ff1d553/example.json',
    why: 'a version that is a number is read as its text',
  },
  'carlpett__terraform-provider-sops/sops/test-fixtures/basic.yaml --output-type dotenv': {
    exit: 4,
    why: 'null has no text: sops would write <nil>',
  },
};

/**
 * Where our output has the values, types and comments that sops prints, but keeps some of the layout of the sealed file. Anything else
 * is printed byte for byte as sops prints it.
 */
export const kept: Readonly<Record<string, readonly string[]>> = {
  'blank lines': [
    'derived/env-blank-lines.env',
    'getsops__sops/example.ini',
    'Mic92__sops-nix/pkgs/sops-install-secrets/test-assets/secrets.ini',
    'getsops__sops@9b364dccefcc/example.ini',
    'getsops__sops@e99a5ff1d553/example.ini',
  ],
  'blank lines, indentation, notation of numbers': ['getsops__sops@51e13b1589a5/example.yaml', 'getsops__sops@80f4b63c96cc/example.yaml'],
  'blank lines, indentation, quotes, notation of numbers': ['getsops__sops@bfee1422b351/example.yaml'],
  'byte order mark, indentation': ['derived/yaml-bom.yaml'],
  'final line break': [
    'Mic92__sops-nix/pkgs/sops-install-secrets/test-assets/secrets.json',
    'carlpett__terraform-provider-sops/sops/test-fixtures/raw.txt --input-type json --output-type json',
    'carlpett__terraform-provider-sops@c7b73f87d9f4/sops/test-fixtures/basic.json',
    'getsops__sops/example.json',
    'getsops__sops/examples/all_in_one/config/secret.enc.json',
    'getsops__sops/examples/per_file/config.enc/static_github.json',
    'getsops__sops@31cab09b180d/functional-tests/res/multiple_keys.yaml',
    'getsops__sops@31cab09b180d/functional-tests/res/no_mac.yaml --ignore-mac',
    'getsops__sops@7911bb15426a/functional-tests/res/comments.enc.yaml',
    'getsops__sops@7911bb15426a/functional-tests/res/comments_unencrypted_comments.yaml',
    'getsops__sops@e99a5ff1d553/example.json',
    'getsops__sops@e99a5ff1d553/examples/all_in_one/config/secret.enc.json',
    'getsops__sops@e99a5ff1d553/examples/per_file/config.enc/static_github.json',
    'jkroepke__helm-secrets/tests/assets/values/sops/files/file.json',
    'jkroepke__helm-secrets@061d67ba0d1c/tests/assets/values/sops/secrets.yaml.gotpl --input-type json --output-type json',
  ],
  indentation: [
    'Mic92__sops-nix@80ad73c347f3/pkgs/sops-install-secrets/test-assets/secrets.yaml',
    'carlpett__terraform-provider-sops/sops/test-fixtures/basic.json',
    'carlpett__terraform-provider-sops/sops/test-fixtures/complex-list.yaml',
    'carlpett__terraform-provider-sops/sops/test-fixtures/simple-list.yaml',
    'carlpett__terraform-provider-sops@2cd4a7c5a64b/sops/test-fixtures/complex-list.yaml',
    'carlpett__terraform-provider-sops@2cd4a7c5a64b/sops/test-fixtures/simple-list.yaml',
    'derived/yaml-comment-added.yaml',
    'derived/yaml-metadata-first.yaml',
    'derived/yaml-type-bool-to-str.yaml',
    'derived/yaml-type-int-to-str.yaml',
    'derived/yaml-version-next.yaml',
    'getsops__sops@13b70024d0a9/example.json',
    'getsops__sops@51e13b1589a5/example.json',
    'getsops__sops@6788bf8ee618/example.yaml',
    'getsops__sops@72c0ab63a622/example.yaml --ignore-mac',
    'humphd__sops-age/tests/data/secret.enc.json',
    'humphd__sops-age/tests/data/secret.enc.yaml',
    'humphd__sops-age@5db138f2976c/src/data/secret.enc.json',
    'humphd__sops-age@da83fb6b1490/src/data/secret.enc.json',
  ],
  'indentation, lines': ['derived/yaml-flow-style.yaml'],
  'indentation, notation of numbers': [
    'getsops__sops@9a388912f937/example.yaml',
    'getsops__sops@df16173611c5/example.yaml',
    'getsops__sops@e99a5ff1d553/example.yaml',
  ],
  'line ends': [
    'derived/ini-crlf.ini',
    'jkroepke__helm-secrets@489e320ff009/tests/assets/values/sops/some-secrets.windows.yaml',
    'derived/env-crlf.env',
  ],
  'line ends, indentation': ['derived/yaml-crlf.yaml'],
  lines: ['derived/json-one-line.json'],
  'notation of numbers': ['made/types.yaml'],
};
