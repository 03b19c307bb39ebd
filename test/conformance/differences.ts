/** Where we differ from sops on purpose: the first cell of a row in `docs/sops.md`, which says what sops does, and why we do not. */
export const differences = {
  // what comes back
  layout: 'the plain text comes back byte for byte',
  notation: 'the ciphertext of a float holds its notation, as in `1.10`',
  'list-comment': 'a comment in a list stays a comment while it is encrypted',
  'block-as-it-is': 'a change touches the line of the value, `lastmodified` and `mac`',
  'unknown-fields': 'fields and recipients of the metadata that `sec` does not know stay there',
  'equal-elements': 'each element of a list remembers its ciphertext',
  'other-nonces': 'a value whose nonce has not 32 bytes can be encrypted again',
  'lenient-metadata': 'unquoted times and `shamir_threshold: 2.0` in the metadata are read',
  // texts
  'comments-only': 'a YAML file of nothing but comments ends with the status 92',
  printing: 'a text that begins with a tab, or is `<<`, is printed in quotes',
  'comment-to-json': 'a comment in a list is left out where JSON would have to hold it',
  'clear-conversion': 'a value in the clear that another format would change is refused there',
  'trailing-json': 'JSON with text behind its end, or with half of a surrogate pair, is refused',
  'ini-duplicate': 'a key twice in a section of INI is refused',
  // rules, configuration, the command line
  expression: 'an expression that RE2 refuses is an error',
  'rule-for-flags': 'recipients on the command line need no rule that matches',
  'config-by-file':
    '`.secretsrc.yaml` is looked for before `.sops.yaml`, and both from the folder of the file upward, then from the current one',
  names: '`.env.production` is dotenv, and an ending `.enc` counts for nothing',
  'unknown-format': 'an unknown word after `--input-type` is an error',
  'set-number': '`5` is a whole number, `5.0` is not',
  'set-list': 'a list is a value like any other',
  // keys
  'whole-file-rule': '`rotate` of a whole file adds no rule of what is encrypted',
  'taken-out': 'where `updatekeys` or `groups delete` takes someone out, the data key is a new one',
} as const;

export type Difference = keyof typeof differences;
