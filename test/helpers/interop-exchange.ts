import type { Path } from '../../src/core/path.ts';
import { SecError } from '../../src/core/problem.ts';
import type { Node, Tree } from '../../src/core/tree.ts';
import type { SecretFile } from '../../src/secret-file.ts';
import { parseJsonValue } from '../../src/secret-value.ts';
import { Checks } from './interop-checks.ts';
import type { Bench, Theirs } from './interop-checks.ts';
import { asReadBy, asSetBySops, asWrittenBy, withEmptyElements } from './interop-differences.ts';
import { assertSame, Disagreement } from './interop-disagreement.ts';
import { otherLines } from './interop-lines.ts';
import type { LineChange } from './interop-lines.ts';
import { missing, readingOf } from './interop-reading.ts';
import { SopsSide } from './interop-sops-side.ts';
import type { Direction } from './interop-tally.ts';
import { replaced, targetOf } from './interop-target.ts';
import type { Target } from './interop-target.ts';

/** One document, both ways between sops and us, before and after a change of one value. */

export interface Change {
  /** Which of the values. */
  readonly pick: number;
  readonly json: string;
}

/** @throws Disagreement where anything is not as it has to be */
export async function exchange(bench: Bench, bytes: Uint8Array, change: Change): Promise<void> {
  const { ours, releases } = bench;
  const sealed = await ours.seal(bytes).catch(asProblem);
  if (sealed instanceof SecError) {
    await settled(releases.map((release) => refusedByBoth(bench, new SopsSide(bench.world, ours.format.name, release), bytes, sealed)));
    return;
  }
  const { tree } = ours.format.read(bytes, 'plain');
  const opened = await ours.open(sealed);
  assertSame('what we opened', [readingOf(tree), latin1(bytes)], [readingOf(opened.tree), latin1(opened.plain())]);
  const document = { bytes, tree, sealed, opened, change, value: await parseJsonValue(Buffer.from(change.json)) };
  await settled(releases.map((release) => new Exchange(bench, new SopsSide(bench.world, ours.format.name, release), document).run()));
}

interface Document {
  readonly bytes: Uint8Array;
  readonly tree: Tree;
  /** By us. */
  readonly sealed: Uint8Array;
  readonly opened: SecretFile;
  readonly change: Change;
  /** The new value. */
  readonly value: Node;
}

/** With one release. */
class Exchange {
  readonly #bench: Bench;
  readonly #sops: SopsSide;
  readonly #document: Document;
  readonly #target: Target | null;
  readonly #checks: Checks;

  constructor(bench: Bench, sops: SopsSide, document: Document) {
    this.#bench = bench;
    this.#sops = sops;
    this.#document = document;
    this.#target = targetOf(document.tree, document.change.pick);
    this.#checks = new Checks(bench, sops);
  }

  async run(): Promise<void> {
    const theirs = await this.#sealBySops();
    // Only of `.env` texts we hold some that sops does not take.
    if (theirs.sealed === null && this.#bench.ours.format.name !== 'dotenv') return;
    await settled([
      this.#count('sec → sops', () => this.#oursToSops(theirs)),
      this.#count('sec → sops set → sec', () => this.#oursSetBySops(theirs)),
      this.#count('sec → sec set → sops', () => this.#oursSetByUs()),
      this.#theirsToUs(theirs),
    ]);
  }

  /** What sops makes of the plain text, and what it then says is in there. */
  async #sealBySops(): Promise<Theirs> {
    const { bytes, tree } = this.#document;
    const { status, out } = await this.#sops.encrypt(bytes, this.#bench.config);
    if (status !== 0) return { sealed: null, opened: null, lost: [] };
    const opened = await this.#sops.decrypt('theirs', out);
    const reading = opened.status === 0 ? this.#checks.read(opened.out) : null;
    return { sealed: out, opened, lost: reading === null ? [] : missing(readingOf(tree).comments, readingOf(reading).comments) };
  }

