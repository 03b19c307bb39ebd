/** What the help of sops says of its commands and flags, in words of our own. */

/** A command, or a part of a group: how it is used, and what it does. */
export interface Topic {
  readonly usage: string;
  readonly does: string;
}

/** In the order of the help. */
export const topics: Readonly<Record<string, Topic>> = {
  completion: { usage: 'SHELL', does: 'print a script that completes command lines in a shell' },
  'exec-env': { usage: 'FILE COMMAND', does: "run a shell command with a file's values in its environment" },
  'exec-file': { usage: 'FILE COMMAND', does: 'run a shell command, in which {} is the path of the plain text' },
  publish: { usage: 'FILE', does: 'copy an encrypted file to a bucket, or its values to Vault' },
  keyservice: { usage: '', does: 'use your keys for other machines, until it is stopped' },
  filestatus: { usage: 'FILE', does: 'say as JSON whether a file is encrypted' },
  groups: { usage: 'COMMAND', does: 'add key groups to a file, or take them out' },
  updatekeys: { usage: 'FILE...', does: 'bring the recipients of files up to their rule' },
  decrypt: { usage: '[FILE]', does: 'print a file with its values in the clear' },
  encrypt: { usage: '[FILE]', does: 'print a file with its values encrypted' },
  rotate: { usage: 'FILE', does: 'encrypt a file under a new data key' },
  edit: { usage: 'FILE', does: 'open a file in your editor; what is saved is encrypted' },
  set: { usage: 'FILE POSITION [VALUE]', does: 'set one value, which is JSON' },
  unset: { usage: 'FILE POSITION', does: 'take one value out of a file' },
  help: { usage: '[COMMAND]', does: 'print help' },
  'groups add': { usage: '', does: 'add a group of keys, of which one will be needed' },
  'groups delete': { usage: 'NUMBER', does: 'take a group out; the first is number 0' },
  'completion bash': { usage: '', does: 'for bash: source <(sops completion bash)' },
  'completion zsh': { usage: '', does: 'for zsh: source <(sops completion zsh)' },
  'completion fish': { usage: '', does: 'for fish: sops completion fish | source' },
  'completion powershell': { usage: '', does: 'for PowerShell: sops completion powershell | Out-String | Invoke-Expression' },
};

const keys: Readonly<Record<string, string>> = {
  kms: 'AWS KMS keys',
  pgp: 'PGP fingerprints',
  age: 'age recipients',
  'gcp-kms': 'Google Cloud KMS keys',
  hckms: 'HuaweiCloud KMS keys',
  'azure-kv': 'Azure Key Vault keys',
  'hc-vault-transit': 'Vault or OpenBao transit keys',
};

const typeNames = 'yaml, json, dotenv, ini or binary, whatever the name says';

const others: Readonly<Record<string, string>> = {
  decrypt: 'print a file with its values in the clear',
  encrypt: 'print a file with its values encrypted',
  rotate: 'encrypt a file under a new data key',
  set: 'set one value: a position, a space, and JSON',
  'in-place': 'write the file itself instead of standard output',
  output: 'write there instead of standard output',
  'input-type': `read as ${typeNames}`,
  'output-type': `write as ${typeNames}`,
  'filename-override': 'take format and rule from this name',
  extract: 'print only this value, such as ["hosts"][0]',
  'ignore-mac': 'open the file though its MAC does not fit',
  'show-master-keys': 'show the metadata in the editor, too',
  'decryption-order': 'the kinds of keys to try first, with commas',
  'aws-profile': 'profile of the AWS keys',
  'encryption-context': 'context of the AWS keys, as in app:web,stage:prod',
  'shamir-secret-sharing-threshold': 'how many key groups are needed to decrypt',
  'unencrypted-suffix': 'leave values in the clear whose key ends so',
  'encrypted-suffix': 'encrypt only values whose key ends so',
  'unencrypted-regex': 'leave values in the clear whose key matches',
  'encrypted-regex': 'encrypt only values whose key matches',
  'unencrypted-comment-regex': 'leave values in the clear whose comment matches',
  'encrypted-comment-regex': 'encrypt only values whose comment matches',
  'mac-only-encrypted': 'let the MAC cover only encrypted values',
  config: 'the configuration to use',
  indent: 'indentation of a text that is newly printed',
  verbose: 'say on standard error what is done',
  'disable-version-check': 'taken, and not needed: nobody is asked for a newer version',
  'check-for-updates': 'taken, and without effect: nobody is asked for a newer version',
  'enable-local-keyservice': 'whether to use the keys of this machine: =true, the default, or =false',
  keyservice: 'a machine to ask for keys, after this one: tcp://HOST:PORT or unix:///PATH; may be repeated',
  'value-file': 'the value is the name of a file that holds it',
  'value-stdin': 'the value comes from standard input',
  idempotent: 'write nothing where nothing changes',
  background: 'do not wait for the command',
  pristine: 'give the command no other variables',
  'same-process': 'let the command take the place of this process',
  user: 'run the command as this user',
  'no-fifo': 'write a file instead of a pipe',
  filename: 'call it so',
  yes: 'ask nothing',
  recursive: 'take all files of a folder',
  'omit-extensions': 'leave out the last ending of the name at the destination',
  file: 'the encrypted file',
  network: 'tcp or unix; tcp by default',
  address: 'where to listen; 127.0.0.1:5000 by default',
  prompt: 'ask before a key is used',
  help: 'print help',
  version: 'print the version',
};

/** What a flag does. Empty for one that has no words yet, which a test refuses. */
export function wordsFor(flag: string): string {
  const [, does = '', kind = flag] = /^(add|rm)-(.+)$/.exec(flag) ?? [];
  const list = keys[kind];
  if (list === undefined) return others[flag] ?? '';
  if (does === '') return `${list}, with commas`;
  return does === 'add' ? `${list} to add, with commas` : `${list} to take out, with commas`;
}

/** The variables that stand for a flag, by its name. */
export const variableOf: Readonly<Record<string, string>> = {
  kms: 'SOPS_KMS_ARN',
  pgp: 'SOPS_PGP_FP',
  age: 'SOPS_AGE_RECIPIENTS',
  'gcp-kms': 'SOPS_GCP_KMS_IDS',
  hckms: 'SOPS_HUAWEICLOUD_KMS_IDS',
  'azure-kv': 'SOPS_AZURE_KEYVAULT_URLS',
  'hc-vault-transit': 'SOPS_VAULT_URIS',
  config: 'SOPS_CONFIG',
  'decryption-order': 'SOPS_DECRYPTION_ORDER',
  'disable-version-check': 'SOPS_DISABLE_VERSION_CHECK',
  'enable-local-keyservice': 'SOPS_ENABLE_LOCAL_KEYSERVICE',
  keyservice: 'SOPS_KEYSERVICE',
};
