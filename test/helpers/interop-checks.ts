import { isSealedComment } from '../../src/core/cipher.ts';
import { SecError } from '../../src/core/problem.ts';
import type { Scalar, Tree } from '../../src/core/tree.ts';
import type { SecretFile } from '../../src/secret-file.ts';
import { attempt } from '../../src/secret-text.ts';
import { asReadBy, withEmptyElements, withoutEnds, withoutNotation } from './interop-differences.ts';
import { assertSame, Disagreement } from './interop-disagreement.ts';
import { exactly, missing, printed as asPrinted, readingOf } from './interop-reading.ts';
import type { OurSide } from './interop-side.ts';
import type { SopsSide } from './interop-sops-side.ts';
import type { Tally } from './interop-tally.ts';
import type { Ended, InteropWorld, Rule } from './interop-world.ts';
import type { Sops } from './sops-folder.ts';

/** With what documents are exchanged. */
export interface Bench {
  readonly world: InteropWorld;
  readonly rule: Rule;
  /** The name of its file. */
  readonly config: string;
  readonly ours: OurSide;
  readonly tally: Tally;
  readonly releases: readonly Sops[];
}

/** A document as sops sealed it. */
export interface Theirs {
  /** `null` where sops refuses the text. */
  readonly sealed: Buffer | null;
  /** How sops opens that. */
  readonly opened: Ended | null;
  /** The comments that are not in there any more. */
  readonly lost: readonly string[];
}

/** What has to be equal. */
export class Checks {
  readonly #bench: Bench;
  readonly #sops: SopsSide;

  constructor(bench: Bench, sops: SopsSide) {
    this.#bench = bench;
    this.#sops = sops;
  }

  /** The tree of a plain text, or `null` where it is none. */
  read(bytes: Uint8Array): Tree | null {
    try {
      return this.#bench.ours.format.read(bytes, 'theirs').tree;
    } catch (error) {
      if (error instanceof SecError) return null;
      throw error;
    }
  }

  /** Types and all. */
  async assertValues(expected: Tree, found: Tree, line: (value: Scalar) => string = exactly): Promise<void> {
    const [one, other] = [await withoutNotation(this.#bench, expected), await withoutNotation(this.#bench, found)];
    assertSame('values', readingOf(one, line).values, readingOf(other, line).values);
  }

  /** What we read of a file of a name that sops wrote, types and all. Some values in the clear sops itself reads as others. */
  async assertRead(name: string, expected: Tree, found: Tree): Promise<void> {
    try {
      await this.assertValues(expected, found);
    } catch (error) {
      if (found.documents.length > 1 || !(await this.#isSameAsJson(name, found))) throw error;
    }
  }

  /** Our plain text has the values and the comments that we found. */
  async assertPlain(opened: SecretFile): Promise<void> {
    const again = this.read(opened.plain());
    if (again === null) throw new Disagreement('our plain text', 'a text that can be read', Buffer.from(opened.plain()).toString());
    const [one, other] = [await withoutNotation(this.#bench, opened.tree), await withoutNotation(this.#bench, again)];
    assertSame('our plain text', readingOf(one, asPrinted), readingOf(other, asPrinted));
  }

  /** The comments of a document that are still sealed in what was made of it. */
  async closed(expected: Tree, found: Tree): Promise<readonly string[]> {
    return closed(await withoutNotation(this.#bench, expected), await withoutNotation(this.#bench, found));
  }

  /**
   * What sops has printed of the file of a name.
   *
   * @param lost comments that sops does not open without us, or `null` where they do not matter
   */
  async assertOpened(name: string, ended: Ended, expected: Tree, lost: readonly string[] | null): Promise<void> {
    const { format } = this.#bench.ours;
    const read = await asReadBy(this.#sops.release, this.#bench, withoutEnds(format, expected));
    if (ended.status === 51 && read === null) return;
    if (ended.status !== 0 || read === null) throw new Disagreement('sops decrypt', 'status 0', `${ended.status}: ${ended.err}`);
    const plain = this.read(ended.out);
    const tree = plain === null ? null : withoutEnds(format, plain);
    const values = readingOf(read, asPrinted).values.join('\n');
    const filled = readingOf(await withEmptyElements(this.#bench, read), asPrinted).values.join('\n');
    const found = tree === null ? null : readingOf(tree, asPrinted).values.join('\n');
    const isSame = found === values || found === filled || (await this.#isSameAsJson(name, expected));
    if (!isSame) throw new Disagreement('values', values, ended.out.toString());
    if (tree === null || lost === null) return;
    assertSame('comments that only sops does not open', [], missing(closed(read, tree), lost));
  }

  /** What sops prints as YAML is not always what it has in mind (`sops-format.md` §4.5). */
  async #isSameAsJson(name: string, expected: Tree): Promise<boolean> {
    const { json } = await import('../../src/formats/json.ts');
    const reading = (bytes: Uint8Array): string => readingOf(json.read(bytes, 'json').tree, asPrinted).values.join('\n');
    const asJson = attempt(() => json.print({ documents: expected.documents.slice(0, 1) }, null, { file: '', indent: null }));
    const { status, out } = await this.#sops.decryptAsJson(name);
    return asJson !== null && status === 0 && reading(out) === reading(Buffer.from(asJson));
  }
}

/** A comment that is not there at all was lost by a printer of sops, which drops some (`sops-format.md` §10.5). */
function closed(expected: Tree, found: Tree): readonly string[] {
  const comments = readingOf(found).comments;
  return comments.some(isSealedComment) ? missing(readingOf(expected).comments, comments) : [];
}