  async #oursToSops({ opened, lost }: Theirs): Promise<boolean> {
    const { sealed, tree } = this.#document;
    const ended = await this.#sops.decrypt('ours', sealed);
    if (ended.status === 0 && opened?.status === 0 && ended.out.equals(opened.out)) return true;
    // What sops has in mind and cannot print.
    if (ended.status === 4 && opened?.status === 4) return false;
    await this.#checks.assertOpened('ours', ended, tree, lost);
    return true;
  }

  async #oursSetByUs(): Promise<boolean> {
    const { opened, value, tree } = this.#document;
    if (this.#target === null) return false;
    const { path } = this.#target;
    const changed = this.#bench.ours.set(opened, path, value);
    if (changed === null) return false;
    await this.#assertOtherLines(opened, changed, { path, hints: true, comments: false });
    await this.#checks.assertOpened('ours-set', await this.#sops.decrypt('ours-set', changed), replaced(tree, path, value), null);
    return true;
  }

  async #oursSetBySops(theirs: Theirs): Promise<boolean> {
    const { sealed, tree } = this.#document;
    if (this.#target === null || !this.#target.isSameForSops) return false;
    const { path } = this.#target;
    const read = await asReadBy(this.#sops.release, this.#bench, tree);
    const ended = await this.#setBySops('ours-set-by-sops', sealed, path);
    if (ended.status === 51 && read === null) return true;
    if (ended.status !== 0) {
      const own = theirs.sealed === null ? null : await this.#setBySops('theirs-set-by-sops', theirs.sealed, path);
      if (own !== null && own.status !== 0) return false;
      throw new Disagreement('sops set on our file', 'status 0', `${ended.status}: ${ended.err}`);
    }
    // What sops writes is not always what it reads: clear values of INI, and comments of YAML that decide.
    if ((await this.#sops.decrypt('set-by-sops', ended.out)).status !== 0) return false;
    const opened = await this.#bench.ours.open(ended.out);
    const value = asSetBySops(this.#sops.release, this.#document.value);
    const expected = await withEmptyElements(this.#bench, replaced(read ?? tree, path, value));
    await this.#checks.assertRead('set-by-sops', expected, opened.tree);
    const closed = await this.#checks.closed(expected, opened.tree);
    if (closed.length > 0)
      assertSame('comments that only we do not open', [], missing(closed, await this.#lostBySetting(theirs, closed, path)));
    return true;
  }

  /** The comments that sops loses, too, when it sets the value in its own file and opens it. */
  async #lostBySetting({ sealed, lost }: Theirs, ours: readonly string[], path: Path): Promise<readonly string[]> {
    if (sealed === null || missing(ours, lost).length === 0) return lost;
    const set = await this.#setBySops('theirs-set-by-sops', sealed, path);
    const opened = set.status === 0 ? await this.#sops.decrypt('theirs-set-by-sops', set.out) : set;
    const reading = opened.status === 0 ? this.#checks.read(opened.out) : null;
    return reading === null ? lost : missing(readingOf(this.#document.tree).comments, readingOf(reading).comments);
  }

  async #theirsToUs(theirs: Theirs): Promise<void> {
    const { sealed } = theirs;
    if (sealed === null) return;
    let file: SecretFile | null = null;
    await this.#count('sops → sec', async () => {
      const opened = await this.#bench.ours.open(sealed).catch(asProblem);
      if (opened instanceof SecError) {
        if (theirs.opened?.status !== 0) return false;
        throw new Disagreement('our opening of what sops wrote', 'the values', JSON.stringify(opened.problem));
      }
      file = opened;
      const expected = await asWrittenBy(this.#sops.release, this.#bench, this.#document.tree);
      if (theirs.opened?.status !== 0) return false;
      await this.#checks.assertRead('theirs', expected, opened.tree);
      await this.#checks.assertPlain(opened);
      const closed = await this.#checks.closed(expected, opened.tree);
      assertSame('comments that only we do not open', [], missing(closed, theirs.lost));
      return true;
    });
    const opened = file;
    if (opened === null || theirs.opened?.status !== 0) return;
    await this.#count('sops → sec set → sops', () => this.#theirsSetByUs(theirs, opened));
  }

  async #theirsSetByUs({ lost }: Theirs, opened: SecretFile): Promise<boolean> {
    const { change, value } = this.#document;
    const target = targetOf(opened.tree, change.pick);
    const changed = target === null ? null : this.#bench.ours.set(opened, target.path, value);
    if (target === null || changed === null) return false;
    await this.#assertOtherLines(opened, changed, { path: target.path, hints: true, comments: lost.length > 0 });
    const expected = replaced(opened.tree, target.path, value);
    await this.#checks.assertOpened('theirs-set', await this.#sops.decrypt('theirs-set', changed), expected, lost);
    return true;
  }

  async #assertOtherLines(before: SecretFile, bytes: Uint8Array, change: LineChange): Promise<void> {
    const after = await this.#bench.ours.open(bytes);
    // What an alias stood for is written out where the anchor gets another value.
    if (aliasesIn(before) === aliasesIn(after)) assertSame('other lines', [], otherLines(before.format, before.bytes, bytes, change));
  }

  #setBySops(name: string, sealed: Uint8Array, path: Path): ReturnType<SopsSide['set']> {
    return this.#sops.set(name, sealed, { path, json: this.#document.change.json });
  }

  async #count(direction: Direction, check: () => Promise<boolean>): Promise<void> {
    const { release } = this.#sops;
    try {
      await this.#bench.tally.count(direction, release, check);
    } catch (error) {
      throw error instanceof Disagreement ? error.in(`${direction} ${release}`) : error;
    }
  }
}

/** What sops takes and does not open again is better refused. */
async function refusedByBoth({ config }: Bench, sops: SopsSide, bytes: Uint8Array, error: SecError): Promise<void> {
  const { status, out } = await sops.encrypt(bytes, config);
  if (status === 0 && (await sops.decrypt('refused', out)).status === 0)
    throw new Disagreement(`what ${sops.release} takes`, 'a sealed file', JSON.stringify(error.problem));
}

function aliasesIn(file: SecretFile): number {
  return Buffer.from(file.plain()).toString().match(/\*n\d/g)?.length ?? 0;
}

function asProblem(error: unknown): SecError {
  if (error instanceof SecError) return error;
  throw error;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** All to their end, then the first that failed. */
async function settled(tasks: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(tasks);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
