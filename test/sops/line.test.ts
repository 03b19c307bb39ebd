import { describe, expect, test } from 'vitest';

import { SecError } from '../../src/core/problem.ts';
import { readRootLine, readSopsLine } from '../../src/sops/line.ts';

/** A line by its words, with a space between each. */
function run(line: string, env: Readonly<Record<string, string>> = {}): string {
  return shown(() => readSopsLine(line.split(' ').filter(Boolean), env));
}

const known = ['decrypt', 'encrypt', 'exec', 'get'];

function runByOurName(line: string): string {
  return shown(() => readRootLine(line.split(' '), (word) => known.includes(word)));
}

function shown(read: () => ReturnType<typeof readSopsLine>): string {
  try {
    const line = read();
    if (line.kind === 'run') return [withoutTypes(line.argv).join(' '), ...line.warnings].join('\n');
    if (line.kind === 'version') return 'version';
    return line.kind === 'help' ? `help ${line.topic.join(' ')}`.trim() : `misread ${[...line.topic, line.reason].join(': ')}`;
  } catch (error) {
    if (!(error instanceof SecError)) throw error;
    const { problem } = error;
    return `${problem.code}: ${'message' in problem ? problem.message : 'topic' in problem ? problem.topic : ''}`;
  }
}

/** Each line says them, and a test of their own looks at them. */
function withoutTypes(argv: readonly string[]): readonly string[] {
  return argv.filter((word) => !/^--(?:in|out)put-type=/.test(word));
}

const several = 'More than one positional argument provided. Only the first one will be used!';

