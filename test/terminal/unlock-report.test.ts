import { expect, test } from 'vitest';
import type { UnlockReport } from '../../src/core/problem.ts';
import { explain } from '../../src/terminal/explain.ts';
import { print } from '../../src/terminal/words.ts';

function told(report: UnlockReport): readonly string[] {
  return print(explain({ code: 'no-key-opened', file: 'app.yaml', report })).split('\n');
}

test('says what you have, what the file wants, and what became of each of its keys', () => {
  const report: UnlockReport = {
    needed: 1,
    groups: [
      {
        opened: false,
        attempts: [
          { label: 'age1alice', reason: 'no-key', detail: '', hint: null },
          { label: 'ABCD1234', reason: 'no-key', detail: 'gpg has no secret key for it', hint: null },
        ],
      },
    ],
    identities: ['age1me', 'age1mine'],
    warnings: ['keys.txt, line 3: not an identity'],
  };
  expect(told(report)).toEqual([
    'sec: none of your keys opens app.yaml',
    '  your keys: age1me, age1mine',
    '  keys.txt, line 3: not an identity',
    '  the file wants one of these 2 keys:',
    '    age1alice: not one of yours',
    '    ABCD1234: not one of yours: gpg has no secret key for it',
    'hint: ask someone who can read app.yaml to add a key of yours, such as age1me',
  ]);
});

test('leads to what can be put right, and says so once', () => {
  const attempt = { reason: 'expired-login', detail: 'profile prod', hint: 'aws sso login --profile prod' } as const;
  const attempts = ['arn:aws:kms:x', 'arn:aws:kms:y'].map((label) => ({ label, ...attempt }));
  expect(told({ needed: 1, groups: [{ opened: false, attempts }], identities: ['age1me'], warnings: [] })).toEqual([
    'sec: none of your keys opens app.yaml',
    '  your keys: age1me',
    '  the file wants one of these 2 keys:',
    '    arn:aws:kms:x: your login has expired: profile prod',
    '      try: aws sso login --profile prod',
    '    arn:aws:kms:y: your login has expired: profile prod',
    'hint: put that right, and run the same command again',
  ]);
});

test('tells groups apart, and leaves out the keys of an open one', () => {
  const attempt = (label: string) => ({ label, reason: 'no-key', detail: 'not one of yours', hint: null }) as const;
  const groups = [
    { opened: true, attempts: [attempt('age1a')] },
    { opened: false, attempts: [attempt('age1b'), attempt('age1c')] },
    { opened: false, attempts: [attempt('age1d')] },
  ];
  expect(told({ needed: 2, groups, identities: [], warnings: [] })).toEqual([
    'sec: none of your keys opens app.yaml',
    '  you have no keys',
    '  the file wants a key of each of 2 of its 3 groups; 1 opened',
    '  group 1: opened',
    '  group 2: not opened',
    '    age1b: not one of yours',
    '    age1c: not one of yours',
    '  group 3: not opened',
    '    age1d: not one of yours',
    'hint: name the file of your key in SEC_AGE_KEY_FILE, or run sec init and ask someone who can read app.yaml to add your new key',
  ]);
});
