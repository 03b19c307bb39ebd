import { SecError } from './problem.ts';

/** The `version` field of the metadata. `sops-format.md` §14. */

/**
 * The release of the SOPS format that `sec` writes into a new file. It is sops's number, not that of `sec`: readers decide by it
 * which old defects to expect, and 3.13.3 is the release whose files ours are equal to.
 */
export const formatVersion = '3.13.3';

/** A semantic version in the strict form that sops asks for. Build notes have no rank, so they are left out. */
interface Version {
  readonly numbers: readonly bigint[];
  readonly prerelease: readonly string[];
}

const semver = /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/;
const maxNumber = 2n ** 64n - 1n;
const ancient: Version = { numbers: [1n, 0n, 0n], prerelease: [] };

/**
 * Refuses a file whose version is missing or no version. A newer one than ours is fine.
 *
 * @throws SecError `bad-version`
 */
export function checkVersion(version: string, file: string): void {
  if (parse(version) === null) throw new SecError({ code: 'bad-version', file });
}

/** The newer of the file's version and our own, for the operations that raise it. Equal ranks keep the file's text. */
export function raiseVersion(old: string, own: string): string {
  return isOlder(old, own) ? own : old;
}

/** Whether a version is older than another. One that cannot be read is older than any. */
export function isOlder(version: string, than: string): boolean {
  const [one, other] = [parse(version), parse(than)];
  if (one === null || other === null) return other !== null;
  return compare(one, other) < 0;
}

function parse(text: string): Version | null {
  // Python's sops wrote things like `1.13`, of which only the beginning is looked at.
  if (text.startsWith('1.')) return ancient;
  const match = semver.exec(text);
  if (!match) return null;
  const numbers = match.slice(1, 4).map((digits) => BigInt(digits));
  const prerelease = match[4]?.split('.') ?? [];
  const possible = numbers.every((number) => number <= maxNumber) && !prerelease.some((part) => /^0\d+$/.test(part));
  return possible ? { numbers, prerelease } : null;
}

function compare(one: Version, other: Version): number {
  for (const [at, number] of one.numbers.entries()) {
    const against = other.numbers[at] ?? 0n;
    if (number !== against) return number < against ? -1 : 1;
  }
  return comparePrereleases(one.prerelease, other.prerelease);
}

/** A release ranks above its prereleases, words above numbers, more parts above fewer. */
function comparePrereleases(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0 || other.length === 0) return Math.sign(other.length - one.length);
  for (const [at, part] of one.entries()) {
    const against = other[at];
    if (against === undefined) return 1;
    if (part !== against) return comparePart(part, against);
  }
  return one.length - other.length;
}

function comparePart(one: string, other: string): number {
  const [isNumber, againstNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
  if (isNumber && againstNumber) return BigInt(one) < BigInt(other) ? -1 : 1;
  if (isNumber !== againstNumber) return isNumber ? -1 : 1;
  return one < other ? -1 : 1;
}
