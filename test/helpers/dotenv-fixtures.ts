import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'vectors', 'dotenv');

export type Values = Readonly<Record<string, string>>;

/** A `.env` text and what the npm package `dotenv` reads from it. */
export interface DotenvFixture {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly values: Values;
}

const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Readonly<Record<string, Values>>;
const inline = JSON.parse(readFileSync(join(folder, 'inline.json'), 'utf8')) as readonly { name: string; text: string; values: Values }[];

export const dotenvFixtures: readonly DotenvFixture[] = [
  ...readdirSync(join(folder, 'files')).map((name) => ({
    name,
    bytes: readFileSync(join(folder, 'files', name)),
    values: expected[name] ?? {},
  })),
  ...inline.map(({ name, text, values }) => ({ name, bytes: Buffer.from(text), values })),
];

/** Those with a line that is no `NAME=VALUE` to sops; some are values in quotes that go over several lines. */
export const fixturesNotInSops: ReadonlySet<string> = new Set(
  dotenvFixtures
    .filter(({ bytes }) => linesOf(bytes).some((line) => line !== '' && !line.startsWith('#') && !line.includes('=')))
    .map(({ name }) => name),
);

function linesOf(bytes: Uint8Array): readonly string[] {
  return Buffer.from(bytes).toString().split(/\r?\n/);
}