describe('a line of sops', () => {
  test.each([
    ['f.yaml', 'edit -- f.yaml'],
    ['-d f.yaml', 'decrypt -- f.yaml'],
    ['--d f.yaml', 'decrypt -- f.yaml'],
    ['-decrypt f.yaml', 'decrypt -- f.yaml'],
    ['--decrypt=true f.yaml', 'decrypt -- f.yaml'],
    ['-d=F f.yaml', 'edit -- f.yaml'],
    ['-e -i -age x f.yaml', 'encrypt --in-place --age=x -- f.yaml'],
    ['-r --add-age x --rm-pgp=y f.yaml', 'rotate --add-age=x --rm-pgp=y -- f.yaml'],
    ['--set ["a"]["b"]=1 f.yaml', 'bad-path: '],
    ['-d --extract ["a"] --age x --input-type json f', 'decrypt --extract=["a"] -- f'],
    ['-d --input-type json --input-type yaml f', 'decrypt -- f'],
    ['-e --encrypted-comment-regex x f', 'encrypt --encrypted-comment-regex=x -- f'],
    ['--config c -s f', 'edit --config=c --show-master-keys -- f'],
    [
      '--keyservice a --keyservice b --enable-local-keyservice=false -d f',
      'decrypt --keyservice=a --keyservice=b --enable-local-keyservice=false -- f',
    ],
    ['-d -', 'decrypt -- ./-'],
    ['-d -- -f', 'decrypt -- -f'],
    [
      '-d f --output-type json',
      `decrypt -- f\n${several}\nNote that one of the ignored positional argument is "--output-type", which looks like a flag. Flags must always be provided before the first positional argument!`,
    ],
    ['-d', 'no-file: Error: no file specified'],
    ['', 'no-file: Error: no file specified'],
    ['-di f', 'misread flag provided but not defined: -di'],
    ['---d f', 'misread bad flag syntax: ---d'],
    ['-d --extract', 'misread flag needs an argument: -extract'],
    ['--indent x f', 'misread invalid value "x" for flag -indent: parse error'],
    ['--ignore-mac=maybe f', 'misread invalid boolean value "maybe" for -ignore-mac: parse error'],
    ['-i --in-place f', 'misread Cannot use two forms of the same flag: i in-place'],
    ['-i -i -d f', 'decrypt --in-place -- f'],
  ])('without a command: %s', (line, expected) => {
    expect(run(line)).toBe(expected);
  });

  test.each([
    ['decrypt f --extract ["a"]', 'decrypt --extract=["a"] -- f'],
    ['decrypt', 'decrypt --'],
    ['-i decrypt f', 'decrypt -- f'],
    ['--config c --indent 2 --verbose decrypt f', 'decrypt --config=c --indent=2 -- f'],
    ['--mac-only-encrypted encrypt f', 'encrypt --mac-only-encrypted -- f'],
    ['--verbose keyservice --net unix --addr x', 'keyservice --verbose --network=unix --address=x --'],
    ['decrypt --verbose f', 'misread decrypt: flag provided but not defined: -verbose'],
    [
      'decrypt f --bogus',
      `decrypt -- f\n${several}\nNote that one of the ignored positional argument is "--bogus", which looks like a flag. Flags must always be provided before the first positional argument!`,
    ],
    ['set f --idempotent i v', 'set --idempotent -- i f v'],
    ['set --shamir-secret-sharing-threshold 2 f i v', 'set -- f i v'],
    ['set f i', 'no-file: Error: no file specified, or index and value are missing. Need precisely 3 positional arguments.'],
    ['set --value-stdin f i', 'set --value-stdin -- f i'],
    ['exec-env f -- true', 'exec-env -- f true'],
    ['exec-env f', 'usage: error: missing file to decrypt'],
    ['exec-file --no-fifo f true --filename x', 'usage: error: missing file to decrypt'],
    ['exec-file f true --filename x --no-fifo', 'exec-file --filename=x --no-fifo -- f true'],
    ['groups', 'help groups'],
    ['groups add -f x --age a --age b', 'groups add --file=x --age=a,b --'],
    ['groups delete -f x', 'usage: error: exactly one positional argument (index) required'],
    ['updatekeys -y a b', 'updatekeys --yes -- a b'],
    ['completion fish', 'completion fish --'],
    ['completion nope', 'no-topic: nope'],
    ['help decrypt', 'help decrypt'],
    ['h', 'help'],
    ['help nope', 'no-topic: nope'],
    ['decrypt --help', 'help decrypt'],
    ['-v decrypt f', 'version'],
    ['-h decrypt f', 'help'],
  ])('with a command: %s', (line, expected) => {
    expect(run(line)).toBe(expected);
  });

  test('sets the value behind the first bracket that a space follows', () => {
    expect(shown(() => readSopsLine(['--set', '["a b"] ["c"] 1', 'f'], {}))).toBe('set -- f ["a b"] ["c"] 1');
  });

  test('shows only the last of several things to do, and says so', () => {
    expect(run('-d -e f').split('\n')[0]).toBe('decrypt -- f');
    expect(run('-d -e f').split('\n')[1]).toContain('More than one command (--encrypt, --decrypt, --rotate, --set) has been specified.');
  });

  test.each([
    ['decrypt f.yml', '--input-type=yaml --output-type=yaml'],
    ['decrypt f.yaml.enc', '--input-type=binary --output-type=binary'],
    ['decrypt .env.local', '--input-type=binary --output-type=binary'],
    ['decrypt .env', '--input-type=dotenv --output-type=dotenv'],
    ['decrypt --input-type json --output-type nope f.ini', '--input-type=json --output-type=ini'],
    ['decrypt --filename-override x.json f.ini', '--input-type=json --output-type=json'],
    ['decrypt', '--input-type=binary --output-type=binary'],
    ['updatekeys f.yaml g.json', ''],
    ['updatekeys --input-type json f.yaml', '--input-type=json'],
    ['exec-env f.yaml true', ''],
    ['-d --input-type env f.yaml', '--input-type=yaml --output-type=yaml'],
    ['--filename-override x.env f.yaml', '--input-type=dotenv --output-type=dotenv'],
  ])('says the formats that sops takes: %s', (line, expected) => {
    const read = readSopsLine(line.split(' '), {});
    expect(read.kind === 'run' ? read.argv.filter((word) => word.includes('-type=')).join(' ') : read.kind).toBe(expected);
  });

  test.each([
    ['--config c decrypt f', { config: 'c', sound: true, rule: null }],
    ['encrypt --age x f', { config: null, sound: true, rule: 'f' }],
    ['encrypt --filename-override g f', { config: null, sound: true, rule: 'g' }],
    ['-d f', { config: null, sound: true, rule: null }],
    ['-r f', { config: null, sound: true, rule: 'f' }],
    ['rotate f', { config: null, sound: true, rule: null }],
    ['keyservice', { config: null, sound: false, rule: null }],
  ])('asks of the configuration what sops asks: %s', (line, needs) => {
    expect(readSopsLine(line.split(' '), {})).toMatchObject({ needs });
  });

  test('is stopped by a switch in the environment that is neither on nor off', () => {
    expect(run('-v', { SOPS_DISABLE_VERSION_CHECK: 'maybe' })).toBe(
      'usage: could not parse maybe as bool value for flag disable-version-check: strconv.ParseBool: parsing "maybe": invalid syntax',
    );
    expect(run('-v', { SOPS_DISABLE_VERSION_CHECK: '' })).toBe('version');
  });
});

describe('a line of sec without a command in front', () => {
  test.each([
    ['f.yaml', 'edit -- f.yaml'],
    ['-d f.yaml', 'decrypt -- f.yaml'],
    ['f.yaml -d --extract a', 'decrypt --extract=a -- f.yaml'],
    ['--config c encrypt -i f', 'encrypt --config=c -i f'],
    ['--config c exec -- node -d', 'exec --config=c -- node -d'],
    ['--bogus f', 'misread flag provided but not defined: -bogus'],
    ['-h', 'help'],
    ['-d -v', 'version'],
  ])('%s', (line, expected) => {
    expect(runByOurName(line)).toBe(expected);
  });
});
