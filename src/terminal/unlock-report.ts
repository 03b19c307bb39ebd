import type { Attempt, TriedGroup, UnlockReport, UnwrapReason } from '../core/problem.ts';
import type { Explanation } from './words.ts';

/** Why no key opened a file: what you have, what the file wants, and what became of each of its keys. */
export function explainUnlock(file: string, report: UnlockReport): Explanation {
  const mine = report.identities.length === 0 ? 'you have no keys' : `your keys: ${report.identities.join(', ')}`;
  return {
    summary: `none of your keys opens ${file}`,
    details: [
      mine,
      ...report.warnings,
      wanted(report),
      ...withoutRepeats(report.groups.flatMap((group, i) => describeGroup(report, group, i))),
    ],
    hint: advice(file, report),
  };
}

function wanted({ needed, groups }: UnlockReport): string {
  if (groups.length > 1) {
    const opened = groups.filter((group) => group.opened).length;
    return `the file wants a key of each of ${needed} of its ${groups.length} groups; ${opened} opened`;
  }
  const [group] = groups;
  const keys = group === undefined ? 0 : (group.keys ?? group.attempts).length;
  if (keys === 0) return 'the file names no key at all';
  return keys === 1 ? 'the file wants this key:' : `the file wants one of these ${keys} keys:`;
}

function describeGroup({ groups }: UnlockReport, group: TriedGroup, index: number): readonly string[] {
  const lines = group.opened ? [] : [...group.attempts.flatMap(describeAttempt), ...untried(group).map((label) => `${label}: not tried`)];
  if (groups.length === 1) return lines.map((line) => `  ${line}`);
  return [`group ${index + 1}: ${group.opened ? 'opened' : 'not opened'}`, ...lines.map((line) => `  ${line}`)];
}

/** Keys that nobody was there to try. */
function untried({ keys = [], attempts }: TriedGroup): readonly string[] {
  return keys.filter((key) => !attempts.some(({ label }) => label === key));
}

function describeAttempt(attempt: Attempt): readonly string[] {
  const { hint } = attempt;
  return [`${whatOf(attempt)}: ${whyOf(attempt)}`, ...(hint === null ? [] : [`  try: ${hint}`])];
}

function whatOf({ label, at }: Attempt): string {
  return at === undefined ? label : at === label ? `the key service ${at}` : `${label}, by ${at}`;
}

function whyOf({ reason, detail }: Attempt): string {
  return detail === '' || detail === reasons[reason] ? reasons[reason] : `${reasons[reason]}: ${detail}`;
}

/** The same in the shape that it has in sops (`sops-cli.md` §11): programs look for its first line, and people for the group and the key. */
export function unlockAsSops(file: string, report: UnlockReport): readonly string[] {
  const { hint = '' } = explainUnlock(file, report);
  const groups = report.groups.flatMap((group, index) => [
    `Group ${index}: ${group.opened ? 'SUCCESS' : 'FAILED'}`,
    ...(group.opened ? [] : group.attempts.flatMap(attemptAsSops)),
    ...(group.opened ? [] : untried(group).flatMap((label) => [`  ${label}: FAILED`, '    - | not tried'])),
    '',
  ]);
  return ['Failed to get the data key required to decrypt the SOPS file.', '', ...groups, ...report.warnings, `hint: ${hint}`];
}

function attemptAsSops(attempt: Attempt): readonly string[] {
  const { hint } = attempt;
  return [`  ${whatOf(attempt)}: FAILED`, `    - | ${whyOf(attempt)}`, ...(hint === null ? [] : [`      | try: ${hint}`])];
}

/** What several keys need is said once. */
function withoutRepeats(lines: readonly string[]): readonly string[] {
  return lines.filter((line, i) => !/^ *try: /.test(line) || lines.indexOf(line) === i);
}

const reasons: Readonly<Record<UnwrapReason, string>> = {
  'no-key': 'not one of yours',
  'wrong-key': 'your key does not open it',
  denied: 'refused',
  'expired-login': 'your login has expired',
  unreachable: 'out of reach',
  'bad-key-file': 'your key file cannot be read',
  malformed: 'damaged in the file',
  unsupported: 'cannot be used here',
};

/** Where something of ours only has to be put right, that is the way; else someone else has to let us in. */
function advice(file: string, { identities, groups }: UnlockReport): string {
  const attempts = groups.flatMap((group) => (group.opened ? [] : group.attempts));
  if (attempts.some(({ reason, hint }) => reason === 'bad-key-file' || (hint !== null && reason !== 'no-key')))
    return 'put that right, and run the same command again';
  const [own] = identities;
  if (own !== undefined) return `ask someone who can read ${file} to add a key of yours, such as ${own}`;
  return `name the file of your key in SEC_AGE_KEY_FILE, or run sec init and ask someone who can read ${file} to add your new key`;
}
